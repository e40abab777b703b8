using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace FunctionalLeNet.Experiments.Reports.Plots;

/// <summary>A plot as a value: what it shows is fixed, its colours are not yet.</summary>
/// <param name="Width">In units of which letters are 12 high.</param>
/// <param name="Height">The same.</param>
/// <param name="Model">The plot in some colours.</param>
internal sealed record Plot(int Width, int Height, Func<Palette, PlotModel> Model)
{
    private const double Thickness = 2;
    private const double Thin = 1;

    /// <summary>A model in the project's manner: no frame, a quiet grid, a legend above where several curves have names.</summary>
    /// <param name="palette">Its colours.</param>
    public static PlotModel Empty(Palette palette)
    {
        var model = new PlotModel
        {
            PlotAreaBorderThickness = new OxyThickness(0),
            PlotAreaBorderColor = palette.Grid,
            TextColor = palette.Text,
            Padding = new OxyThickness(2, 6, 10, 2),
        };
        model.Legends.Add(new Legend { LegendPlacement = LegendPlacement.Outside, LegendPosition = LegendPosition.TopLeft, LegendOrientation = LegendOrientation.Horizontal, LegendPadding = 0, LegendMargin = 0 });
        return model;
    }

    /// <summary>An axis with a grid.</summary>
    /// <param name="palette">Its colours.</param>
    /// <param name="position">Where it stands.</param>
    /// <param name="title">What it counts.</param>
    /// <param name="logarithmic">Whether equal distances are equal ratios.</param>
    public static Axis Axis(Palette palette, AxisPosition position, string title, bool logarithmic = false)
    {
        Axis axis = logarithmic ? new LogarithmicAxis { UseSuperExponentialFormat = false } : new LinearAxis();
        axis.Position = position;
        axis.Title = title;
        axis.TickStyle = TickStyle.None;
        axis.MajorGridlineStyle = LineStyle.Solid;
        axis.MajorGridlineColor = palette.Grid;
        axis.MinorTickSize = 0;
        axis.AxisTitleDistance = 8;
        axis.AxislineStyle = LineStyle.None;
        axis.TicklineColor = palette.Grid;
        axis.MinimumPadding = axis.MaximumPadding = 0.03;
        return axis;
    }

    /// <summary>A curve.</summary>
    /// <param name="title">Its name.</param>
    /// <param name="colour">Its colour.</param>
    /// <param name="points">Its points; what is not finite breaks it.</param>
    /// <param name="marked">Whether every point is marked: where there are few.</param>
    /// <param name="faint">Whether it only stands behind another.</param>
    public static LineSeries Curve(string? title, OxyColor colour, IEnumerable<(double X, double Y)> points, bool marked = false, bool faint = false)
    {
        var series = new LineSeries
        {
            Title = title,
            Color = faint ? OxyColor.FromAColor(90, colour) : colour,
            StrokeThickness = faint ? Thin : Thickness,
            LineJoin = LineJoin.Round,
            MarkerType = marked ? MarkerType.Circle : MarkerType.None,
            MarkerFill = colour,
            MarkerSize = 2.5,
        };
        series.Points.AddRange(points.Select(point => new DataPoint(point.X, point.Y)));
        return series;
    }
}
