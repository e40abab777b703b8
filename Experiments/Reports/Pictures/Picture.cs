using BigGustave;

namespace FunctionalLeNet.Experiments.Reports.Pictures;

/// <summary>A picture in pixels.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Pixels">Red, green and blue of each pixel, row by row.</param>
internal sealed record Picture(int Width, int Height, ReadOnlyMemory<byte> Pixels)
{
    private const int Channels = 3;

    /// <summary>What stands between tiles.</summary>
    private static readonly (byte, byte, byte) Between = (0x7f, 0x95, 0xb3);

    /// <summary>Numbers as greys: the least black, the largest white.</summary>
    /// <param name="values">The numbers, row by row.</param>
    /// <param name="width">Columns.</param>
    /// <param name="low">What is black.</param>
    /// <param name="high">What is white.</param>
    public static Picture Greys(IReadOnlyList<float> values, int width, double low, double high) => Of(values, width, value =>
    {
        var grey = (byte)Math.Round(255 * Part(value, low, high));
        return (grey, grey, grey);
    });

    /// <summary>Numbers by their sign: white is 0, the more orange the farther above it, the more blue the farther below.</summary>
    /// <param name="values">The numbers, row by row.</param>
    /// <param name="width">Columns.</param>
    /// <param name="farthest">The size that has the whole colour.</param>
    public static Picture Signed(IReadOnlyList<float> values, int width, double farthest) => Of(values, width, value =>
    {
        var part = Part(Math.Abs(value), 0, farthest);
        return value < 0 ? (Towards(0x2a), Towards(0x6f), Towards(0xbb)) : (Towards(0xd9), Towards(0x5f), Towards(0x02));

        byte Towards(int end) => (byte)Math.Round(255 + (part * (end - 255)));
    });

    /// <summary>Pictures of one size beside and below each other, with a line between them that is no grey.</summary>
    /// <param name="tiles">The pictures, row by row; null for a place that stays empty.</param>
    /// <param name="columns">How many are beside each other.</param>
    public static Picture Tiles(IReadOnlyList<Picture?> tiles, int columns)
    {
        var (tile, rows) = (tiles.OfType<Picture>().First(), (tiles.Count + columns - 1) / columns);
        var (width, height) = ((columns * (tile.Width + 1)) - 1, (rows * (tile.Height + 1)) - 1);
        var pixels = new byte[Channels * width * height];
        for (var place = 0; place < width * height; place++)
            (pixels[Channels * place], pixels[(Channels * place) + 1], pixels[(Channels * place) + 2]) = Between;
        foreach (var (place, picture) in tiles.Index())
            for (var row = 0; row < tile.Height && picture is not null; row++)
                picture.Pixels.Slice(Channels * row * tile.Width, Channels * tile.Width)
                    .CopyTo(pixels.AsMemory(Channels * (((((place / columns) * (tile.Height + 1)) + row) * width) + (place % columns * (tile.Width + 1)))));
        return new(width, height, pixels);
    }

    /// <summary>Every pixel as a square of pixels.</summary>
    /// <param name="times">Its side, from 1.</param>
    public Picture Enlarged(int times)
    {
        var pixels = new byte[Pixels.Length * times * times];
        for (var row = 0; row < Height * times; row++)
            for (var column = 0; column < Width * times; column++)
                Pixels.Span.Slice(Channels * ((row / times * Width) + (column / times)), Channels).CopyTo(pixels.AsSpan(Channels * ((row * Width * times) + column)));
        return new(Width * times, Height * times, pixels);
    }

    /// <summary>The colour of a pixel.</summary>
    /// <param name="column">From 0.</param>
    /// <param name="row">From 0.</param>
    public (byte Red, byte Green, byte Blue) At(int column, int row) =>
        Pixels.Span.Slice(Channels * ((row * Width) + column), Channels) is [var red, var green, var blue] ? (red, green, blue) : default;

    /// <summary>The picture as a PNG file.</summary>
    public byte[] ToPng()
    {
        // Without a channel for what shines through, BigGustave 1.0.6 writes a palette, and where that has up to 16 colours and rows have an odd number of pixels, a file that nobody can read.
        var builder = PngBuilder.Create(Width, Height, hasAlphaChannel: true);
        for (var row = 0; row < Height; row++)
            for (var column = 0; column < Width; column++)
            {
                var (red, green, blue) = At(column, row);
                builder.SetPixel(red, green, blue, column, row);
            }

        return builder.Save(new PngBuilder.SaveOptions { AttemptCompression = true, MaxDegreeOfParallelism = 1 });
    }

    private static Picture Of(IReadOnlyList<float> values, int width, Func<float, (byte Red, byte Green, byte Blue)> colour) =>
        new(width, values.Count / width, values.SelectMany(value => colour(value) is var (red, green, blue) ? (byte[])[red, green, blue] : []).ToArray());

    private static double Part(double value, double low, double high) => high > low && !double.IsNaN(value) ? Math.Clamp((value - low) / (high - low), 0, 1) : 0;
}
