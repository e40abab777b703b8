using System.Buffers.Binary;
using System.IO.Compression;
using FunctionalLeNet.Core.Formats;

namespace FunctionalLeNet.Fuzzing.Targets;

/// <summary>Gzipped IDX files, wrong inside, outside, or both; bombs among them.</summary>
internal static class GzipTargets
{
    private const int HeaderBytes = 16;
    private const int TrailerBytes = 8;
    private static readonly Lazy<byte[]> Bomb = new(() => Compressed([.. BombHeader(), .. new byte[64 << 20]], CompressionLevel.Fastest));

    public static Target Gzip { get; } = new("gzip", 150, Input, input => IdxTargets.IsPastHeader(Beginning(input, HeaderBytes + 1), Idx.ImagesMagic), Read, Size);

    private static byte[] Input(Draws draws)
    {
        if (draws.OneIn(5_000))
            return draws.OneIn(2) ? Bomb.Value : draws.Mutate(Bomb.Value);
        var bytes = Compressed(IdxTargets.File(draws, Idx.ImagesMagic, 3), draws.Of<CompressionLevel>([CompressionLevel.NoCompression, CompressionLevel.Fastest, CompressionLevel.Optimal]));
        return draws.Below(10) switch
        {
            0 => draws.Mutate(bytes),
            1 => Changed(bytes, 2 + draws.Below(8), draws),
            2 => Changed(bytes, bytes.Length - 1 - draws.Below(TrailerBytes), draws),
            3 => [.. bytes, .. draws.Bytes(1 + draws.Below(20))],
            4 => [.. bytes, .. Compressed(draws.Bytes(draws.Below(40)), CompressionLevel.Fastest)],
            5 => bytes[..draws.Below(bytes.Length)],
            _ => bytes,
        };
    }

    private static byte[] Changed(byte[] bytes, int at, Draws draws)
    {
        // Nothing compressed is nothing at all.
        if (at >= 0 && at < bytes.Length)
            bytes[at] = (byte)draws.Next();
        return bytes;
    }

    private static byte[] BombHeader()
    {
        var header = new byte[HeaderBytes];
        foreach (var (i, value) in new uint[] { Idx.ImagesMagic, 1, 4, 4 }.Index())
            BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4 * i), value);
        return header;
    }

    private static byte[] Compressed(byte[] content, CompressionLevel level)
    {
        using var result = new MemoryStream();
        using (var gzip = new GZipStream(result, level, leaveOpen: true))
            gzip.Write(content);
        return result.ToArray();
    }

    /// <summary>The first uncompressed bytes, as far as they can be had.</summary>
    private static byte[] Beginning(byte[] input, int most)
    {
        using var gzip = new GZipStream(new MemoryStream(input), CompressionMode.Decompress);
        var (bytes, filled) = (new byte[most], 0);
        try
        {
            while (filled < most && gzip.Read(bytes, filled, most - filled) is var read and > 0)
                filled += read;
        }
        catch (InvalidDataException)
        {
            // So far.
        }

        return bytes[..filled];
    }

    /// <summary>What arrives of what the header states, and the compressed bytes.</summary>
    private static long Size(byte[] input)
    {
        var header = Beginning(input, HeaderBytes);
        if (header.Length < HeaderBytes)
            return input.Length;
        var stated = Enumerable.Range(1, 3).Aggregate(1.0, (product, i) => product * BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4 * i)));
        return input.Length + Beginning(input, (int)Math.Min(stated, 1 << 24) + HeaderBytes).Length;
    }

    private static void Read(byte[] input)
    {
        var bytes = Beginning(input, HeaderBytes);
        using var stream = new MemoryStream(input);
        IdxTargets.Check(Idx.ReadImages(stream, "file.gz", IdxTargets.Count(bytes)), long.MaxValue);
    }
}
