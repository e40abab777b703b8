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

    /// <summary>For screens whose owners like them dark.</summary>
    public static Palette Dark { get; } = new(OxyColor.FromRgb(0x16, 0x19, 0x1d), OxyColor.FromRgb(0xe4, 0xe7, 0xea), OxyColor.FromRgb(0x34, 0x3a, 0x41), OxyColor.FromRgb(0x74, 0xb0, 0xee), OxyColor.FromRgb(0xf4, 0x9a, 0x54), OxyColor.FromRgb(0x24, 0x41, 0x5f), OxyColor.FromRgb(0x4e, 0x35, 0x20));

    /// <summary>Marks, no colours: what is written in them is replaced by the variables of a page's style sheet.</summary>
    public static Palette Marks { get; } = new(OxyColor.FromRgb(1, 0, 0), OxyColor.FromRgb(2, 0, 0), OxyColor.FromRgb(3, 0, 0), OxyColor.FromRgb(4, 0, 0), OxyColor.FromRgb(5, 0, 0), OxyColor.FromRgb(6, 0, 0), OxyColor.FromRgb(7, 0, 0));

    /// <summary>The colours as a style sheet's variables: light, dark where that is preferred, light on paper.</summary>
    public static string Style => $"""

        {Light.Root}
        @media (prefers-color-scheme: dark) {"{"} {Dark.Root} {"}"}
        @media print {"{"} {Light.Root} {"}"}

        """.ReplaceLineEndings("\n");

    private string Root => $":root {{ {string.Join(' ', ((OxyColor[])[Page, Text, Grid, First, Second, FirstFaint, SecondFaint]).Zip(Variables, (colour, pair) => $"{pair.Variable[4..^1]}: #{colour.R:x2}{colour.G:x2}{colour.B:x2};"))} }}";

    /// <summary>Each mark as SVG writes it, and the variable that takes its place.</summary>
    public static EquatableArray<(string Mark, string Variable)> Variables { get; } =
    [
        ("rgb(1,0,0)", "var(--page)"), ("rgb(2,0,0)", "var(--text)"), ("rgb(3,0,0)", "var(--grid)"), ("rgb(4,0,0)", "var(--first)"), ("rgb(5,0,0)", "var(--second)"),
        ("rgb(6,0,0)", "var(--first-faint)"), ("rgb(7,0,0)", "var(--second-faint)"),
    ];
}
