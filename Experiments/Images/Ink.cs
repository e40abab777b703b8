namespace FunctionalLeNet.Experiments.Images;

/// <summary>What stands out from the paper.</summary>
/// <param name="Image">0 where there is only paper, 255 where the ink is strongest.</param>
/// <param name="DarkOnLight">Whether the ink is darker than the paper.</param>
/// <param name="Contrast">By how much the strongest ink differs from the paper, of 255.</param>
/// <param name="Least">Ink up to here may be the paper's noise or a blurred edge.</param>
internal sealed record Ink(GreyImage Image, bool DarkOnLight, double Contrast, byte Least)
{
    /// <summary>From here on it is a stroke, not its edge.</summary>
    public const byte Strong = 128;

    private const double Noises = 3;
    private const int Faintest = 8;

    /// <summary>
    /// The ink of a picture: the distance from the paper, towards whichever side has more of it, counted by its square. The strongest tenth of the strokes' pixels becomes 255,
    /// so that neither the pencil nor the light matters.
    /// </summary>
    /// <param name="picture">The picture.</param>
    /// <param name="paper">Its paper.</param>
    public static Ink Of(GreyImage picture, Paper paper)
    {
        var (darker, lighter) = (0.0, 0.0);
        var distances = new double[picture.Pixels.Length];
        for (var (row, i) = (0, 0); row < picture.Height; row++)
            for (var column = 0; column < picture.Width; column++, i++)
            {
                var distance = picture[column, row] - paper.At(picture, column, row);
                distances[i] = distance;
                if (distance < 0)
                    darker += distance * distance;
                else
                    lighter += distance * distance;
            }

        var sign = darker > lighter ? -1 : 1;
        var histogram = new int[512];
        foreach (var distance in distances)
            histogram[(int)Math.Clamp(sign * distance, 0, 511)]++;
        var strongest = Math.Max(1, Distance(histogram));
        return new(
            GreyImage.Of(picture.Width, picture.Height, (x, y) => (byte)Math.Clamp(Math.Round(sign * distances[(y * picture.Width) + x] * 255 / strongest), 0, 255)),
            darker > lighter,
            strongest,
            (byte)Math.Clamp(Noises * paper.Noise * 255 / strongest, Faintest, Strong - 1));
    }

    /// <summary>The distance that a tenth of the strokes' pixels exceed; a stroke's pixels are those more than half as far from the paper as the farthest.</summary>
    private static int Distance(int[] histogram)
    {
        var farthest = Array.FindLastIndex(histogram, count => count > 0);
        var strokes = histogram.Skip((farthest / 2) + 1).Sum();
        var (value, above) = (farthest, 0);
        while (value > 0 && above + histogram[value] <= strokes / 10)
            above += histogram[value--];
        return value;
    }
}
