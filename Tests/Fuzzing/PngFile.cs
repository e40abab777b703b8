using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using FunctionalLeNet.Core.Formats;
using FunctionalLeNet.Experiments.Images;

namespace FunctionalLeNet.Fuzzing;

/// <summary>PNG files for tests.</summary>
internal static class PngFile
{
    private const int Framing = 12;

    /// <summary>A picture of 8 bits a pixel.</summary>
    public static byte[] Of(GreyImage image) => Of(image.Width, image.Height, depth: 8, colour: 0, [.. Enumerable.Range(0, image.Height).SelectMany(row => image.Pixels.Slice(row * image.Width, image.Width).ToArray().Prepend((byte)0))]);

    /// <summary>A header and whatever data.</summary>
    public static byte[] Of(int width, int height, byte depth, byte colour, byte[] data)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (depth, colour);
        return [.. PngPicture.Signature, .. Chunk("IHDR", header), .. Chunk("IDAT", Packed(data)), .. Chunk("IEND", [])];
    }

    /// <summary>A chunk with its sum.</summary>
    public static byte[] Chunk(string name, byte[] content)
    {
        var chunk = new byte[Framing + content.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        Encoding.ASCII.GetBytes(name).CopyTo(chunk, 4);
        content.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + content.Length), Crc32.Of(0, chunk.AsSpan(4, 4 + content.Length)));
        return chunk;
    }

    /// <summary>The chunks of a file that is whole.</summary>
    public static IReadOnlyList<(string Name, byte[] Content)> Chunks(byte[] bytes)
    {
        var chunks = new List<(string Name, byte[] Content)>();
        for (var place = PngPicture.Signature.Length; place < bytes.Length; place += Framing + chunks[^1].Content.Length)
            chunks.Add((Encoding.ASCII.GetString(bytes, place + 4, 4), bytes.AsSpan(place + 8, BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(place))).ToArray()));
        return chunks;
    }

    /// <summary>Data as it stands in a chunk.</summary>
    public static byte[] Packed(byte[] data)
    {
        using var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            stream.Write(data);
        return packed.ToArray();
    }
}
