using FunctionalLeNet.Experiments.Images;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FunctionalLeNet.Experiments.Reports;

/// <summary>
/// A grey image in characters, two rows of pixels a line: where there are colours the upper half of a block in one grey on the other, else the blocks
/// <c>▀ ▄ █</c> where there is ink.
/// </summary>
/// <param name="image">The image.</param>
internal sealed class HalfBlocks(GreyImage image) : IRenderable
{
    /// <summary>From which byte on a pixel counts as ink where there are no greys: the fading edge of a stroke does not.</summary>
    public const byte Ink = 96;

    /// <summary>An image without the empty rows and columns around its ink; whole where there is no ink.</summary>
    /// <param name="image">The image.</param>
    public static HalfBlocks Cropped(GreyImage image) => new(image.Around(Ink) is { } box ? image.Crop(box) : image);

    /// <summary>The lines without colours.</summary>
    public IReadOnlyList<string> Lines => [.. Rows.Select(row => string.Concat(Enumerable.Range(0, image.Width).Select(column => (At(row, column) >= Ink, At(row + 1, column) >= Ink) switch
    {
        (true, true) => '█',
        (true, false) => '▀',
        (false, true) => '▄',
        _ => ' ',
    })))];

    /// <inheritdoc/>
    public Measurement Measure(RenderOptions options, int maxWidth) => new(image.Width, image.Width);

    /// <inheritdoc/>
    public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => options.ColorSystem == ColorSystem.NoColors
        ? Lines.SelectMany(line => (Segment[])[new(line), Segment.LineBreak])
        : Rows.SelectMany(row => Enumerable.Range(0, image.Width).Select(column => new Segment("▀", new Style(Grey(row, column), Grey(row + 1, column)))).Append(Segment.LineBreak));

    private IEnumerable<int> Rows => Enumerable.Range(0, (image.Height + 1) / 2).Select(line => 2 * line);

    private Color Grey(int row, int column) => At(row, column) is var grey ? new(grey, grey, grey) : default;

    private byte At(int row, int column) => row < image.Height ? image[column, row] : (byte)0;
}
