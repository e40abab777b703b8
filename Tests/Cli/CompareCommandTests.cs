using System.Text.Json;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Tests.Data;

namespace FunctionalLeNet.Tests.Cli;

public class CompareCommandTests
{
    [Fact]
    public void Settings_that_differ_come_first_then_metrics_with_differences_then_a_chart()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run(folder, CommandLine.Short("--lr", "0.002"));
        CommandLine.Run(folder, CommandLine.Short("--seed", "1", "--lr", "0.004"));
        var lines = CommandLine.Run(folder, "compare", "runs/digits-1", "runs/digits-2").OutputLines.Select(Squeezed).ToList();
        var (configuration, environment, metrics, chart) = (At("Configuration"), At("Environment"), At("Metrics"), At("Training loss"));
        Assert.True(configuration < environment && environment < metrics && metrics < chart, string.Join('\n', lines));
        Assert.Equal(["seed 0 1", "optimizer.learning_rate 0.002 0.004"], lines[(configuration + 4)..(environment - 1)]);
        Assert.Equal("The same in all runs.", lines[environment + 1]);
        var ends = Runs(folder).Select(run => run.End!).ToList();
        Assert.StartsWith(FormattableString.Invariant($"A {100 * ends[0].TestAccuracy:F2} {ends[0].TestLoss:F5} "), lines[metrics + 4], StringComparison.Ordinal);
        Assert.StartsWith(
            FormattableString.Invariant($"B {100 * ends[1].TestAccuracy:F2} {100 * (ends[1].TestAccuracy - ends[0].TestAccuracy):+0.00;-0.00;0.00} {ends[1].TestLoss:F5} {ends[1].TestLoss - ends[0].TestLoss:+0.00000;-0.00000;0.00000} "),
            lines[metrics + 5],
            StringComparison.Ordinal);
        Assert.Contains(lines[chart..], line => line.Contains("Test accuracy", StringComparison.Ordinal));

        int At(string heading) => lines.FindIndex(line => line.StartsWith(heading, StringComparison.Ordinal));
    }

    [Fact]
    public void Json_has_an_object_a_setting_that_differs_and_an_object_a_run()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run(folder, CommandLine.Short());
        CommandLine.Run(folder, CommandLine.Short("--threads", "1"));
        CommandLine.Run(folder, ["train", "folk", "--data", "digits", "--steps", "2", "--test-limit", "10"]);
        var objects = CommandLine.Run(folder, "compare", "runs/digits-1", "runs/digits-2", "runs/folk-1", "--json").OutputLines.Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        var settings = objects.Where(line => Text(line, "event") == "setting").ToDictionary(line => Text(line, "name"), line => line.GetProperty("values").ToString());
        Assert.Equal("""["digits","digits","folk"]""", settings["experiment"]);
        Assert.Equal("""["Convolution 6@5x5","Convolution 6@5x5",null]""", settings["network.layers.conv1.layer"]);
        Assert.Equal("[70,70,null]", settings["train_limit"]);
        Assert.DoesNotContain("seed", settings.Keys);
        Assert.Equal("""["threads"]""", JsonSerializer.Serialize(objects.Where(line => Text(line, "event") == "environment").Select(line => Text(line, "name"))));
        var runs = objects.Where(line => Text(line, "event") == "run").ToList();
        Assert.Equal(["runs/digits-1", "runs/digits-2", "runs/folk-1"], runs.Select(run => Text(run, "run")));
        Assert.Equal([true, true, false], runs.Select(run => run.GetProperty("same_weights").GetBoolean()));
        Assert.Equal(0, runs[1].GetProperty("test_loss_difference").GetDouble());
        Assert.Equal(Runs(folder)[2].End!.TestLoss - Runs(folder)[0].End!.TestLoss, runs[2].GetProperty("test_loss_difference").GetDouble());
    }

    [Fact]
    public void A_run_that_was_stopped_is_compared_as_far_as_it_came()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run(folder, CommandLine.Short("--out", "whole"));
        CommandLine.Run(folder, CommandLine.Short("--out", "stopped"));
        var metrics = Path.Join(folder.Path, "stopped/metrics.jsonl");
        // Within the fifth step's line.
        File.WriteAllText(metrics, string.Join('\n', File.ReadLines(metrics).TakeWhile(line => !line.StartsWith("{\"event\":\"step\",\"step\":5", StringComparison.Ordinal))) + "\n{\"event\":\"st");
        var output = CommandLine.Run(folder, "compare", "whole", "stopped").Output;
        Assert.Contains("B  stopped: digits, unfinished after step 4", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nowhere", "nowhere: there is no such run")]
    [InlineData("cache", "cache: this folder is no run")]
    [InlineData("torn", "torn/metrics.jsonl: line 3 is no event of a run")]
    [InlineData("other", "other/manifest.json: this is no manifest of a run")]
    public void What_cannot_be_compared_is_one_line(string name, string message)
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run(folder, CommandLine.Short("--out", "run"));
        CommandLine.Run(folder, CommandLine.Short("--out", "torn"));
        var metrics = Path.Join(folder.Path, "torn/metrics.jsonl");
        File.WriteAllLines(metrics, File.ReadAllLines(metrics).Select((line, i) => i == 2 ? line[..^4] : line));
        folder.Write("other/manifest.json", "{}"u8.ToArray());
        Directory.CreateDirectory(Path.Join(folder.Path, "cache"));
        var outcome = CommandLine.Run(folder, "compare", "run", name);
        Assert.Equal((1, ""), (outcome.Code, outcome.Output));
        Assert.StartsWith($"lenet: {message}", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public void One_run_is_no_comparison()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal((2, "lenet: 'lenet compare' needs two runs or more. 'lenet list --runs' lists them."), (CommandLine.Run(folder, "compare", "one").Code, CommandLine.Run(folder, "compare", "one").ErrorLines.Single()));
        Assert.Contains("needs RUN", CommandLine.Run(folder, "compare").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_are_listed_in_the_order_of_their_numbers_with_what_became_of_them()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("There are no runs", CommandLine.Run(folder, "list", "--runs").Error, StringComparison.Ordinal);
        foreach (var name in (string[])["runs/digits-10", "runs/digits-9", "runs/a sweep/lr=0.1"])
            CommandLine.Run(folder, CommandLine.Short("--out", name));
        CommandLine.Run(folder, CommandLine.Short("--out", "runs/failed", "--lr", "1e30"));
        folder.Write("runs/damaged/manifest.json", "{"u8.ToArray());
        folder.Write("runs/.being-made/manifest.json", "{"u8.ToArray());
        folder.Write("runs/note.txt", []);
        var listed = CommandLine.Run(folder, "list", "--runs", "--json").OutputLines.Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        Assert.Equal(
            [("runs/a sweep/lr=0.1", "finished"), ("runs/damaged", "damaged"), ("runs/digits-9", "finished"), ("runs/digits-10", "finished"), ("runs/failed", "failed")],
            listed.Select(run => (Text(run, "run"), Text(run, "state"))));
        Assert.Equal(Runs(folder, "runs/digits-9").Single().End!.TestAccuracy, listed[2].GetProperty("test_accuracy").GetDouble());
        var lines = CommandLine.Run(folder, "list", "--runs").OutputLines.Select(Squeezed).ToList();
        Assert.Contains(lines, line => line.StartsWith("runs/digits-10 digits 0 finished 6 ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("runs/damaged/manifest.json: this is no manifest of a run", StringComparison.Ordinal));
    }

    private static List<RecordedRun> Runs(TemporaryFolder folder, params string[] names) =>
        [.. (names.Length > 0 ? names : ["runs/digits-1", "runs/digits-2", "runs/folk-1"]).Where(name => Directory.Exists(Path.Join(folder.Path, name))).Select(name => RecordedRun.Of(StoredRun.Read(folder.Path, name)))];

    private static string Text(JsonElement line, string member) => line.GetProperty(member).GetString()!;

    private static string Squeezed(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
