using System.Buffers.Binary;
using System.IO.Compression;
using FunctionalLeNet.Experiments.Images;

namespace FunctionalLeNet.Fuzzing.Targets;

/// <summary>Picture files: PNG's chunks, sums and packed data; JPEG's segments and entropy-coded data.</summary>
internal static class PictureTargets
{
    private static readonly byte[][] Pngs = Files(".png");
    private static readonly byte[][] Jpegs = Files(".jpg");

    public static Target Png { get; } = new("png", 60, PngInput, input => Sized(input) > 0 && input.AsSpan(12).StartsWith("IHDR"u8), Read, input => input.Length + Sized(input));

    public static Target Jpeg { get; } = new("jpeg", 60, JpegInput, input => Frame(input) > 0, Read, input => input.Length + Frame(input));

    private static void Read(byte[] input)
    {
        var picture = PictureFile.OfBytes(input, "file");
        if (picture.Pixels.Length != picture.Width * picture.Height)
            throw new InvalidOperationException($"A picture of {picture} has {picture.Pixels.Length} pixels.");
        var digit = DigitPicture.Of(picture, "file");
        if (digit.Image.Width != DigitPicture.Side || digit.Image.Height != DigitPicture.Side || digit.Image.Pixels.ToArray().Max() == 0)
            throw new InvalidOperationException("A digit was found that is none.");
    }

    private static byte[][] Files(string ending)
    {
        var assembly = typeof(PictureTargets).Assembly;
        return [.. assembly.GetManifestResourceNames().Where(name => name.EndsWith(ending, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(name =>
        {
            using var bytes = new MemoryStream();
            assembly.GetManifestResourceStream(name)!.CopyTo(bytes);
            return bytes.ToArray();
        })];
    }

    /// <summary>A file whose chunks were changed under sums that are right, or its packed data before it was packed; or just bytes.</summary>
    private static byte[] PngInput(Draws draws)
    {
        var bytes = draws.Of(Pngs);
        if (draws.OneIn(4))
            return draws.Mutate(bytes);
        var chunks = PngFile.Chunks(bytes);
        var (name, content) = chunks[draws.Below(chunks.Count)];
        var changed = name == "IDAT" && draws.OneIn(2) ? PngFile.Packed(draws.Mutate(Unpacked(content))) : content.Length == 0 ? draws.Bytes(draws.Below(4)) : draws.Mutate(content);
        return [.. PngPicture.Signature, .. chunks.SelectMany(chunk => chunk.Name == name ? PngFile.Chunk(draws.OneIn(30) ? "tRNS" : name, changed) : draws.OneIn(30) ? [] : PngFile.Chunk(chunk.Name, chunk.Content))];
    }

    private static byte[] JpegInput(Draws draws)
    {
        var bytes = draws.Of(Jpegs);
        if (draws.OneIn(3))
            return draws.Mutate(bytes);
        // Within one segment, so that all others stay.
        var places = Segments(bytes).ToList();
        var (place, length) = draws.Of(places);
        return [.. bytes[..place], .. draws.Mutate(bytes[place..(place + length)]), .. bytes[(place + length)..]];
    }

    private static IEnumerable<(int Place, int Length)> Segments(byte[] bytes)
    {
        var place = 2;
        while (bytes[place + 1] != 0xda)
        {
            var length = 2 + BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(place + 2));
            yield return (place, length);
            place += length;
        }

        yield return (place, bytes.Length - place);
    }

    private static byte[] Unpacked(byte[] data)
    {
        using var stream = new ZLibStream(new MemoryStream(data), CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        stream.CopyTo(unpacked);
        return unpacked.ToArray();
    }

    /// <summary>The pixels that a PNG's header states, where they are allowed.</summary>
    private static long Sized(byte[] input) => input.Length < 33 ? 0 : Allowed(BinaryPrimitives.ReadUInt32BigEndian(input.AsSpan(16)), BinaryPrimitives.ReadUInt32BigEndian(input.AsSpan(20)));

    /// <summary>The pixels that a JPEG's frame states, where they are allowed.</summary>
    private static long Frame(byte[] input)
    {
        for (var place = 2; place + 9 < input.Length && input[place] == 0xff; place += 2 + BinaryPrimitives.ReadUInt16BigEndian(input.AsSpan(place + 2)))
            if (input[place + 1] is >= 0xc0 and <= 0xc3)
                return Allowed(BinaryPrimitives.ReadUInt16BigEndian(input.AsSpan(place + 7)), BinaryPrimitives.ReadUInt16BigEndian(input.AsSpan(place + 5)));
        return 0;
    }

    private static long Allowed(long width, long height) => Math.Max(width, height) <= PictureFile.LongestSide && width * height <= PictureFile.MostPixels ? width * height : 0;
}
