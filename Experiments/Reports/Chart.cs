using System.Globalization;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Experiments.Reports;

/// <summary>Curves drawn with characters.</summary>
internal static class Chart
{
    /// <summary>What stands where several curves meet.</summary>
    public const char Several = '*';

    private const int Margin = 8;
    private const int RowsOfLabel = 5;

    /// <summary>A curve.</summary>
    /// <param name="Mark">The character that draws it.</param>
    /// <param name="Points">Its points; what is not finite is left out.</param>
    public sealed record Curve(char Mark, EquatableArray<(double X, double Y)> Points);

    /// <summary>The chart's lines; none where there is nothing to draw. A column shows the mean of the points that fall into it.</summary>
    /// <param name="curves">The curves.</param>
    /// <param name="width">Columns in all, the labels included.</param>
    /// <param name="height">Rows, without the axis below them.</param>
    /// <param name="logarithmic">Whether equal distances upwards are equal ratios; they are not where a value is not above 0.</param>
    /// <param name="x">What is counted to the right, in a word.</param>
    public static IReadOnlyList<string> Lines(EquatableArray<Curve> curves, int width, int height, bool logarithmic, string x)
    {
        var finite = curves.Select(curve => curve.Points.Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y)).ToList()).ToList();
        if (finite.All(points => points.Count == 0))
            return [];
        var all = finite.SelectMany(points => points).ToList();
        var (left, right, columns) = (all.Min(point => point.X), all.Max(point => point.X), Math.Max(width - Margin - 2, 2));
        var ratios = logarithmic && all.All(point => point.Y > 0);
        var means = finite.Select(points => points
            .GroupBy(point => Place(point.X, left, right, columns))
            .Select(group => (Column: group.Key, Y: Scaled(group.Average(point => point.Y)))).ToList()).ToList();
        var (low, high) = (means.SelectMany(curve => curve).Min(mean => mean.Y), means.SelectMany(curve => curve).Max(mean => mean.Y));

        var cells = curves.Zip(means)
            .SelectMany(curve => curve.Second.Select(mean => (Cell: (Row: Place(-mean.Y, -high, -low, height), mean.Column), curve.First.Mark)))
            .GroupBy(drawn => drawn.Cell, drawn => drawn.Mark)
            .ToDictionary(cell => cell.Key, cell => cell.Distinct().Count() == 1 ? cell.First() : Several);
        var (from, to) = (Tables.Count((long)left), $"{Tables.Count((long)right)} {x}".TrimEnd());
        return
        [
            .. Enumerable.Range(0, height).Select(row => Label(row) + string.Concat(Enumerable.Range(0, columns).Select(column => cells.GetValueOrDefault((row, column), ' '))).TrimEnd()),
            $"{"",Margin} └{new string('─', columns)}",
            $"{"",Margin}  {from}{to.PadLeft(columns - from.Length)}",
        ];

        double Scaled(double y) => ratios ? Math.Log(y) : y;

        string Label(int row)
        {
            var y = high - (row * (high - low) / (height - 1));
            return row % RowsOfLabel == 0 || row == height - 1
                ? $"{(ratios ? Math.Exp(y) : y).ToString("G3", CultureInfo.InvariantCulture),Margin} ┤"
                : $"{"",Margin} │";
        }
    }

    /// <summary>Which of so many places a value takes between two others; the middle one where these are equal.</summary>
    private static int Place(double value, double first, double last, int places) =>
        first == last ? places / 2 : (int)Math.Round((value - first) / (last - first) * (places - 1));
}
