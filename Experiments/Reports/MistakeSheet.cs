using FunctionalLeNet.Experiments.Reports.Pictures;
using FunctionalLeNet.Experiments.Reports.Plots;
using FunctionalLeNet.Experiments.Training;

namespace FunctionalLeNet.Experiments.Reports;

/// <summary>A mistake as a tile of a sheet: the digit, and below it the class and the answer with their probabilities.</summary>
internal static class MistakeSheet
{
    private const int Times = 3;
    private const int LetterSize = 12;

    /// <summary>The tile.</summary>
    /// <param name="mistake">The wrong answer.</param>
    /// <param name="digit">The digit, ink on paper.</param>
    public static Picture Tile(Answer mistake, Picture digit)
    {
        var enlarged = digit.Enlarged(Times);
        var text = PixelPlot.Text(
            [Figure8(mistake), $"{mistake.Prediction}: {Percent.Of(mistake.Probabilities[mistake.Prediction])}", $"{mistake.Label}: {Percent.Of(mistake.Probabilities[mistake.Label])}"],
            enlarged.Width, LetterSize);
        return new(enlarged.Width, enlarged.Height + text.Height, (byte[])[.. enlarged.Pixels.Span, .. text.Pixels.Span]);
    }

    /// <summary>As the paper writes it: <c>4→6</c>.</summary>
    /// <param name="mistake">The wrong answer.</param>
    public static string Figure8(Answer mistake) => FormattableString.Invariant($"{mistake.Label}→{mistake.Prediction}");
}
