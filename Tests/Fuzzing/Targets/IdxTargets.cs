using System.Buffers.Binary;
using FunctionalLeNet.Core.Formats;

namespace FunctionalLeNet.Fuzzing.Targets;

/// <summary>IDX files: a magic number, sizes, elements.</summary>
internal static class IdxTargets
{
    private const int Classes = 10;
    private const int LongestBody = 1 << 14;

    public static Target Images { get; } = new("idx-images", 50, draws => File(draws, Idx.ImagesMagic, 3), input => IsPastHeader(input, Idx.ImagesMagic), ReadImages, input => input.Length);

    public static Target Labels { get; } = new("idx-labels", 120, draws => File(draws, Idx.LabelsMagic, 1), input => IsPastHeader(input, Idx.LabelsMagic), ReadLabels, input => input.Length);

    /// <summary>A file whose sizes and body agree, or nearly, or not at all.</summary>
    internal static byte[] File(Draws draws, uint magic, int dimensions)
    {
        var sizes = Enumerable.Range(0, dimensions).Select(_ => draws.OneIn(6) ? draws.Edge() : 1 + draws.Below(6)).ToArray();
        var stated = sizes.Aggregate(1.0, (product, size) => product * (uint)size);
        var length = stated <= LongestBody ? (int)stated : draws.Below(LongestBody);
        length = Math.Max(0, length + (draws.OneIn(3) ? draws.Of<int>([-1, 1, -4, 4, draws.Below(64)]) : 0));
        var bytes = new byte[4 + (4 * dimensions) + length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, draws.OneIn(20) ? (uint)draws.Edge() : magic);
        for (var i = 0; i < dimensions; i++)
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4 + (4 * i)), (uint)sizes[i]);
        for (var i = 4 + (4 * dimensions); i < bytes.Length; i++)
            bytes[i] = (byte)(i % Classes);
        return draws.OneIn(4) ? draws.Mutate(bytes) : bytes;
    }

    /// <summary>The samples that a header states, where that is a number of samples.</summary>
    internal static int Count(ReadOnlySpan<byte> header) =>
        header.Length >= 8 && BinaryPrimitives.ReadUInt32BigEndian(header[4..]) is >= 1 and <= Idx.MaximumCount and var count ? (int)count : 1;

    internal static bool IsPastHeader(ReadOnlySpan<byte> input, uint magic) =>
        input.Length > 4 + (4 * (int)(magic & 0xFF)) && BinaryPrimitives.ReadUInt32BigEndian(input) == magic && BinaryPrimitives.ReadUInt32BigEndian(input[4..]) is >= 1 and <= Idx.MaximumCount
        && (magic == Idx.LabelsMagic || (BinaryPrimitives.ReadUInt32BigEndian(input[8..]) is >= 1 and <= Idx.MaximumSide && BinaryPrimitives.ReadUInt32BigEndian(input[12..]) is >= 1 and <= Idx.MaximumSide));

    internal static void Check(IdxImages images, long bytes)
    {
        if (images.Pixels.Length != (long)images.Count * images.Height * images.Width || images.Identity.Bytes != 16 + images.Pixels.Length || images.Identity.Bytes > bytes)
            throw new InvalidOperationException($"The images are not what their file says: {images}");
    }

    private static void ReadImages(byte[] input)
    {
        using var stream = new MemoryStream(input);
        Check(Idx.ReadImages(stream, "file", Count(input)), input.Length);
    }

    private static void ReadLabels(byte[] input)
    {
        using var stream = new MemoryStream(input);
        var labels = Idx.ReadLabels(stream, "file", Classes);
        if (labels.Labels.Length != input.Length - 8 || labels.Labels.Span.ContainsAnyExceptInRange((byte)0, (byte)(Classes - 1)))
            throw new InvalidOperationException($"The labels are not what their file says: {labels}");
    }
}
