namespace FunctionalLeNet.Experiments.Images;

/// <summary>The thickness of strokes. MNIST's are two to three pixels of twenty; a fine pen's vanish when a large picture becomes a small one.</summary>
internal static class Strokes
{
    private const double Thin = 1.6;
    private const double Usual = 2;

    /// <summary>A digit with strokes of at least MNIST's usual thickness, were it as large as the square: thin ones are made thicker on both sides.</summary>
    /// <param name="digit">The ink within the box around it.</param>
    /// <param name="side">The square's side.</param>
    /// <returns>The digit, and by how many of its own pixels its strokes were made thicker on each side.</returns>
    public static (GreyImage Digit, int By) Thick(GreyImage digit, int side)
    {
        var pixel = Math.Max(digit.Width, digit.Height) / (double)side;
        var width = Width(digit);
        var by = width >= Thin * pixel ? 0 : (int)Math.Round(((Usual * pixel) - width) / 2);
        return by <= 0 ? (digit, 0) : (Thicker(digit, by), by);
    }

    /// <summary>How thick strokes are in the mean: twice their area by the length of their edges.</summary>
    internal static double Width(GreyImage digit)
    {
        var (area, edge) = (0, 0);
        for (var y = 0; y < digit.Height; y++)
            for (var x = 0; x < digit.Width; x++)
                if (IsStroke(digit, x, y))
                {
                    area++;
                    edge += IsStroke(digit, x - 1, y) && IsStroke(digit, x + 1, y) && IsStroke(digit, x, y - 1) && IsStroke(digit, x, y + 1) ? 0 : 1;
                }

        return edge == 0 ? 0 : 2.0 * area / edge;
    }

    private static bool IsStroke(GreyImage digit, int x, int y) => (uint)x < (uint)digit.Width && (uint)y < (uint)digit.Height && digit[x, y] >= Ink.Strong;

    /// <summary>Each pixel the strongest of those around it, first across, then down; the box grows by as much.</summary>
    private static GreyImage Thicker(GreyImage digit, int by)
    {
        var wide = GreyImage.Of(digit.Width + (2 * by), digit.Height, (x, y) => Strongest(x - (2 * by), x, digit.Width, column => digit[column, y]));
        return GreyImage.Of(wide.Width, digit.Height + (2 * by), (x, y) => Strongest(y - (2 * by), y, digit.Height, row => wide[x, row]));
    }

    private static byte Strongest(int from, int to, int size, Func<int, byte> value)
    {
        byte strongest = 0;
        for (var place = Math.Max(0, from); place <= Math.Min(size - 1, to); place++)
            strongest = Math.Max(strongest, value(place));
        return strongest;
    }
}
