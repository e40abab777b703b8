using System.Globalization;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Reports.Pictures;
using FunctionalLeNet.Experiments.Reports.Plots;
using FunctionalLeNet.Experiments.Training;

namespace FunctionalLeNet.Experiments.Reports;

/// <summary>A report's figures, in groups.</summary>
internal static class Figures
{
    /// <summary>Mistakes that are shown at most; the paper's figure 8 has all 82 of its network.</summary>
    public const int MostMistakes = 48;

    private const int WidestPixels = 860;

    /// <summary>How the run went.</summary>
    /// <param name="report">The run.</param>
    public static IEnumerable<Figure> Training(RunReport report)
    {
        var (train, test, accuracy) = (Curves.TrainLosses(report), Curves.TestLosses(report), Curves.TestAccuracies(report));
        yield return new Figure.Drawn("loss", "Loss of a sample: faint by step, and by epoch as the samples were seen; of the test images after each epoch.", $"Curves of the loss over {Text(report.Epochs(report.Finished.Steps))} epochs: training {Ends(train)}, test {Ends(test)}.", Curves.Loss(report));
        yield return new Figure.Drawn("accuracy", "Accuracy on the training images as they were seen, and on the test images.", $"Curves of the accuracy in percent: training {Ends(Curves.TrainAccuracies(report))}, test {Ends(accuracy)}.", Curves.Accuracy(report));
        yield return new Figure.Drawn("learning-rate", $"Learning rate: {Tables.Text(report.Plan.Experiment.Schedule)}.", $"Curve of the learning rate {Ends(Curves.LearningRates(report))}.", Curves.LearningRate(report));
    }

    /// <summary>Who is taken for whom, and how well each class is read.</summary>
    /// <param name="report">The run.</param>
    public static IEnumerable<Figure> Test(RunReport report)
    {
        var confusion = report.Confusion;
        var often = confusion.Counts.Index().SelectMany(row => row.Item.Index().Where(cell => cell.Index != row.Index && cell.Item > 0).Select(cell => (Label: row.Index, Answer: cell.Index, Count: cell.Item)))
            .OrderByDescending(cell => cell.Count).Take(3).Select(cell => Invariant($"{cell.Label} as {cell.Answer} ({cell.Count})")).ToList();
        yield return new Figure.Drawn(
            "confusion",
            "Confusion matrix: a row for each class, in it how often each class was the answer.",
            Invariant($"Matrix of ten classes by ten answers: {confusion.Correct} of {confusion.Count} images are on its diagonal.") + (often.Count == 0 ? "" : $" Most often taken for another: {string.Join(", ", often)}."),
            ConfusionPlots.Matrix(confusion));
        yield return new Figure.Drawn(
            "classes",
            "Accuracy of each class with Wilson's 95 % interval.",
            "Points with intervals: " + string.Join(", ", confusion.Classes.Where(row => row.Count > 0).Select(row => Invariant($"{row.Class}: {100.0 * row.Correct / row.Count:F1} %"))) + ".",
            ConfusionPlots.Accuracies(confusion));
    }

    /// <summary>What the convolutions have learned to look for: C1, C3 and whatever follows them.</summary>
    /// <param name="report">The run.</param>
    public static IEnumerable<Figure> Filters(RunReport report) => report.Convolutions.Take(2).Select(step =>
    {
        var (convolution, inputs) = ((Layer.Convolution)step.Layer, step.Input[0]);
        var (picture, farthest) = LayerPictures.Filters(step, report.Parameters);
        var rows = inputs == 1 ? "one for each map that it makes" : Invariant($"a column for each of the {convolution.Channels} maps that it makes, in it a filter for each of the {inputs} that go in{(convolution.Connections is null ? "" : "; none where the two are not connected")}");
        return (Figure)new Figure.Pixels(
            $"filters-{Dashed(step.Path)}",
            Invariant($"Filters of {step.Path}: {rows}. White is 0, orange above it, blue below; the whole colour is {farthest:G3}."),
            Invariant($"The filters of {step.Path}, {convolution.Kernel.Height} by {convolution.Kernel.Width} weights each: {rows}."),
            picture,
            Scale(picture, inputs == 1 ? 10 : 6));
    });

    /// <summary>One digit through all layers.</summary>
    /// <param name="report">The run.</param>
    public static IEnumerable<Figure> Maps(RunReport report) => report.Maps.Index().Select(step =>
    {
        var (picture, low, high) = LayerPictures.Maps(step.Item.Value);
        var shape = step.Item.Value.Shape.Rest;
        var what = LayerPictures.IsImage(shape) ? Invariant($"{shape[0]} {(shape[0] == 1 ? "map" : "maps")} of {shape[1]}x{shape[2]}") : Invariant($"{shape.Count} units");
        var layer = step.Item.Layer.Length > 0 ? $", {step.Item.Layer}" : "";
        return (Figure)new Figure.Pixels(
            Invariant($"maps-{step.Index:00}-{Dashed(step.Item.Path)}"),
            Invariant($"{step.Item.Path}{layer}: {what}, {low:G3} black to {high:G3} white."),
            Invariant($"{what} of {step.Item.Path}{layer}."),
            picture,
            Scale(picture, LayerPictures.IsImage(shape) ? shape[2] > 20 ? 2 : shape[2] > 5 ? 4 : 8 : 1));
    });

    /// <summary>How weights and gradients were spread over time.</summary>
    /// <param name="report">The run.</param>
    public static IEnumerable<Figure> Histograms(RunReport report) => report.Histograms.SelectMany(layer => (Figure[])
    [
        Hills(layer.Name, "weights", layer.Weights, second: false),
        Hills(layer.Name, "gradients", layer.Gradients, second: true),
    ]);

    /// <summary>The worst mistakes on one sheet.</summary>
    /// <param name="report">The run.</param>
    public static IEnumerable<Figure> Mistakes(RunReport report)
    {
        const int Beside = 8;
        var shown = report.Mistakes.Take(MostMistakes).ToList();
        if (shown.Count == 0)
            yield break;
        var tiles = shown.Select(mistake => MistakeSheet.Tile(mistake, Ink(report, mistake))).ToList();
        yield return new Figure.Pixels("mistakes", MistakesCaption(report), $"{shown.Count} digits with what they are and what they were read as.", Picture.Tiles(tiles, Math.Min(Beside, tiles.Count)), 1);
    }

    /// <summary>What the mistakes are, in a sentence.</summary>
    /// <param name="report">The run.</param>
    public static string MistakesCaption(RunReport report) => Invariant(
        $"{(report.Mistakes.Count > MostMistakes ? Invariant($"The {MostMistakes} worst of {report.Mistakes.Count:N0} mistakes") : report.Mistakes.Count == 1 ? "The only mistake" : Invariant($"All {report.Mistakes.Count} mistakes"))}, as figure 8 of LeCun et al. 1998 shows its own: the class, then the answer; first those whose class got the least probability.");

    /// <summary>A test image as ink on paper.</summary>
    /// <param name="report">The run.</param>
    /// <param name="answer">The answer to it.</param>
    public static Picture Ink(RunReport report, Answer answer)
    {
        var image = report.Plan.Test.Images.Single(answer.Sample);
        return Picture.Greys([.. image.Pixels.ToArray().Select(grey => (float)(byte.MaxValue - grey))], image.Width, 0, byte.MaxValue);
    }

    /// <summary>Every figure, for files.</summary>
    /// <param name="report">The run.</param>
    public static IEnumerable<Figure> All(RunReport report) => [.. Training(report), .. Test(report), .. Mistakes(report), .. Filters(report), .. Maps(report), .. Histograms(report)];

    private static Figure.Drawn Hills(string name, string what, EquatableArray<(string When, Records.Histogram Histogram)> hills, bool second)
    {
        var layer = name[..name.LastIndexOf('.')];
        var (first, last) = (hills[0].Histogram, hills[^1].Histogram);
        return new(
            $"histograms-{layer.Replace('.', '-')}-{what}",
            "",
            Invariant($"Hills: how the {what} of {layer} are spread, from {first.Low:G3} to {first.High:G3} at first, from {last.Low:G3} to {last.High:G3} at last."),
            HistogramPlot.Of(hills, $"{layer}: {what}", second));
    }

    private static int Scale(Picture picture, int wanted) => Math.Clamp(WidestPixels / picture.Width, 1, wanted);

    private static string Dashed(string path) => path.Replace('/', '-');

    private static string Ends(IReadOnlyList<(double X, double Y)> points) => points.Count == 0 ? "not measured" : Invariant($"from {points[0].Y:G4} to {points[^1].Y:G4}");

    private static string Text(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
