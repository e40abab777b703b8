using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Formats;

/// <summary>
/// NumPy's format of one array (numpy/lib/format.py): a magic, a version, the header's length, a Python dictionary with the element type, the order and the shape,
/// then the elements.
/// </summary>
/// <remarks>Elements are little-endian float32, the one element type of this project.</remarks>
internal static partial class Npy
{
    /// <summary>The longest header that is read; those that NumPy writes for plain arrays have 128 bytes.</summary>
    public const int LongestHeader = 1 << 14;

    /// <summary>The magic, the version, and the header's length as a version above 1 has it.</summary>
    public const int Prefix = 12;

    private const int Alignment = 64;
    private const string Float = "<f4";
    private const string Again = "Write it again with numpy.savez.";
    private static readonly byte[] Magic = [0x93, .. "NUMPY"u8];

    /// <summary>An array's bytes, in row-major order.</summary>
    /// <param name="tensor">The array.</param>
    public static byte[] Write(Tensor tensor)
    {
        var sizes = string.Concat(tensor.Shape.Select(size => size.ToString(CultureInfo.InvariantCulture) + ", "));
        var text = $"{{'descr': '{Float}', 'fortran_order': False, 'shape': ({(tensor.Shape.Rank == 1 ? sizes.TrimEnd() : sizes.TrimEnd(' ', ','))}), }}";
        var start = Magic.Length + sizeof(ushort) + sizeof(ushort);
        var length = ((start + text.Length + Alignment) / Alignment * Alignment) - start;
        var lengthBytes = new byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(lengthBytes, (ushort)length);
        return [.. Magic, 1, 0, .. lengthBytes, .. Encoding.ASCII.GetBytes(text.PadRight(length - 1) + '\n'), .. tensor.ToBytes()];
    }

    /// <summary>Where the header ends.</summary>
    /// <param name="prefix">The first <see cref="Prefix"/> bytes, or all where there are fewer.</param>
    /// <param name="member">The array's name, for the error.</param>
    /// <param name="file">The file's name, for the error.</param>
    public static int HeaderEnd(ReadOnlySpan<byte> prefix, string member, string file)
    {
        if (prefix.Length < Prefix || !prefix.StartsWith(Magic))
            throw new DataException(file, $"'{member}' is no NumPy array: it does not begin as one", advice: Again);
        var (start, length) = prefix[Magic.Length] switch
        {
            1 => (Prefix - 2, BinaryPrimitives.ReadUInt16LittleEndian(prefix[8..])),
            2 or 3 => (Prefix, BinaryPrimitives.ReadUInt32LittleEndian(prefix[8..])),
            var other => throw new DataException(file, $"array '{member}' is in an unknown version of NumPy's format", "1 to 3", $"{other}", Again),
        };
        return length <= LongestHeader
            ? start + (int)length
            : throw new DataException(file, $"the header of array '{member}' would be too long", $"at most {LongestHeader:N0} bytes", $"{length:N0}", Again);
    }

    /// <summary>What a header says.</summary>
    /// <param name="header">All bytes before the elements.</param>
    /// <param name="member">The array's name, for the error.</param>
    /// <param name="file">The file's name, for the error.</param>
    public static (Shape Shape, bool IsColumnMajor) Header(ReadOnlySpan<byte> header, string member, string file)
    {
        var text = Encoding.Latin1.GetString(header);
        var (type, order, shape) = (Type().Match(text), Order().Match(text), Sizes().Match(text));
        if (!type.Success || !order.Success || !shape.Success)
            throw new DataException(file, $"the header of array '{member}' makes no sense", "descr, fortran_order and shape of a plain array", advice: Again);
        if (type.Groups[1].Value != Float)
            throw new DataException(file, $"array '{member}' has another element type", $"{Float}, float32", type.Groups[1].Value, "Convert it first: array.astype('float32').");
        try
        {
            return (
                Shape.Of([.. shape.Groups[1].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(size => int.Parse(size, NumberStyles.None, CultureInfo.InvariantCulture))]),
                order.Groups[1].Value == "True");
        }
        catch (Exception e) when (e is OverflowException or FormatException)
        {
            throw new DataException(file, $"the shape of array '{member}' makes no sense", "fewer than 2,147,483,648 elements", $"({shape.Groups[1].Value})", Again);
        }
    }

    /// <summary>The array of some elements.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="isColumnMajor">Whether the first dimension runs fastest.</param>
    /// <param name="elements">The bytes after the header: as many as the shape has.</param>
    public static Tensor Values(Shape shape, bool isColumnMajor, ReadOnlySpan<byte> elements)
    {
        var values = new float[shape.Count];
        for (var place = 0; place < values.Length; place++)
            values[place] = BinaryPrimitives.ReadSingleLittleEndian(elements[(sizeof(float) * (isColumnMajor ? ColumnMajor(shape, place) : place))..]);
        return Tensor.Parameter(shape, values);
    }

    /// <summary>Where an element stands in column-major order that stands at a place in row-major order.</summary>
    private static int ColumnMajor(Shape shape, int place)
    {
        var (result, stride) = (0, shape.Count);
        foreach (var size in shape.Reverse())
        {
            stride /= size;
            result += place % size * stride;
            place /= size;
        }

        return result;
    }

    [GeneratedRegex(@"'descr'\s*:\s*'([^']{1,16})'", RegexOptions.CultureInvariant)]
    private static partial Regex Type();

    [GeneratedRegex(@"'fortran_order'\s*:\s*(True|False)", RegexOptions.CultureInvariant)]
    private static partial Regex Order();

    [GeneratedRegex(@"'shape'\s*:\s*\(([0-9, ]{0,400})\)", RegexOptions.CultureInvariant)]
    private static partial Regex Sizes();
}
