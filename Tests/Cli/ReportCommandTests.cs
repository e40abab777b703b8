using System.Text.Json;
using System.Xml.Linq;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Tests.Data;

namespace FunctionalLeNet.Tests.Cli;

public sealed class ReportCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ReportCommandTests() => Assert.Equal(0, CommandLine.Run(_folder, CommandLine.Short("--out", "run", "--threads", "1")).Code);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_report_written_again_has_the_same_bytes_and_the_run_is_whole()
    {
        var before = File.ReadAllBytes(InRun(RunFolder.ReportFile));
        File.WriteAllText(InRun(RunFolder.ReportFile), "lost");
        var outcome = CommandLine.Run(_folder, "report", "run");
        Assert.Equal((0, $"Wrote run/report.html, {before.Length:N0} bytes.\n"), (outcome.Code, outcome.Output.ReplaceLineEndings("\n")));
        Assert.Equal(before, File.ReadAllBytes(InRun(RunFolder.ReportFile)));
        Assert.Equal(0, CommandLine.Run(_folder, "verify", "run").Code);
    }

    [Fact]
    public void A_report_belongs_to_its_run_which_is_no_longer_whole_when_it_is_changed()
    {
        File.AppendAllText(InRun(RunFolder.ReportFile), "<p>better</p>");
        var outcome = CommandLine.Run(_folder, "verify", "run");
        Assert.Equal(1, outcome.Code);
        Assert.Contains("report.html was changed", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Figures_are_files_of_the_run()
    {
        var lines = CommandLine.Run(_folder, "report", "run", "--figures", "--json").OutputLines.Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        var files = lines.Select(line => line.GetProperty("file").GetString()!).ToList();
        Assert.Equal(RunFolder.ReportFile, files[0]);
        Assert.Superset(
            new HashSet<string> { "figures/loss.png", "figures/accuracy.png", "figures/learning-rate.png", "figures/confusion.png", "figures/classes.png", "figures/mistakes.png", "figures/filters-conv1.png", "figures/filters-conv2.png", "figures/maps-00-input.png", "figures/maps-12-fc3.png", "figures/histograms-fc3-gradients.png" },
            files.ToHashSet());
        Assert.Contains("figures/loss.svg", files);
        Assert.All(files.Where(file => file.EndsWith(".svg", StringComparison.Ordinal)), file => Assert.Equal(("svg", "http://www.w3.org/2000/svg"), XDocument.Load(InRun(file)).Root!.Name is var name ? (name.LocalName, name.NamespaceName) : default));
        Assert.All(files.Where(file => file.EndsWith(".png", StringComparison.Ordinal)), file => Assert.Equal([137, 80, 78, 71, 13, 10, 26, 10], File.ReadAllBytes(InRun(file)).Take(8)));
        Assert.All(lines, line => Assert.Contains($"{line.GetProperty("sha256").GetString()}  {line.GetProperty("file").GetString()}", File.ReadAllText(InRun(RunSums.FileName)), StringComparison.Ordinal));
        Assert.Equal(0, CommandLine.Run(_folder, "verify", "run").Code);
    }

    [Fact]
    public void Training_writes_them_where_they_are_asked_for_and_going_on_drops_them()
    {
        Assert.Equal(0, CommandLine.Run(_folder, CommandLine.Short("--out", "other", "--figures")).Code);
        Assert.Contains("other/figures/loss.png", _folder.Files);
        Assert.Equal(File.ReadAllBytes(InRun(RunFolder.WeightsFile)), File.ReadAllBytes(Path.Join(_folder.Path, "other", RunFolder.WeightsFile)));
        Assert.Equal(0, CommandLine.Run(_folder, "resume", "other", "--epochs", "3").Code);
        Assert.DoesNotContain("other/figures/loss.png", _folder.Files);
        Assert.Contains("3 epochs", File.ReadAllText(Path.Join(_folder.Path, "other", RunFolder.ReportFile)), StringComparison.Ordinal);
        Assert.Equal(0, CommandLine.Run(_folder, "verify", "other").Code);
    }

    [Fact]
    public void A_run_stopped_and_resumed_tells_the_same()
    {
        CommandLine.Interrupted(_folder, CommandLine.Short("--out", "stopped"));
        Assert.Equal(0, CommandLine.Run(_folder, "resume", "stopped").Code);
        Assert.Equal(Timeless(InRun(RunFolder.ReportFile)), Timeless(Path.Join(_folder.Path, "stopped", RunFolder.ReportFile)));
        static string[] Timeless(string file) => [.. File.ReadLines(file).Where(line => !line.Contains("<dt>took</dt>", StringComparison.Ordinal) && !line.Contains("id=\"manifest\"", StringComparison.Ordinal) && !line.Contains("lenet verify", StringComparison.Ordinal) && !line.Contains("<title>", StringComparison.Ordinal) && !line.StartsWith("  ", StringComparison.Ordinal))];
    }

    [Fact]
    public void A_run_that_has_not_finished_is_refused()
    {
        CommandLine.Interrupted(_folder, CommandLine.Short("--out", "stopped"));
        Refused("stopped has not finished, and a report tells of a whole run: 'lenet resume stopped' goes on with it", "report", "stopped");
        Assert.DoesNotContain("stopped/report.html", _folder.Files);
    }

    [Theory]
    [InlineData(RunFolder.WeightsFile, "these are not the weights that the run recorded")]
    [InlineData(RunFolder.MetricsFile, "is no event of a run")]
    [InlineData(RunFolder.ManifestFile, "this is no manifest of a run")]
    public void A_damaged_run_is_refused_and_keeps_its_report(string file, string message)
    {
        var (bytes, report) = (File.ReadAllBytes(InRun(file)), File.ReadAllBytes(InRun(RunFolder.ReportFile)));
        if (file == RunFolder.WeightsFile)
            bytes[^1] ^= 1;
        else
            bytes[0] = (byte)'?';
        File.WriteAllBytes(InRun(file), bytes);
        Refused(message, "report", "run");
        Assert.Equal(report, File.ReadAllBytes(InRun(RunFolder.ReportFile)));
    }

    [Fact]
    public void What_is_no_run_is_refused()
    {
        Directory.CreateDirectory(Path.Join(_folder.Path, "empty"));
        Refused("there is no such run", "report", "nowhere");
        Refused("this folder is no run", "report", "empty");
        Assert.Equal(2, CommandLine.Run(_folder, "report").Code);
    }

    /// <summary>Runs of older programs have no histograms: they are verified and reported all the same.</summary>
    [Fact]
    public void A_run_that_recorded_no_histograms_is_verified_and_reported()
    {
        File.WriteAllLines(InRun(RunFolder.MetricsFile), File.ReadAllLines(InRun(RunFolder.MetricsFile)).Where(line => RunEvent.OfLine(line) is not RunEvent.Histograms));
        RunSums.Write(Path.Join(_folder.Path, "run"));
        Assert.Equal(0, CommandLine.Run(_folder, "report", "run").Code);
        Assert.Contains("made by a program that did not record them", File.ReadAllText(InRun(RunFolder.ReportFile)), StringComparison.Ordinal);
        Assert.Equal(0, CommandLine.Run(_folder, "verify", "run").Code);
    }

    [Fact]
    public void Verify_names_the_layer_whose_histogram_differs()
    {
        File.WriteAllLines(InRun(RunFolder.MetricsFile), File.ReadAllLines(InRun(RunFolder.MetricsFile)).Select(line => RunEvent.OfLine(line) is RunEvent.Histograms { AfterStep: 3 } histograms
            ? (histograms with { Layers = [histograms.Layers[0], histograms.Layers[1] with { Gradients = Histogram.Of([1, 2]) }, .. histograms.Layers.Skip(2)] }).ToLine()
            : line));
        RunSums.Write(Path.Join(_folder.Path, "run"));
        var outcome = CommandLine.Run(_folder, "verify", "run");
        Assert.Equal(1, outcome.Code);
        Assert.Contains("histograms after step 3: they differ; the first layer that differs is 'conv2'", outcome.Output, StringComparison.Ordinal);
    }

    private void Refused(string message, params string[] arguments)
    {
        var outcome = CommandLine.Run(_folder, arguments);
        Assert.Equal((1, ""), (outcome.Code, outcome.Output));
        Assert.Contains(message, Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
    }

    private string InRun(string file) => Path.Join(_folder.Path, "run", file);
}
