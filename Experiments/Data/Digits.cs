using System.Runtime.CompilerServices;
using FunctionalLeNet.Core.Formats;

namespace FunctionalLeNet.Experiments.Data;

/// <summary>
/// The digits inside the program: the 1,797 images of 8×8 of "Optical Recognition of Handwritten Digits" (E. Alpaydin and C. Kaynak, UCI Machine Learning
/// Repository, 1998, https://doi.org/10.24432/C50P49, CC BY 4.0), enlarged to MNIST's 28×28. The first 1,437 are to train on, the last 360 to test with.
/// </summary>
public static class Digits
{
    /// <summary>The data set's name.</summary>
    public const string Name = "digits";

    /// <summary>Images to train on.</summary>
    public const int TrainCount = 1_437;

    private const int Ink = 16;
    private const int Margin = 4;

    /// <summary>Whose work this is, under which licence, and what was changed: the text that the licence asks for.</summary>
    public static string Attribution => Embedded.Text("Digits/ATTRIBUTION.md");

    /// <summary>Reads and enlarges the images; the same bytes everywhere.</summary>
    public static Dataset Load()
    {
        using var labelStream = Embedded.Open("Digits/digits-labels-idx1-ubyte.gz");
        using var imageStream = Embedded.Open("Digits/digits-images-idx3-ubyte.gz");
        var labels = Idx.ReadLabels(labelStream, "embedded digits-labels-idx1-ubyte", classes: 10);
        var images = Idx.ReadImages(imageStream, "embedded digits-images-idx3-ubyte", labels.Labels.Length);
        var (size, enlarged) = (images.Height * images.Width, Side(images.Height) * Side(images.Width));
        var pixels = new byte[images.Count * enlarged];
        for (var i = 0; i < images.Count; i++)
            Enlarge(images.Pixels.Slice(i * size, size), images.Height, images.Width).CopyTo(pixels, i * enlarged);
        var (train, test) = new ImageSet(Side(images.Height), Side(images.Width), pixels, labels.Labels).Split(TrainCount);
        return new(
            Name,
            train,
            test,
            Classes: 10,
            [
                new("digits-images-idx3-ubyte", "embedded", images.Identity.Bytes, images.Identity.Sha256, images.Count),
                new("digits-labels-idx1-ubyte", "embedded", labels.Identity.Bytes, labels.Identity.Sha256, images.Count),
            ])
        {
            Origin = "embedded in the program",
        };
    }

    /// <summary>
    /// One image of counts 0 … 16 in bytes 0 … 255: two and a half times as large, with a margin of 4, so that 8×8 fills the 20×20 in the middle of 28×28,
    /// as MNIST's digits do, and fades out in the pixel around it. Bilinear in integers: the centre of the target's pixel i lies at (4i − 3)/10 of the source's
    /// pixels, which gives the two neighbours there their tenths (0 beyond the edge); across and down together these are hundredths, so a byte is the sum of
    /// hundredths · 255 / (100 · 16), rounded to the nearest, halves up.
    /// </summary>
    /// <param name="source">The counts, row by row.</param>
    /// <param name="height">Rows of the source, even.</param>
    /// <param name="width">Columns of the source, even.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static byte[] Enlarge(ReadOnlyMemory<byte> source, int height, int width)
    {
        const int Whole = 100 * Ink;
        var counts = source.Span;
        var (rows, columns) = (Side(height), Side(width));
        var across = new int[(height + 2) * columns]; // a row of zeros above and one below
        for (var j = 0; j < columns; j++)
        {
            var (left, tenths) = Below(j - Margin);
            for (var row = 0; row < height; row++)
                across[((row + 1) * columns) + j] =
                    ((10 - tenths) * ((uint)left < (uint)width ? counts[(row * width) + left] : 0))
                    + (tenths * ((uint)(left + 1) < (uint)width ? counts[(row * width) + left + 1] : 0));
        }

        var pixels = new byte[rows * columns];
        for (var i = 0; i < rows; i++)
        {
            var (above, tenths) = Below(i - Margin);
            var (upper, lower) = (Math.Clamp(above + 1, 0, height + 1) * columns, Math.Clamp(above + 2, 0, height + 1) * columns);
            for (var j = 0; j < columns; j++)
                pixels[(i * columns) + j] = (byte)((((((10 - tenths) * across[upper + j]) + (tenths * across[lower + j])) * 255) + (Whole / 2)) / Whole);
        }

        return pixels;
    }

    private static int Side(int side) => (side * 5 / 2) + (2 * Margin);

    /// <summary>The source pixel at or below a target pixel's centre along one axis, and how many tenths above it the centre lies.</summary>
    private static (int Index, int Tenths) Below(int target)
    {
        var place = (4 * target) - 3;
        var index = (int)Math.Floor(place / 10.0);
        return (index, place - (10 * index));
    }
}
