using BigGustave;

namespace FunctionalLeNet.Experiments.Images;

/// <summary>Pixels of a byte or less that stand for a grey or for a colour of a palette: BigGustave 1.0.6 refuses greys smaller than a byte, and gives pixels of some palettes the wrong colour.</summary>
internal static class PackedPng
{
    /// <summary>From column and row to a pixel.</summary>
    /// <param name="data">The unpacked data: for each row how it was filtered, then its bytes.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="depth">Bits of a pixel: 1, 2, 4 or 8.</param>
    /// <param name="palette">The colour of each value; greys from black to white where there is none.</param>
    /// <exception cref="InvalidDataException">A row says that it was filtered in no known way, or a pixel has no colour.</exception>
    public static Func<int, int, Pixel> Read(byte[] data, int width, int height, int depth, IReadOnlyList<Pixel> palette)
    {
        var (row, mask) = (((width * depth) + 7) / 8, (1 << depth) - 1);
        var bytes = Unfiltered(data, row, height);
        var colours = palette.Count > 0 ? palette : [.. Enumerable.Range(0, mask + 1).Select(value => new Pixel((byte)(255 * value / mask)))];
        return (x, y) => ((bytes[(y * row) + (x * depth / 8)] >> (8 - depth - (x * depth % 8))) & mask) is var value && value < colours.Count
            ? colours[value]
            : throw new InvalidDataException("a pixel has no colour in the palette");
    }

    /// <summary>The bytes as they were before each row was written as differences: section 9 of the specification.</summary>
    private static byte[] Unfiltered(byte[] data, int row, int height)
    {
        var bytes = new byte[row * height];
        for (var (y, place) = (0, 0); y < height; y++)
        {
            var filter = data[y * (row + 1)];
            for (var x = 0; x < row; x++, place++)
            {
                var (left, above, corner) = (x > 0 ? bytes[place - 1] : 0, y > 0 ? bytes[place - row] : 0, x > 0 && y > 0 ? bytes[place - row - 1] : 0);
                bytes[place] = (byte)(data[(y * (row + 1)) + 1 + x] + filter switch
                {
                    0 => 0,
                    1 => left,
                    2 => above,
                    3 => (left + above) / 2,
                    4 => Nearest(left, above, corner),
                    _ => throw new InvalidDataException($"filter {filter}, and there are 0 to 4"),
                });
            }
        }

        return bytes;
    }

    /// <summary>Paeth's predictor: whichever of the three is nearest to left + above − corner.</summary>
    private static int Nearest(int left, int above, int corner)
    {
        var (fromLeft, fromAbove, fromCorner) = (Math.Abs(above - corner), Math.Abs(left - corner), Math.Abs(left + above - (2 * corner)));
        return fromLeft <= fromAbove && fromLeft <= fromCorner ? left : fromAbove <= fromCorner ? above : corner;
    }
}
