using System.Text.Json;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Tests.Data;

namespace FunctionalLeNet.Tests.Cli;

public sealed class EvaluateCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public EvaluateCommandTests() => Assert.Equal(0, CommandLine.Run(_folder, CommandLine.Short("--out", "run")).Code);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_figures_are_those_that_the_run_recorded()
    {
        var finished = (RunEvent.Finished)RunEvent.OfLine(File.ReadLines(Path.Join(_folder.Path, "run", RunFolder.MetricsFile)).Last());
        var line = Lines("evaluated").Single();
        Assert.Equal(
            (finished.TestLoss, finished.TestAccuracy, finished.LogitsSha256, 40),
            (line.GetProperty("test_loss").GetDouble(), line.GetProperty("test_accuracy").GetDouble(), line.GetProperty("logits_sha256").GetString(), line.GetProperty("images").GetInt32()));
    }

    [Fact]
    public void Matrix_classes_and_mistakes_count_the_same_images()
    {
        var matrix = Lines("evaluated").Single().GetProperty("confusion").EnumerateArray().Select(row => row.EnumerateArray().Select(count => count.GetInt32()).ToArray()).ToArray();
        var classes = Lines("class");
        var mistakes = Lines("mistake", "--mistakes", "1000");
        Assert.Equal((10, 40), (matrix.Length, matrix.Sum(row => row.Sum())));
        Assert.Equal(matrix.Select(row => row.Sum()), classes.Select(line => line.GetProperty("images").GetInt32()));
        Assert.Equal(matrix.Select((row, i) => row[i]), classes.Select(line => line.GetProperty("correct").GetInt32()));
        Assert.Equal(40 - matrix.Select((row, i) => row[i]).Sum(), mistakes.Count);
        Assert.All(Enumerable.Range(0, 100).Where(cell => cell / 10 != cell % 10), cell => Assert.Equal(
            matrix[cell / 10][cell % 10],
            mistakes.Count(line => (line.GetProperty("label").GetInt32(), line.GetProperty("answer").GetInt32()) == (cell / 10, cell % 10))));
    }

    [Fact]
    public void Mistakes_begin_with_the_least_probability_of_the_right_class()
    {
        var mistakes = Lines("mistake", "--mistakes", "1000").Select(line => (Label: line.GetProperty("label").GetInt32(), Answer: line.GetProperty("answer").GetInt32(), Probabilities: line.GetProperty("probabilities").EnumerateArray().Select(p => p.GetDouble()).ToArray())).ToList();
        Assert.NotEmpty(mistakes);
        Assert.Equal(mistakes.Select(mistake => mistake.Probabilities[mistake.Label]).Order(), mistakes.Select(mistake => mistake.Probabilities[mistake.Label]));
        Assert.All(mistakes, mistake =>
        {
            Assert.Equal(1, mistake.Probabilities.Sum(), 12);
            Assert.Equal(mistake.Probabilities.Max(), mistake.Probabilities[mistake.Answer]);
        });
    }

    [Fact]
    public void No_drawing_is_made_where_none_is_wanted()
    {
        var outcome = CommandLine.Run(_folder, "evaluate", "run", "--mistakes", "0");
        Assert.Equal(0, outcome.Code);
        Assert.Empty(Lines("mistake", "--mistakes", "0"));
        Assert.DoesNotContain("▀", outcome.Output, StringComparison.Ordinal);
        Assert.Matches(@"^\d+ mistakes\.$", outcome.OutputLines[^1]);
    }

    [Fact]
    public void A_run_whose_weights_were_changed_is_refused()
    {
        var file = Path.Join(_folder.Path, "run", RunFolder.WeightsFile);
        var bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file, bytes);
        var outcome = CommandLine.Run(_folder, "evaluate", "run");
        Assert.Equal((1, ""), (outcome.Code, outcome.Output));
        Assert.Contains("these are not the weights that the run recorded", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_has_not_finished_is_evaluated_as_far_as_it_came()
    {
        CommandLine.Interrupted(_folder, CommandLine.Short("--out", "stopped"));
        var outcome = CommandLine.Run(_folder, "evaluate", "stopped");
        Assert.Equal(0, outcome.Code);
        Assert.Contains("stopped has not finished: its weights after step 1 are used.", outcome.Error, StringComparison.Ordinal);
    }

    private List<JsonElement> Lines(string kind, params string[] more) =>
        [.. CommandLine.Run(_folder, ["evaluate", "run", "--json", .. more]).OutputLines.Select(line => JsonSerializer.Deserialize<JsonElement>(line)).Where(line => line.GetProperty("event").GetString() == kind)];
}
