using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Records;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace FunctionalLeNet.Experiments.Reports.Plots;

/// <summary>How numbers are spread, and how that changes: a hill for each time, the first behind, each as high as the others; heights are the roots of counts.</summary>
internal static class HistogramPlot
{
    private const int Width = 300;
    private const int Most = 10;
    private const double Overlap = 1.8;

    /// <summary>The hills.</summary>
    /// <param name="histograms">When, and how they were spread then; in order, at least one.</param>
    /// <param name="title">What is counted to the right.</param>
    /// <param name="second">Whether they have the second colour.</param>
    public static Plot Of(EquatableArray<(string When, Histogram Histogram)> histograms, string title, bool second) => new(Width, 200, palette =>
    {
        var shown = Shown(histograms);
        var model = Plot.Empty(palette);
        var (across, up) = (Plot.Axis(palette, AxisPosition.Bottom, title), Plot.Axis(palette, AxisPosition.Left, "epochs"));
        var (low, high) = (shown.Min(hill => hill.Histogram.Low), shown.Max(hill => hill.Histogram.High));
        (across.Minimum, across.Maximum) = low < high ? (low, high) : (low - 1, high + 1);
        across.MaximumPadding = across.MinimumPadding = 0;
        across.IntervalLength = 70;
        (up.Minimum, up.Maximum, up.MajorStep, up.MajorGridlineStyle) = (-0.2, shown.Count - 1 + Overlap, 1, LineStyle.None);
        up.LabelFormatter = value => (int)Math.Round(value) is var hill && hill >= 0 && hill < shown.Count ? shown[^(hill + 1)].When : "";
        model.Axes.Add(across);
        model.Axes.Add(up);
        foreach (var (place, (_, histogram)) in shown.Index())
            model.Series.Add(Hill(histogram, shown.Count - 1 - place, second ? palette.Second : palette.First, second ? palette.SecondFaint : palette.FirstFaint));
        return model;
    });

    /// <summary>The first, the last, and those evenly between them.</summary>
    private static EquatableArray<(string When, Histogram Histogram)> Shown(EquatableArray<(string When, Histogram Histogram)> all) => all.Count <= Most
        ? all
        : Enumerable.Range(0, Most).Select(place => all[(int)Math.Round((double)place * (all.Count - 1) / (Most - 1))]).ToEquatableArray();

    // The hill in front covers the one behind. Roots, so that few numbers are to be seen beside many.
    private static AreaSeries Hill(Histogram histogram, double foot, OxyColor colour, OxyColor below)
    {
        var (width, most) = ((histogram.High - histogram.Low) / Histogram.Parts, Math.Max(1, histogram.Counts.Max()));
        var hill = new AreaSeries { Color = colour, Color2 = OxyColors.Transparent, Fill = below, StrokeThickness = 1.2, ConstantY2 = foot, LineJoin = LineJoin.Round };
        hill.Points.Add(new DataPoint(histogram.Low, foot));
        hill.Points.AddRange(histogram.Counts.Select((count, part) => new DataPoint(histogram.Low + ((part + 0.5) * width), foot + (Overlap * Math.Sqrt((double)count / most)))));
        hill.Points.Add(new DataPoint(histogram.High, foot));
        return hill;
    }
}
