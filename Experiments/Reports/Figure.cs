using FunctionalLeNet.Experiments.Reports.Pictures;
using FunctionalLeNet.Experiments.Reports.Plots;

namespace FunctionalLeNet.Experiments.Reports;

/// <summary>Something to look at.</summary>
/// <param name="Name">Its file's name without an ending; no two figures of a report have the same.</param>
/// <param name="Caption">What it is, below it.</param>
/// <param name="Alternative">What is to be seen, for those who cannot see it.</param>
internal abstract record Figure(string Name, string Caption, string Alternative)
{
    /// <summary>Curves and their like.</summary>
    /// <param name="Name">Its file's name without an ending.</param>
    /// <param name="Caption">What it is.</param>
    /// <param name="Alternative">What is to be seen.</param>
    /// <param name="Plot">The plot.</param>
    public sealed record Drawn(string Name, string Caption, string Alternative, Plot Plot) : Figure(Name, Caption, Alternative);

    /// <summary>Pixels, each shown as a square.</summary>
    /// <param name="Name">Its file's name without an ending.</param>
    /// <param name="Caption">What it is.</param>
    /// <param name="Alternative">What is to be seen.</param>
    /// <param name="Picture">The picture.</param>
    /// <param name="Scale">How many pixels wide a pixel is shown.</param>
    public sealed record Pixels(string Name, string Caption, string Alternative, Picture Picture, int Scale) : Figure(Name, Caption, Alternative);

    /// <summary>The figure as a picture of its own.</summary>
    public Picture ToPicture() => this switch
    {
        Drawn drawn => PixelPlot.Of(drawn.Plot),
        Pixels pixels => pixels.Picture.Enlarged(pixels.Scale),
        _ => throw new InvalidOperationException($"{GetType().Name} is not one of the closed set of figures."),
    };
}
