using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Experiments.Images;

/// <summary>What a digit is written on: a plane of brightness through the medians along the picture's four edges, so that a photograph may be lighter on one side, and a digit may touch an edge.</summary>
/// <param name="Middle">The brightness in the middle.</param>
/// <param name="Across">By how much the right edge is lighter than the left.</param>
/// <param name="Down">By how much the lower edge is lighter than the upper.</param>
/// <param name="Noise">The deviation of the edges from the plane, as a standard deviation: 1.4826 times the median of the distances.</param>
internal readonly record struct Paper(double Middle, double Across, double Down, double Noise)
{
    private const int Edge = 24;
    private const double SameSheet = 24;

    /// <summary>The paper of a picture.</summary>
    /// <param name="picture">The picture.</param>
    public static Paper Of(GreyImage picture)
    {
        var edge = Math.Max(1, Math.Min(picture.Width, picture.Height) / Edge);
        EquatableArray<Box> strips = [new(0, 0, edge, picture.Height), new(picture.Width - edge, 0, edge, picture.Height), new(0, 0, picture.Width, edge), new(0, picture.Height - edge, picture.Width, edge)];
        var plane = Through([.. strips.Select(strip => Median(Places(strip).Select(place => (double)picture[place.X, place.Y])))]);
        return plane with { Noise = 1.4826 * Median(strips.SelectMany(Places).Select(place => Math.Abs(picture[place.X, place.Y] - plane.At(picture, place.X, place.Y)))) };
    }

    /// <summary>
    /// The plane through the edges' brightness. On a plane the left and the right edge are together as bright as the upper and the lower: where they are not, the edge that is farthest
    /// from the others is not of the sheet, and takes the brightness that it would have there.
    /// </summary>
    private static Paper Through(double[] edges)
    {
        var (left, right, top, bottom) = (edges[0], edges[1], edges[2], edges[3]);
        if (Math.Abs(left + right - top - bottom) > 2 * SameSheet)
        {
            var middle = Median(edges);
            var (_, odd) = edges.Select((value, i) => (Math.Abs(value - middle), i)).Max();
            (left, right, top, bottom) = odd switch
            {
                0 => (top + bottom - right, right, top, bottom),
                1 => (left, top + bottom - left, top, bottom),
                2 => (left, right, left + right - bottom, bottom),
                _ => (left, right, top, left + right - top),
            };
        }

        return new((left + right + top + bottom) / 4, right - left, bottom - top, 0);
    }

    /// <summary>The paper's brightness at a pixel.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="x">The column.</param>
    /// <param name="y">The row.</param>
    public double At(GreyImage picture, int x, int y) => Middle + (Across * Along(x, picture.Width)) + (Down * Along(y, picture.Height));

    private static double Along(int place, int size) => ((place + 0.5) / size) - 0.5;

    private static IEnumerable<(int X, int Y)> Places(Box box) =>
        from row in Enumerable.Range(box.Top, box.Height) from column in Enumerable.Range(box.Left, box.Width) select (column, row);

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
