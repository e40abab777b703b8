using System.Buffers.Binary;
using System.IO.Compression;
using BigGustave;
using FunctionalLeNet.Core.Formats;

namespace FunctionalLeNet.Experiments.Images;

/// <summary>PNG files: decoded by BigGustave after the sizes that they state, and what their data really unpacks to, were checked (PNG specification, third edition, W3C 2025).</summary>
internal static class PngPicture
{
    /// <summary>The first bytes of every PNG.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    /// <summary>Reads a picture. Colours become their luma; what is transparent becomes the paper, white behind dark pixels and black behind light ones.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="file">Its name, for the error.</param>
    /// <exception cref="DataException">It is damaged, too large, or of a kind that is not read.</exception>
    public static GreyImage Read(byte[] bytes, string file)
    {
        var chunks = Chunks(bytes, file);
        var header = Header.Of(bytes, chunks, file);
        try
        {
            var data = Unpacked(bytes, chunks, header, file);
            var pixel = header.IsPacked
                ? PackedPng.Read(data, header.Width, header.Height, header.Depth, header.Colour == 3 ? Palette(bytes, chunks) : [])
                : Png.Open(bytes).GetPixel;
            var paper = Paper(header, pixel);
            return GreyImage.Of(header.Width, header.Height, (column, row) => Grey(pixel(column, row), paper));
        }
#pragma warning disable CA1031 // Whatever a decoder throws on damaged data says the same to who gave it the file.
        catch (Exception e) when (e is not (DataException or OutOfMemoryException))
#pragma warning restore CA1031
        {
            throw PictureFile.Damaged("PNG", e, file);
        }
    }

    /// <summary>The luma of ITU-R BT.601, in whole numbers, over the paper.</summary>
    private static byte Grey(Pixel pixel, int paper) => (byte)(((Luma(pixel) * pixel.A) + (paper * 1_000 * (255 - pixel.A)) + 127_500) / 255_000);

    private static int Luma(Pixel pixel) => (299 * pixel.R) + (587 * pixel.G) + (114 * pixel.B);

    private static int Paper(Header header, Func<int, int, Pixel> pixel)
    {
        var (light, all) = (0L, 0L);
        for (var row = 0; row < header.Height; row++)
            for (var column = 0; column < header.Width; column++)
                (light, all) = pixel(column, row) is var here ? (light + (Luma(here) / 1_000 * here.A), all + here.A) : default;
        return 2 * light > 255 * all ? 0 : 255;
    }

    private static List<Pixel> Palette(byte[] bytes, IReadOnlyList<Chunk> chunks)
    {
        var (colours, opacities) = (Content("PLTE"), Content("tRNS"));
        return [.. Enumerable.Range(0, colours.Length / 3).Select(i => new Pixel(colours[3 * i], colours[(3 * i) + 1], colours[(3 * i) + 2], i < opacities.Length ? opacities[i] : (byte)255, false))];

        byte[] Content(string name) => chunks.Where(chunk => chunk.Name == name).Select(chunk => bytes[chunk.Place..(chunk.Place + chunk.Length)]).FirstOrDefault([]);
    }

    /// <summary>The file's chunks up to its end.</summary>
    private static List<Chunk> Chunks(byte[] bytes, string file)
    {
        const int framing = 12;
        var chunks = new List<Chunk>();
        for (var place = Signature.Length; chunks is not [.., { Name: "IEND" }]; place = chunks[^1].Place + chunks[^1].Length + 4)
        {
            if (bytes.Length - place < framing || BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(place)) is var length && length > bytes.Length - place - framing)
                throw new DataException(file, "this PNG ends too early: it is damaged, or was not copied whole");
            chunks.Add(new(string.Concat(bytes.Skip(place + 4).Take(4).Select(letter => (char)letter)), place + 8, (int)length));
        }

        return chunks;
    }

    /// <summary>The data unpacked: a few bytes may unpack to more than there is memory, so no more than the header says is.</summary>
    private static byte[] Unpacked(byte[] bytes, IReadOnlyList<Chunk> chunks, Header header, string file)
    {
        using MemoryStream packed = new(), unpacked = new();
        foreach (var chunk in chunks.Where(chunk => chunk.Name == "IDAT"))
            packed.Write(bytes, chunk.Place, chunk.Length);
        packed.Position = 0;
        var buffer = new byte[1 << 14];
        using var stream = new ZLibStream(packed, CompressionMode.Decompress);
        while (unpacked.Length <= header.MostBytes && stream.Read(buffer) is var read and > 0)
            unpacked.Write(buffer, 0, read);
        if (unpacked.Length > header.MostBytes)
            throw new DataException(file, "this PNG holds more data than its header says: it is damaged");
        return header.Interlaced || unpacked.Length == header.MostBytes ? unpacked.ToArray() : throw new DataException(file, "this PNG's data ends too early: it is damaged");
    }

    /// <summary>A part of the file: its name, where its content begins, and how long that is.</summary>
    private readonly record struct Chunk(string Name, int Place, int Length);

    /// <summary>What the header says, checked.</summary>
    private sealed record Header(int Width, int Height, int Depth, int Colour, bool Interlaced, long MostBytes)
    {
        private const int Bytes = 13;

        /// <summary>Whether a pixel is a number of at most 8 bits for a grey smaller than a byte or a colour of the palette.</summary>
        public bool IsPacked => Depth < 8 || Colour == 3;

        public static Header Of(byte[] bytes, IReadOnlyList<Chunk> chunks, string file)
        {
            if (chunks[0] is not { Name: "IHDR", Length: Bytes })
                throw new DataException(file, "this PNG does not begin with its header: it is damaged");
            var header = bytes.AsSpan(chunks[0].Place, Bytes);
            var (width, height) = PictureFile.Size(BinaryPrimitives.ReadUInt32BigEndian(header), BinaryPrimitives.ReadUInt32BigEndian(header[4..]), file);
            var (depth, colour, interlaced) = (header[8], header[9], header[12] != 0);
            var channels = (depth, colour) switch
            {
                (1 or 2 or 4 or 8 or 16, 0) or (1 or 2 or 4 or 8, 3) => 1,
                (8 or 16, 2) => 3,
                (8 or 16, 4) => 2,
                (8 or 16, 6) => 4,
                _ => throw new DataException(file, "this PNG's header makes no sense", "a colour type with one of its depths", $"colour type {colour} with {depth} bits"),
            };
            if ((depth < 8 || colour == 3) && interlaced)
                throw new DataException(file, "this PNG is of a kind that is not read", "greys or colours of 8 bits or more where it is interlaced", colour == 3 ? "a palette" : $"{depth}", "Save it without interlacing.");
            // A byte before each row says how it was filtered. Of an interlaced picture there are seven smaller ones, with twice as many rows at most.
            var most = (height * (interlaced ? 2L : 1)) + (height * ((((long)width * channels * depth) + 7) / 8)) + (interlaced ? 7 : 0);
            return most <= 4L * PictureFile.MostPixels
                ? new(width, height, depth, colour, interlaced, most)
                : throw new DataException(file, "the image is too large", $"at most {4L * PictureFile.MostPixels:N0} bytes of pixels", $"{most:N0}", "Save it smaller: a digit needs a few hundred pixels.");
        }
    }
}
