using System.Globalization;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace FunctionalLeNet.Experiments.Reports.Plots;

/// <summary>Who is taken for whom, and how well each class is read.</summary>
internal static class ConfusionPlots
{
    private const int Side = 440;
    private const double Half = 0.5;

    /// <summary>The matrix: a row for each class, a column for each answer, darker where there are more.</summary>
    /// <param name="confusion">The counts.</param>
    public static Plot Matrix(Confusion confusion) => new(Side, Side - 40, palette =>
    {
        var model = Plot.Empty(palette);
        var (across, down) = (Classes(palette, AxisPosition.Bottom, "answer", confusion), Classes(palette, AxisPosition.Left, "class", confusion));
        (down.StartPosition, down.EndPosition) = (1, 0);
        model.Axes.Add(across);
        model.Axes.Add(down);
        var most = Math.Max(1, confusion.Counts.Index().SelectMany(row => row.Item.Where((_, answer) => answer != row.Index)).DefaultIfEmpty(0).Max());
        foreach (var (label, row) in confusion.Counts.Index())
            foreach (var (answer, count) in row.Index().Where(cell => cell.Item > 0))
                model.Annotations.Add(new RectangleAnnotation
                {
                    MinimumX = answer - Half,
                    MaximumX = answer + Half,
                    MinimumY = label - Half,
                    MaximumY = label + Half,
                    Fill = label == answer
                        ? OxyColor.FromAColor((byte)(20 + (70 * count / Math.Max(1, row.Sum()))), palette.First)
                        : OxyColor.FromAColor((byte)(30 + (90 * Math.Sqrt((double)count / most))), palette.Second),
                    StrokeThickness = 1,
                    Stroke = palette.Page,
                    Text = count.ToString(CultureInfo.InvariantCulture),
                    TextColor = palette.Text,
                    FontSize = confusion.Count > 20_000 ? 9 : 11,
                });
        return model;
    });

    /// <summary>The accuracy of each class in %, with its interval.</summary>
    /// <param name="confusion">The counts.</param>
    public static Plot Accuracies(Confusion confusion) => new(Side, 260, palette =>
    {
        var model = Plot.Empty(palette);
        model.Axes.Add(Classes(palette, AxisPosition.Bottom, "class", confusion));
        model.Axes.Add(Plot.Axis(palette, AxisPosition.Left, "accuracy in %, 95 % interval"));
        foreach (var (label, count, correct) in confusion.Classes.Where(row => row.Count > 0))
        {
            var (low, high) = Interval.Wilson(correct, count);
            model.Series.Add(Plot.Curve(null, palette.First, [(label, 100 * low), (label, 100 * high)]));
        }

        var points = new ScatterSeries { MarkerType = MarkerType.Circle, MarkerFill = palette.First, MarkerSize = 4 };
        points.Points.AddRange(confusion.Classes.Where(row => row.Count > 0).Select(row => new ScatterPoint(row.Class, 100.0 * row.Correct / row.Count)));
        model.Series.Add(points);
        return model;
    });

    private static Axis Classes(Palette palette, AxisPosition position, string title, Confusion confusion)
    {
        var axis = Plot.Axis(palette, position, title);
        (axis.Minimum, axis.Maximum, axis.MajorStep, axis.MajorGridlineStyle) = (-Half, confusion.Counts.Count - Half, 1, LineStyle.None);
        return axis;
    }
}
