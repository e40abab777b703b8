using System.IO.Compression;
using System.Text;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Fuzzing.Targets;

/// <summary>NumPy's archives: a zip of arrays, each a header that is a Python dictionary, then elements.</summary>
internal static class NpzTargets
{
    private const int MostElements = 1 << 20;
    private static readonly string[] Words = ["descr", "fortran_order", "shape", "<f4", ">f4", "<f8", "|u1", "True", "False"];
    private static readonly string[] Names = ["a.npy", "conv1.weight.npy", "a/b.npy", "a", "../a.npy", "/a.npy", ".npy", "a\\b.npy", "é.npy", "a.npy/"];

    private static readonly byte[][] Arrays = [.. Entries(Core.Formats.Npz.Write([("a", Array(2, 3)), ("b", Array(4)), ("scalar", Array()), ("empty", Array(0, 2))]))];

    public static Target Npz { get; } = new("npz", 80, Input, IsPastHeader, input => _ = Core.Formats.Npz.Write(Core.Formats.Npz.Read(input, "file", MostElements)), Size);

    private static Tensor Array(params int[] shape) => Tensor.Parameter(Shape.Of(shape), new float[shape.Aggregate(1, (product, size) => product * size)]);

    private static byte[] Input(Draws draws)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            for (var entries = 1 + draws.Below(3); entries > 0; entries--)
            {
                var entry = archive.CreateEntry(draws.OneIn(4) ? draws.Of(Names) : $"array{entries}.npy", draws.OneIn(2) ? CompressionLevel.NoCompression : CompressionLevel.Fastest);
                using var content = entry.Open();
                content.Write(OneArray(draws));
            }

        var bytes = stream.ToArray();
        return draws.OneIn(4) ? draws.Mutate(bytes) : bytes;
    }

    /// <summary>An array whose header, its length and the elements agree, or not.</summary>
    private static byte[] OneArray(Draws draws)
    {
        var array = draws.Of(Arrays);
        if (draws.OneIn(3))
            return array;
        if (draws.OneIn(3))
            return draws.Mutate(array);
        const int prefix = 10;
        var length = array[8] | (array[9] << 8);
        var header = draws.MutateText(Encoding.Latin1.GetString(array, prefix, length).TrimEnd(), Words);
        return [.. array[..8], (byte)header.Length, (byte)(header.Length >> 8), .. header, .. array[(prefix + length)..]];
    }

    private static IEnumerable<byte[]> Entries(byte[] archive)
    {
        using var zip = new ZipArchive(new MemoryStream(archive));
        return [.. zip.Entries.Select(entry => Uncompressed(entry, int.MaxValue))];
    }

    /// <summary>Whether it is an archive of entries that all have the name of an array.</summary>
    private static bool IsPastHeader(byte[] input)
    {
        try
        {
            using var zip = new ZipArchive(new MemoryStream(input));
            return zip.Entries.Count > 0 && zip.Entries.All(entry => entry.FullName.EndsWith(".npy", StringComparison.Ordinal));
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or IOException or NotSupportedException)
        {
            return false;
        }
    }

    private static long Size(byte[] input)
    {
        try
        {
            using var zip = new ZipArchive(new MemoryStream(input));
            return input.Length + zip.Entries.Sum(entry => (long)Uncompressed(entry, MostElements).Length);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or IOException or NotSupportedException)
        {
            return input.Length;
        }
    }

    private static byte[] Uncompressed(ZipArchiveEntry entry, int most)
    {
        using var content = entry.Open();
        using var bytes = new MemoryStream();
        var buffer = new byte[1 << 12];
        while (bytes.Length < most && content.Read(buffer) is var read and > 0)
            bytes.Write(buffer, 0, read);
        return bytes.ToArray();
    }
}
