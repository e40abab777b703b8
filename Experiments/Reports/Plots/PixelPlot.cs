using FunctionalLeNet.Experiments.Reports.Pictures;
using OxyPlot;

namespace FunctionalLeNet.Experiments.Reports.Plots;

/// <summary>OxyPlot's plots in pixels: lines and letters are polygons on a <see cref="Canvas"/>.</summary>
internal sealed class PixelPlot : ClippingRenderContext
{
    private const int Corners = 12;
    private const double LetterThickness = 0.085;
    private const double Above = 0.14;
    private const double Below = 0.3;
    private readonly Canvas _canvas;
    private readonly double _scale;
    private readonly OxyRect _everything;
    private OxyRect _clip;

    private PixelPlot(int width, int height, double scale, OxyColor page)
    {
        (_canvas, _scale) = (new((int)(width * scale), (int)(height * scale), page), scale);
        _clip = _everything = new(0, 0, width * scale, height * scale);
    }

    /// <summary>What text measures, for plots that are drawn elsewhere: these letters are as wide as any that a page may have.</summary>
    public static IRenderContext Measurer => new PixelPlot(1, 1, 1, Palette.Light.Page);

    /// <summary>A plot in pixels.</summary>
    /// <param name="plot">The plot.</param>
    /// <param name="scale">Pixels for each of its units.</param>
    public static Picture Of(Plot plot, double scale = 2)
    {
        var context = new PixelPlot(plot.Width, plot.Height, scale, Palette.Light.Page);
        var model = (IPlotModel)plot.Model(Palette.Light);
        model.Update(true);
        model.Render(context, new OxyRect(0, 0, plot.Width, plot.Height));
        return context._canvas.ToPicture();
    }

    /// <summary>Lines of text in pixels, black on white.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="width">Columns.</param>
    /// <param name="size">The letters' size.</param>
    public static Picture Text(IReadOnlyList<string> lines, int width, double size)
    {
        const double Leading = 1.3;
        var context = new PixelPlot(width, (int)Math.Ceiling(lines.Count * size * Leading), 1, Palette.Light.Page);
        foreach (var (place, line) in lines.Index())
            context.DrawText(new(0, place * size * Leading), line, Palette.Light.Text, "", size, FontWeights.Normal, 0, HorizontalAlignment.Left, VerticalAlignment.Top, null);
        return context._canvas.ToPicture();
    }

    /// <inheritdoc/>
    public override void DrawLine(IList<ScreenPoint> points, OxyColor stroke, double thickness, EdgeRenderingMode edgeRenderingMode, double[]? dashArray, LineJoin lineJoin)
    {
        if (stroke.IsVisible() && thickness > 0)
            _canvas.Fill(Stroke([.. points.Select(Scaled)], thickness * _scale), stroke, _clip);
    }

    /// <inheritdoc/>
    public override void DrawPolygon(IList<ScreenPoint> points, OxyColor fill, OxyColor stroke, double thickness, EdgeRenderingMode edgeRenderingMode, double[]? dashArray, LineJoin lineJoin)
    {
        if (fill.IsVisible())
            _canvas.Fill([[.. points.Select(Scaled)]], fill, _clip);
        if (points.Count > 0)
            DrawLine([.. points, points[0]], stroke, thickness, edgeRenderingMode, dashArray, lineJoin);
    }

    /// <inheritdoc/>
    public override void DrawText(
        ScreenPoint p, string text, OxyColor fill, string fontFamily, double fontSize, double fontWeight, double rotation, HorizontalAlignment halign, VerticalAlignment valign, OxySize? maxSize)
    {
        if (string.IsNullOrEmpty(text) || !fill.IsVisible())
            return;
        text = Plain(text);
        var (width, capital) = (StrokeFont.Measure(text, fontSize).Width, StrokeFont.Capital(fontSize));
        var (x, y) = (-width * ((int)halign + 1) / 2, valign switch { VerticalAlignment.Top => capital + (Above * fontSize), VerticalAlignment.Middle => capital / 2, _ => -Below * fontSize });
        var (sine, cosine) = Math.SinCos(rotation * Math.PI / 180);
        _canvas.Fill(
            [.. StrokeFont.Strokes(text, fontSize).SelectMany(stroke => Stroke(
                [.. stroke.Select(point => Scaled(new ScreenPoint(p.X + (cosine * (point.X + x)) - (sine * (point.Y + y)), p.Y + (sine * (point.X + x)) + (cosine * (point.Y + y)))))],
                LetterThickness * fontSize * _scale))],
            fill,
            _clip);
    }

    /// <inheritdoc/>
    public override OxySize MeasureText(string text, string fontFamily, double fontSize, double fontWeight) => string.IsNullOrEmpty(text) ? OxySize.Empty : StrokeFont.Measure(Plain(text), fontSize);

    /// <inheritdoc/>
    protected override void SetClip(OxyRect clippingRectangle) =>
        _clip = new OxyRect(clippingRectangle.Left * _scale, clippingRectangle.Top * _scale, clippingRectangle.Width * _scale, clippingRectangle.Height * _scale);

    /// <inheritdoc/>
    protected override void ResetClip() => _clip = _everything;

    private static string Plain(string text) => text.Replace("→", "->", StringComparison.Ordinal);

    private ScreenPoint Scaled(ScreenPoint point) => new(point.X * _scale, point.Y * _scale);

    /// <summary>A line as polygons that turn the same way: a rectangle for each piece, a disc at each end of one.</summary>
    private static List<IReadOnlyList<ScreenPoint>> Stroke(IReadOnlyList<ScreenPoint> points, double thickness)
    {
        var polygons = new List<IReadOnlyList<ScreenPoint>>();
        foreach (var (a, b) in points.Zip(points.Skip(1)))
        {
            var (x, y) = (b.X - a.X, b.Y - a.Y);
            var length = Math.Sqrt((x * x) + (y * y));
            if (!(length > 0))
                continue;
            var (across, down) = (-y / length * thickness / 2, x / length * thickness / 2);
            polygons.Add([new(a.X - across, a.Y - down), new(b.X - across, b.Y - down), new(b.X + across, b.Y + down), new(a.X + across, a.Y + down)]);
        }

        if (thickness > 1.5)
            polygons.AddRange(points.Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y)).Select(point => (IReadOnlyList<ScreenPoint>)[.. Enumerable.Range(0, Corners).Select(corner =>
            {
                var (sine, cosine) = Math.SinCos(2 * Math.PI * corner / Corners);
                return new ScreenPoint(point.X + (cosine * thickness / 2), point.Y + (sine * thickness / 2));
            })]));
        return polygons;
    }
}
