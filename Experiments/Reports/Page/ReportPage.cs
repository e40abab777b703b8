using System.Globalization;
using System.Xml.Linq;
using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Data;
using FunctionalLeNet.Experiments.Reports.Plots;
using FunctionalLeNet.Experiments.Training;
using static FunctionalLeNet.Experiments.Reports.Page.Html;

namespace FunctionalLeNet.Experiments.Reports.Page;

/// <summary><c>report.html</c>: a run on one page, which needs nothing from elsewhere and tells nobody that it was opened. The same bytes for the same run.</summary>
internal static class ReportPage
{
    private static readonly Lazy<string> Style = new(() => Embedded.Text("Reports/report.css").ReplaceLineEndings("\n"));

    /// <summary>The page.</summary>
    /// <param name="report">The run.</param>
    public static string Of(RunReport report) => Document($"LeNet: {report.Name}", Palette.Style + Style.Value,
    [
        El("header", Head(report)),
        El("nav", At("aria-label", "Parts of this page"), Parts.Select(part => El("a", At("href", $"#{part.Id}"), part.Title))),
        El("main", Parts.Select(part => new object[] { "\n", El("section", At("id", part.Id), El("h2", part.Title), part.Content(report)) }), "\n"),
    ]);

    private static readonly EquatableArray<(string Id, string Title, Func<RunReport, IEnumerable<XElement>> Content)> Parts =
    [
        ("again", "Making it again", Again),
        ("training", "Training", report => [Plots("plots", Figures.Training(report))]),
        ("test", "Test", Test),
        ("mistakes", "Mistakes", Mistakes),
        ("filters", "What it looks for", report => [El("p", "The filters of the first two convolutions, which the paper calls C1 and C3."), Pictures(Figures.Filters(report))]),
        ("maps", "A digit through the layers", Maps),
        ("histograms", "Weights and gradients over time", Histograms),
        ("network", "The network", Network),
        ("manifest", "The manifest", Manifest),
    ];

    private static IEnumerable<XElement> Head(RunReport report)
    {
        var (experiment, finished, confusion) = (report.Plan.Experiment, report.Finished, report.Confusion);
        yield return El("h1", report.Name);
        yield return El("p", $"{experiment.Name}: {experiment.Line}");
        yield return El(
            "dl", Class("facts"),
            Fact("test accuracy", Invariant($"{100 * finished.TestAccuracy:F2} %"), $"95 % interval: {Percent.Of(confusion.Interval)}"),
            Fact("test loss", Invariant($"{finished.TestLoss:F5}"), $"{Tables.Count(confusion.Count)} test images"),
            Fact("trained", Invariant($"{report.Epochs(finished.Steps):0.##} epochs"), $"{Tables.Count(finished.Steps)} steps of {experiment.Batch}, {Tables.Count(report.Plan.Train.Count)} images"),
            Fact("parameters", Tables.Count(Cost.Of(experiment.Network).Parameters), Tables.Text(experiment.Optimizer)),
            Fact("took", Invariant($"{finished.Seconds:F1} s"), Invariant($"{report.Manifest.Environment.Threads} {(report.Manifest.Environment.Threads == 1 ? "thread" : "threads")}")));
    }

    private static IEnumerable<XElement> Again(RunReport report)
    {
        var words = Reproduction.Words(report.Manifest);
        if (words.Count > 0)
        {
            yield return El("p", "This command makes the run again, on any machine and any number of threads to the same bits", report.Manifest.Result.Numerics == "exact" ? ":" : $" where products are computed as they were here ({report.Manifest.Result.Numerics}):");
            yield return El("pre", $"lenet {Reproduction.Line(words)}");
        }

        yield return El("p", words.Count > 0 ? "This one computes it again and compares everything that was recorded, file by file and step by step:" : "No single command makes this run: it began with weights from elsewhere, or its limit was raised under a schedule that follows it. This one computes it again as it was and compares everything that was recorded:");
        yield return El("pre", $"lenet verify {Reproduction.Line([report.Name])}");
        yield return El("div", Class("hashes"), Table("Fingerprints (SHA-256)", [("", false), ("", false)],
        [
            ["final weights", report.Finished.WeightsSha256],
            ["test logits", report.Finished.LogitsSha256],
            .. report.Manifest.Result.Data.Files.Select(file => (IReadOnlyList<string>)[file.Name, file.Sha256]),
        ]));
    }

    private static IEnumerable<XElement> Test(RunReport report)
    {
        var (matrix, classes) = Figures.Test(report).ToList() is [var first, var second] ? (first, second) : throw new InvalidOperationException("There are two figures of a test.");
        yield return El("div", Class("plots"), Shown(matrix), El("div", Shown(classes), ByClass(report)));
    }

    private static XElement ByClass(RunReport report) => Table(
            "Accuracy by class, with Wilson's 95 % interval",
            [("class", false), ("images", true), ("right", true), ("accuracy", true), ("interval", true)],
            report.Confusion.Classes.Select(row => (IReadOnlyList<string>)
            [
                $"{row.Class}", Tables.Count(row.Count), Tables.Count(row.Correct), row.Count == 0 ? "" : Invariant($"{100.0 * row.Correct / row.Count:F1} %"),
                row.Count == 0 ? "" : Percent.Of(Interval.Wilson(row.Correct, row.Count)) + " %",
            ]));

    private static IEnumerable<XElement> Mistakes(RunReport report)
    {
        if (report.Mistakes.Count == 0)
        {
            yield return El("p", "None: every test image is read as what it is.");
            yield break;
        }

        yield return El("p", Figures.MistakesCaption(report));
        if (report.Plan.Experiment.Loss is Loss.Rubbish)
            yield return El("p", Class("quiet"), "The probabilities are those of the paper's equation 9: they do not add up to 100 %, the rest is that it is no digit at all.");
        yield return El("ul", Class("mistakes"), report.Mistakes.Take(Figures.MostMistakes).Select(mistake => El(
            "li",
            Image(Figures.Ink(report, mistake), 3, $"Test image {mistake.Sample}: a {mistake.Label}, read as {mistake.Prediction}", "ink"),
            El("span", Class("quiet"), $"#{mistake.Sample}"),
            El("b", MistakeSheet.Figure8(mistake)),
            Shown(mistake).Select(label => El(
                "span", Class("p"), At("style", Invariant($"--p:{100 * mistake.Probabilities[label]:F1}%")), $"{label}: {Percent.Of(mistake.Probabilities[label])}")))));
    }

    /// <summary>The answer, the right class, and the likeliest of the others.</summary>
    private static IEnumerable<int> Shown(Answer mistake) => Enumerable.Range(0, mistake.Probabilities.Count)
        .OrderBy(label => label == mistake.Prediction ? 0 : label == mistake.Label ? 1 : 2).ThenByDescending(label => mistake.Probabilities[label]).Take(3);

    private static IEnumerable<XElement> Maps(RunReport report)
    {
        var answer = report.Answers[RunReport.Followed];
        yield return El("p", $"Test image {answer.Sample}, a {answer.Label}, read as {answer.Prediction} with {Percent.Of(answer.Probabilities[answer.Prediction])}. Every layer's output, from its least number in black to its largest in white.");
        yield return Pictures(Figures.Maps(report));
    }

    private static IEnumerable<XElement> Histograms(RunReport report)
    {
        if (report.Histograms.Count == 0)
        {
            yield return El("p", "This run was made by a program that did not record them.");
            yield break;
        }

        yield return El("p", $"Blue: a layer's weights. Orange: the gradient of the mean loss of the first {Train.GradientSamples} training images by them. From the beginning (behind) to the end (in front). Each hill is as high as the others; heights are the roots of counts, so that few are to be seen beside many.");
        yield return Plots("plots small", Figures.Histograms(report));
    }

    private static IEnumerable<XElement> Network(RunReport report)
    {
        var summary = Summary.Of(report.Plan.Experiment.Network);
        yield return Table(
            "Layer by layer",
            [("name", false), ("layer", false), ("output", false), ("parameters", true), ("connections", true), ("multiply-adds", true)],
            [
                ["", "input", Sides(summary.Input), "", "", ""],
                .. summary.Layers.Select(layer => Row(layer.Name, layer.Text, Sides(layer.Output), layer.Cost)),
                Row("total", "", "", summary.Total),
            ]);
        yield return Table("Settings", [("", false), ("", false)], Tables.Settings(report.Plan.Experiment).Select(setting => (IReadOnlyList<string>)[setting.Name, setting.Text]));

        static IReadOnlyList<string> Row(string name, string layer, string output, LayerCost cost) => [name, layer, output, Tables.Count(cost.Parameters), Tables.Count(cost.Connections), Tables.Count(cost.MultiplyAdds)];
        static string Sides(Shape shape) => string.Join("x", shape);
    }

    private static IEnumerable<XElement> Manifest(RunReport report)
    {
        yield return El("p", "'result' fixes the run to the last bit; 'environment' is where it was made, which must not matter.");
        yield return El("pre", report.Manifest.ToJson().TrimEnd());
    }

    private static XElement Fact(string name, string value, string more) => El("div", El("dt", name), El("dd", value, El("small", more)));

    private static XElement Plots(string name, IEnumerable<Figure> figures) => El("div", Class(name), figures.Select(Shown));

    private static XElement Pictures(IEnumerable<Figure> figures) => El("div", Class("pictures"), figures.Select(Shown));

    private static XElement Shown(Figure figure) => El(
        "figure",
        figure switch
        {
            Figure.Drawn drawn => SvgPlot.Of(drawn.Plot, drawn.Name, drawn.Alternative),
            Figure.Pixels pixels => Image(pixels.Picture, pixels.Scale, pixels.Alternative),
            _ => throw new InvalidOperationException($"{figure.GetType().Name} is not one of the closed set of figures."),
        },
        figure.Caption.Length == 0 ? null : El("figcaption", figure.Caption));

    private static XElement Image(Pictures.Picture picture, int scale, string alternative, string? name = null) => El(
        "img", name is null ? null : Class(name), At("alt", alternative),
        At("width", (picture.Width * scale).ToString(CultureInfo.InvariantCulture)), At("height", (picture.Height * scale).ToString(CultureInfo.InvariantCulture)),
        At("src", "data:image/png;base64," + Convert.ToBase64String(picture.ToPng())));

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
