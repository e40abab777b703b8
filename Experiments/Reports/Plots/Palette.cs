using FunctionalLeNet.Core.Tensors;
using OxyPlot;

namespace FunctionalLeNet.Experiments.Reports.Plots;

/// <summary>The colours of a plot by what they are for.</summary>
/// <param name="Page">Behind everything.</param>
/// <param name="Text">Of words and numbers.</param>
/// <param name="Grid">Of lines that only guide the eye.</param>
/// <param name="First">Of the first curve, and of what is right.</param>
/// <param name="Second">Of the second curve, and of what is wrong.</param>
/// <param name="FirstFaint">What is below the first curve.</param>
/// <param name="SecondFaint">What is below the second curve.</param>
internal sealed record Palette(OxyColor Page, OxyColor Text, OxyColor Grid, OxyColor First, OxyColor Second, OxyColor FirstFaint, OxyColor SecondFaint)
{
    /// <summary>For paper, and for files.</summary>
    public static Palette Light { get; } = new(OxyColors.White, OxyColor.FromRgb(0x22, 0x26, 0x2b), OxyColor.FromRgb(0xe1, 0xe4, 0xe8), OxyColor.FromRgb(0x1f, 0x66, 0xb3), OxyColor.FromRgb(0xc4, 0x4f, 0x00), OxyColor.FromRgb(0xd6, 0xe4, 0xf3), OxyColor.FromRgb(0xf6, 0xde, 0xcd));

    /// <summary>Marks, no colours: what is written in them is replaced by the variables of a page's style sheet.</summary>
    public static Palette Marks { get; } = new(OxyColor.FromRgb(1, 0, 0), OxyColor.FromRgb(2, 0, 0), OxyColor.FromRgb(3, 0, 0), OxyColor.FromRgb(4, 0, 0), OxyColor.FromRgb(5, 0, 0), OxyColor.FromRgb(6, 0, 0), OxyColor.FromRgb(7, 0, 0));

    /// <summary>Each mark as SVG writes it, and the variable that takes its place.</summary>
    public static EquatableArray<(string Mark, string Variable)> Variables { get; } =
    [
        ("rgb(1,0,0)", "var(--page)"), ("rgb(2,0,0)", "var(--text)"), ("rgb(3,0,0)", "var(--grid)"), ("rgb(4,0,0)", "var(--first)"), ("rgb(5,0,0)", "var(--second)"),
        ("rgb(6,0,0)", "var(--first-faint)"), ("rgb(7,0,0)", "var(--second-faint)"),
    ];
}
