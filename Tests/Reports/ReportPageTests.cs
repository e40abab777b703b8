using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Data;
using FunctionalLeNet.Experiments.Interop;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Experiments.Reports;
using FunctionalLeNet.Experiments.Training;
using FunctionalLeNet.Tests.Cli;
using FunctionalLeNet.Tests.Data;

namespace FunctionalLeNet.Tests.Reports;

/// <summary>A finished run of three epochs, once for all tests of its page.</summary>
public sealed class ReportedRun : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ReportedRun() => Assert.Equal(0, CommandLine.Run(_folder, "train", "digits", "--epochs", "3", "--train-limit", "300", "--test-limit", "120", "--out", "run").Code);

    internal string Html => File.ReadAllText(Path.Join(_folder.Path, "run", RunFolder.ReportFile));

    internal XElement Page => XDocument.Parse(Html).Root!;

    internal Metrics Metrics => Metrics.OfBytes(File.ReadAllBytes(Path.Join(_folder.Path, "run", RunFolder.MetricsFile)), "metrics");

    internal Tree<Tensor> Weights => ForeignWeights.Fitted(
        LeNet5.Digits.Network, "digits", ForeignWeights.Read(Path.Join(_folder.Path, "run", RunFolder.WeightsFile), RunFolder.WeightsFile, long.MaxValue), [], RunFolder.WeightsFile);

    public void Dispose() => _folder.Dispose();
}

public sealed partial class ReportPageTests(ReportedRun run) : IClassFixture<ReportedRun>
{
    [Fact]
    public void The_page_is_well_formed_and_in_html_nothing_closes_itself_that_may_not()
    {
        Assert.StartsWith("<!DOCTYPE html>\n<html lang=\"en\">", run.Html, StringComparison.Ordinal);
        Assert.Equal(["head", "body"], run.Page.Elements().Select(element => element.Name.LocalName));
        var outside = SvgElements().Replace(run.Html, "");
        Assert.All(Closed().Matches(outside), match => Assert.Contains(match.Groups[1].Value, (string[])["meta", "img"]));
        Assert.DoesNotContain("<script", run.Html, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Nothing_is_loaded_from_elsewhere()
    {
        Assert.DoesNotContain(run.Page.Descendants(), element => element.Name.LocalName is "script" or "link" or "iframe" or "object" or "embed" or "base");
        foreach (var attribute in run.Page.Descendants().Attributes())
            switch (attribute.Name.LocalName)
            {
                case "src":
                    Assert.StartsWith("data:image/png;base64,", attribute.Value, StringComparison.Ordinal);
                    break;
                case "href":
                    Assert.NotNull(run.Page.Descendants().SingleOrDefault(element => "#" + element.Attribute("id")?.Value == attribute.Value));
                    break;
                default:
                    Assert.DoesNotContain("http", attribute.Value.Replace("http-equiv", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
                    Assert.DoesNotContain("url(", attribute.Value.Replace("url(#", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
                    break;
            }

        var style = run.Page.Descendants("style").Single().Value;
        Assert.DoesNotContain("url(", style, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@import", style, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("default-src 'none'", run.Html, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_picture_has_an_alternative_text_and_every_name_is_given_once()
    {
        var pictures = run.Page.Descendants().Where(element => element.Name.LocalName is "img" or "svg").ToList();
        Assert.InRange(pictures.Count, 25, 100);
        Assert.All(pictures, picture => Assert.True((picture.Attribute("alt") ?? picture.Attribute("aria-label"))?.Value.Length > 5, picture.ToString()));
        Assert.All(pictures.Where(picture => picture.Name.LocalName == "svg"), picture => Assert.Equal("img", picture.Attribute("role")?.Value));
        var names = run.Page.Descendants().Attributes("id").Select(attribute => attribute.Value).ToList();
        Assert.Equal(names.Distinct(), names);
        Assert.All(ClipPaths().Matches(run.Html), path => Assert.Contains(path.Groups[1].Value, names));
    }

    [Fact]
    public void Colours_are_the_style_sheets()
    {
        var style = run.Page.Descendants("style").Single().Value;
        Assert.Contains("@media (prefers-color-scheme: dark)", style, StringComparison.Ordinal);
        Assert.Contains("@media print", style, StringComparison.Ordinal);
        foreach (var plot in run.Page.Descendants("svg").Select(plot => plot.ToString()))
        {
            Assert.DoesNotMatch(@"(fill|stroke)(:|="")(?!none|var\()", Opacities().Replace(plot, ""));
            Assert.All(Variables().Matches(plot), variable => Assert.Contains($"{variable.Groups[1].Value}:", style, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_matrix_and_the_classes_are_those_of_the_predictions_made_again()
    {
        var (predictions, labels) = Again();
        var counts = predictions.Zip(labels).CountBy(pair => pair).ToDictionary();
        var texts = Plot("Matrix").Descendants("text").Select(text => text.Value).ToList();
        Assert.Equal(
            counts.Values.Order(),
            texts.Where(text => text is not ("answer" or "class")).Select(text => int.Parse(text, CultureInfo.InvariantCulture)).Order().ToList() is var all ? Without(all, [.. Enumerable.Range(0, 10), .. Enumerable.Range(0, 10)]) : []);

        var rows = run.Page.Descendants("table").Single(table => table.Element("caption")?.Value.StartsWith("Accuracy by class", StringComparison.Ordinal) == true).Element("tbody")!.Elements("tr")
            .Select(row => row.Elements().Select(cell => cell.Value).ToList()).ToList();
        Assert.Equal(10, rows.Count);
        Assert.All(rows, row =>
        {
            var label = int.Parse(row[0], CultureInfo.InvariantCulture);
            var (count, right) = (labels.Count(other => other == label), counts.GetValueOrDefault((label, label)));
            var (low, high) = Interval.Wilson(right, count);
            Assert.Equal(
                [row[0], $"{count}", $"{right}", FormattableString.Invariant($"{100.0 * right / count:F1} %"), FormattableString.Invariant($"{100 * low:F1} to {100 * high:F1} %")],
                row);
        });
    }

    [Fact]
    public void The_mistakes_are_all_there_or_the_48_worst()
    {
        var (predictions, labels) = Again();
        var wrong = predictions.Zip(labels).Index().Where(pair => pair.Item.First != pair.Item.Second).ToDictionary(pair => $"#{pair.Index}", pair => $"{pair.Item.Second}→{pair.Item.First}");
        var shown = run.Page.Descendants("ul").Single(list => list.Attribute("class")?.Value == "mistakes").Elements("li").ToList();
        Assert.Equal(Math.Min(wrong.Count, 48), shown.Count);
        Assert.All(shown, item => Assert.Equal(wrong[item.Elements("span").First().Value], item.Element("b")!.Value));
    }

    [Fact]
    public void The_curves_have_a_point_for_each_measurement_in_their_order()
    {
        var epochs = run.Metrics.Lines.OfType<RunEvent.Epoch>().ToList();
        var curves = Plot("Curves of the accuracy").Descendants("polyline").Select(Points).Where(points => points.Count == epochs.Count).ToList();
        Assert.Equal(2, curves.Count);
        foreach (var (curve, values) in curves.Zip([epochs.Select(epoch => epoch.TrainAccuracy).ToList(), epochs.Select(epoch => epoch.TestAccuracy).ToList()]))
        {
            // SVG counts downwards, in straight lines: heights are a linear function of what they show.
            var (slope, start) = ((curve[2].Y - curve[0].Y) / (values[2] - values[0]), curve[0].Y);
            Assert.True(slope < 0);
            Assert.Equal(start + (slope * (values[1] - values[0])), curve[1].Y, 2);
        }
    }

    [Fact]
    public void What_the_page_says_of_the_end_is_what_was_recorded()
    {
        var finished = run.Metrics.Finished!;
        var facts = run.Page.Descendants("dd").Select(fact => fact.Nodes().OfType<XText>().First().Value).ToList();
        Assert.Equal([FormattableString.Invariant($"{100 * finished.TestAccuracy:F2} %"), FormattableString.Invariant($"{finished.TestLoss:F5}"), "3 epochs", "61,706"], facts.Take(4));
        Assert.Contains(finished.WeightsSha256, run.Html, StringComparison.Ordinal);
        Assert.Contains(finished.LogitsSha256, run.Html, StringComparison.Ordinal);
        Assert.Equal("lenet train digits --seed 0 --epochs 3 --train-limit 300 --test-limit 120", run.Page.Descendants("pre").First().Value);
        var manifest = JsonSerializer.Deserialize<JsonElement>(run.Page.Descendants("pre").Last().Value);
        Assert.Equal("digits", manifest.GetProperty("result").GetProperty("experiment").GetString());
    }

    [Fact]
    public void Histograms_are_recorded_at_the_start_and_after_each_epoch()
    {
        var lines = run.Metrics.Lines.OfType<RunEvent.Histograms>().ToList();
        Assert.Equal([0L, 5, 10, 15], lines.Select(line => line.AfterStep));
        Assert.All(lines, line => Assert.Equal(["conv1.weight", "conv2.weight", "fc1.weight", "fc2.weight", "fc3.weight"], line.Layers.Select(layer => layer.Name)));
        Assert.Equal(run.Weights.Leaves.Where(leaf => leaf.Path.EndsWith("weight", StringComparison.Ordinal)).Select(leaf => Histogram.Of(leaf.Value.ToArray())), lines[^1].Layers.Select(layer => layer.Weights));
        Assert.Equal(10, run.Page.Descendants("svg").Count(plot => plot.Attribute("aria-label")!.Value.StartsWith("Hills", StringComparison.Ordinal)));
    }

    private (EquatableArray<int> Predictions, List<int> Labels) Again()
    {
        var test = Train.Prepare(LeNet5.Digits, Digits.Load().Test).Take(120);
        using var workspace = new Workspace(1);
        return (Evaluate.Of(LeNet5.Digits.Network, run.Weights, test, workspace).Predictions, [.. test.Batch(120).Single().Labels]);
    }

    private XElement Plot(string alternative) => run.Page.Descendants("svg").Single(plot => plot.Attribute("aria-label")!.Value.StartsWith(alternative, StringComparison.Ordinal));

    private static List<int> Without(List<int> all, IEnumerable<int> some)
    {
        foreach (var one in some)
            Assert.True(all.Remove(one));
        return all;
    }

    private static List<(double X, double Y)> Points(XElement line) =>
        [.. line.Attribute("points")!.Value.Split(' ').Select(point => point.Split(',').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray()).Select(pair => (pair[0], pair[1]))];

    [GeneratedRegex("<svg .*?</svg>", RegexOptions.Singleline)]
    private static partial Regex SvgElements();

    [GeneratedRegex(@"<([a-z0-9]+)[^<>]*/>")]
    private static partial Regex Closed();

    [GeneratedRegex(@"url\(#([^)]*)\)")]
    private static partial Regex ClipPaths();

    [GeneratedRegex(@"var\((--[a-z-]+)\)")]
    private static partial Regex Variables();

    [GeneratedRegex(@"(fill|stroke)-(opacity|width|linejoin|dasharray):[^;""]*;?")]
    private static partial Regex Opacities();
}
