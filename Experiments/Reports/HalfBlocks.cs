using FunctionalLeNet.Experiments.Data;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FunctionalLeNet.Experiments.Reports;

/// <summary>
/// A grey image in characters, two rows of pixels a line: where there are colours the upper half of a block in one grey on the other, else the blocks
/// <c>▀ ▄ █</c> where there is ink.
/// </summary>
/// <param name="image">One image.</param>
internal sealed class HalfBlocks(ImageSet image) : IRenderable
{
    /// <summary>From which byte on a pixel counts as ink where there are no greys: the fading edge of a stroke does not.</summary>
    public const byte Ink = 96;

    /// <summary>An image without the empty rows and columns around its ink; whole where there is no ink.</summary>
    /// <param name="image">One image.</param>
    public static HalfBlocks Cropped(ImageSet image)
    {
        var inked = Enumerable.Range(0, image.Pixels.Length).Where(place => image.Pixels.Span[place] >= Ink).ToList();
        if (inked.Count == 0)
            return new(image);
        var (top, bottom) = (inked[0] / image.Width, inked[^1] / image.Width);
        var (left, right) = (inked.Min(place => place % image.Width), inked.Max(place => place % image.Width));
        var (height, width) = (bottom - top + 1, right - left + 1);
        return new(image with
        {
            Height = height,
            Width = width,
            Pixels = Enumerable.Range(0, height * width).Select(place => image.Pixels.Span[((top + (place / width)) * image.Width) + left + (place % width)]).ToArray(),
        });
    }

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

    private byte At(int row, int column) => row < image.Height ? image.Pixels.Span[(row * image.Width) + column] : (byte)0;
}
