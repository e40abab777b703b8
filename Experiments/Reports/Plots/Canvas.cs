using FunctionalLeNet.Experiments.Reports.Pictures;
using OxyPlot;

namespace FunctionalLeNet.Experiments.Reports.Plots;

/// <summary>Pixels to paint polygons on: four lines of samples a row, the exact share of each pixel along a line.</summary>
internal sealed class Canvas
{
    private const int Lines = 4;
    private readonly int _width;
    private readonly int _height;
    private readonly float[] _pixels;

    /// <summary>A canvas of one colour.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="colour">The colour.</param>
    public Canvas(int width, int height, OxyColor colour)
    {
        (_width, _height, _pixels) = (width, height, new float[3 * width * height]);
        for (var place = 0; place < width * height; place++)
            (_pixels[3 * place], _pixels[(3 * place) + 1], _pixels[(3 * place) + 2]) = (colour.R, colour.G, colour.B);
    }

    /// <summary>Paints what lies within polygons that all turn the same way; where several lie over each other it is painted once.</summary>
    /// <param name="polygons">The polygons' corners.</param>
    /// <param name="colour">The colour, which may let through what is below.</param>
    /// <param name="clip">What lies outside stays.</param>
    public void Fill(IReadOnlyList<IReadOnlyList<ScreenPoint>> polygons, OxyColor colour, OxyRect clip)
    {
        var corners = polygons.SelectMany(polygon => polygon).ToList();
        if (corners.Count == 0 || colour.A == 0)
            return;
        var (first, last) = ((int)Math.Max(0, Math.Floor(Math.Max(corners.Min(p => p.Y), clip.Top))), (int)Math.Min(_height - 1, Math.Ceiling(Math.Min(corners.Max(p => p.Y), clip.Bottom)) - 1));
        var (left, right) = (Math.Max(0, clip.Left), Math.Min(_width, clip.Right));
        var shares = new float[_width + 1];
        for (var row = first; row <= last; row++)
        {
            Array.Clear(shares);
            for (var line = 0; line < Lines; line++)
            {
                var y = row + ((line + 0.5) / Lines);
                if (y >= clip.Top && y < clip.Bottom)
                    foreach (var (from, to) in Spans(polygons, y))
                        Share(shares, Math.Max(from, left), Math.Min(to, right));
            }

            for (var column = 0; column < _width; column++)
                if (shares[column] > 0)
                    Blend(row, column, Math.Min(1, shares[column] / Lines) * colour.A / 255, colour);
        }
    }

    /// <summary>The picture.</summary>
    public Picture ToPicture() => new(_width, _height, Array.ConvertAll(_pixels, channel => (byte)Math.Clamp(Math.Round(channel), 0, 255)));

    /// <summary>Where a line lies inside: where it has been crossed more often one way than the other.</summary>
    private static IEnumerable<(double From, double To)> Spans(IReadOnlyList<IReadOnlyList<ScreenPoint>> polygons, double y)
    {
        var crossings = new List<(double X, int Turn)>();
        foreach (var polygon in polygons)
            for (var corner = 0; corner < polygon.Count; corner++)
            {
                var (a, b) = (polygon[corner], polygon[(corner + 1) % polygon.Count]);
                if (a.Y <= y != b.Y <= y)
                    crossings.Add((a.X + ((y - a.Y) / (b.Y - a.Y) * (b.X - a.X)), a.Y <= y ? 1 : -1));
            }

        var (turns, from) = (0, 0.0);
        foreach (var (x, turn) in crossings.OrderBy(crossing => crossing.X))
        {
            if (turns == 0)
                from = x;
            turns += turn;
            if (turns == 0)
                yield return (from, x);
        }
    }

    private static void Share(float[] shares, double from, double to)
    {
        for (var column = (int)Math.Floor(from); column < to && column < shares.Length; column++)
            shares[column] += (float)(Math.Min(to, column + 1) - Math.Max(from, column));
    }

    private void Blend(int row, int column, float share, OxyColor colour)
    {
        var place = 3 * ((row * _width) + column);
        (_pixels[place], _pixels[place + 1], _pixels[place + 2]) = (Mixed(place, colour.R), Mixed(place + 1, colour.G), Mixed(place + 2, colour.B));

        float Mixed(int channel, byte value) => _pixels[channel] + (share * (value - _pixels[channel]));
    }
}
