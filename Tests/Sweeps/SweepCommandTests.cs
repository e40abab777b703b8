using System.Text;
using System.Text.Json;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Tests.Cli;
using FunctionalLeNet.Tests.Data;

namespace FunctionalLeNet.Tests.Sweeps;

public class SweepCommandTests
{
    private const string Settings = "experiment = \"digits\"\ntrain-limit = 70\ntest-limit = 40\nepochs = 2\n";
    private const string Batch = "batch = 32\n";

    [Fact]
    public void A_failed_run_stops_no_other_finished_ones_are_skipped_and_the_table_is_over_all()
    {
        using var folder = new TemporaryFolder();
        Write(folder, Settings + Batch + "[axes]\nlr = [1e30, 0.002]\nseed = \"0..1\"");
        CommandLine.Run(folder, CommandLine.Short("--seed", "1", "--lr", "0.002", "--out", "runs/s/lr=0.002,seed=1"));
        var before = File.GetLastWriteTimeUtc(Path.Join(folder.Path, "runs/s/lr=0.002,seed=1/metrics.jsonl"));

        var outcome = CommandLine.Run(folder, "sweep", "s.toml", "--jobs", "2", "--json");
        var lines = Lines(outcome);
        Assert.Equal(1, outcome.Code);
        Assert.Equal(["failed", "failed", "finished", "skipped"], Runs(lines).Select(run => Text(run, "state")));
        Assert.Contains("The loss is not finite", Text(Runs(lines)[0], "problem"), StringComparison.Ordinal);
        Assert.Equal(before, File.GetLastWriteTimeUtc(Path.Join(folder.Path, "runs/s/lr=0.002,seed=1/metrics.jsonl")));

        var ends = new[] { 0, 1 }.Select(seed => StoredRun.Read(folder.Path, $"runs/s/lr=0.002,seed={seed}").Metrics.Finished!).ToList();
        var group = Assert.Single(lines, line => Text(line, "event") == "group");
        Assert.Equal("""{"lr":"0.002"}""", group.GetProperty("values").GetRawText());
        Assert.Equal(ends.Average(end => end.TestLoss), group.GetProperty("test_loss_mean").GetDouble(), 12);
        Assert.Equal(Math.Abs(ends[0].TestLoss - ends[1].TestLoss) / Math.Sqrt(2), group.GetProperty("test_loss_deviation").GetDouble(), 12);
        Assert.Equal(ends.Average(end => end.TestAccuracy), group.GetProperty("test_accuracy_mean").GetDouble(), 12);
        Assert.Equal("""{"event":"sweep","runs":4,"finished":1,"skipped":1,"failed":2,"missing":0}""", outcome.OutputLines[^1]);

        // Again: there is nothing left to do, and a loss that was not finite is not tried again.
        var again = CommandLine.Run(folder, "sweep", "s.toml");
        Assert.Equal((1, "4 runs: 2 finished before, 2 failed."), (again.Code, again.OutputLines[^1]));
        Assert.Contains(again.OutputLines, line => line.StartsWith(" 0.002     2 ", StringComparison.Ordinal) && line.Contains('±', StringComparison.Ordinal));
        Assert.Equal("4 runs: 2 finished, 2 failed.", CommandLine.Run(folder, "sweep", "s.toml", "--collect").OutputLines[^1]);
        Assert.Equal("4 runs: 2 finished, 2 failed.", CommandLine.Run(folder, "sweep", "s.toml", "--slurm").OutputLines[^1]);
    }

    [Fact]
    public void A_run_that_was_stopped_goes_on_to_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        Write(folder, Settings + Batch + "[axes]\nseed = [0, 1]");
        CommandLine.Run(folder, CommandLine.Short("--seed", "1", "--out", "whole"));
        Assert.Equal(130, CommandLine.Interrupted(folder, CommandLine.Short("--seed", "1", "--out", "runs/s/seed=1")).Code);
        Assert.Equal(["missing", "unfinished"], Runs(Lines(CommandLine.Run(folder, "sweep", "s.toml", "--dry-run", "--json"))).Select(run => Text(run, "state")));
        var outcome = CommandLine.Run(folder, "sweep", "s.toml");
        Assert.Equal((0, "2 runs: 2 finished."), (outcome.Code, outcome.OutputLines[^1]));
        Assert.Equal(File.ReadAllBytes(Path.Join(folder.Path, "whole/weights.safetensors")), File.ReadAllBytes(Path.Join(folder.Path, "runs/s/seed=1/weights.safetensors")));
    }

    [Fact]
    public void With_several_axes_there_is_a_table_of_their_combinations_and_one_of_each()
    {
        using var folder = new TemporaryFolder();
        Write(folder, Settings + "[axes]\nlr = [0.001, 0.002]\nbatch = [16, 32]");
        foreach (var (lr, batch) in new[] { ("0.001", "16"), ("0.001", "32"), ("0.002", "16") })
            CommandLine.Run(folder, CommandLine.Short("--lr", lr, "--batch", batch, "--out", $"runs/s/lr={lr},batch={batch}"));
        var outcome = CommandLine.Run(folder, "sweep", "s.toml", "--collect", "--json");
        Assert.Equal(1, outcome.Code);
        Assert.Equal(
            [("""{"lr":"0.001","batch":"16"}""", 1), ("""{"lr":"0.001","batch":"32"}""", 1), ("""{"lr":"0.002","batch":"16"}""", 1), ("""{"lr":"0.001"}""", 2), ("""{"lr":"0.002"}""", 1), ("""{"batch":"16"}""", 2), ("""{"batch":"32"}""", 1)],
            Lines(outcome).Where(line => Text(line, "event") == "group").Select(line => (line.GetProperty("values").GetRawText(), line.GetProperty("runs").GetInt32())));
        Assert.False(Lines(outcome).First(line => Text(line, "event") == "group").TryGetProperty("test_loss_deviation", out _));
        Assert.Equal("""{"event":"sweep","runs":4,"finished":3,"skipped":0,"failed":0,"missing":1}""", outcome.OutputLines[^1]);
    }

    [Theory]
    [InlineData("--seed 0 --lr 0.003", "optimizer.learning_rate is 0.003 there, and 0.002 in the sweep")]
    [InlineData("--seed 7 --lr 0.002", "seed is 7 there, and 0 in the sweep")]
    [InlineData("--seed 0 --lr 0.002 --epochs 1", "limit.epochs is 1 there, and 2 in the sweep")]
    [InlineData("--seed 0 --lr 0.002 --numerics mathnet", "numerics is mathnet there, and exact in the sweep")]
    public void A_folder_with_another_run_is_not_taken_for_the_sweeps(string options, string message)
    {
        using var folder = new TemporaryFolder();
        Write(folder, Settings + Batch + "[axes]\nlr = [0.002]\nseed = [0]");
        CommandLine.Run(folder, ["train", "digits", "--train-limit", "70", "--test-limit", "40", "--batch", "32", "--out", "runs/s/lr=0.002,seed=0", .. options.Contains("--epochs", StringComparison.Ordinal) ? [] : new[] { "--epochs", "2" }, .. options.Split(' ')]);
        var outcome = CommandLine.Run(folder, "sweep", "s.toml");
        Assert.Equal((1, "1 run: 1 failed."), (outcome.Code, outcome.OutputLines[^1]));
        Assert.Contains(message, outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dry_run_prints_command_lines_and_does_nothing()
    {
        using var folder = new TemporaryFolder();
        Write(folder, Settings + Batch + "[axes]\nseed = [0, 1]");
        Assert.Equal(
            [
                "s: 2 runs (2 seed) in runs/s",
                "lenet train digits --train-limit 70 --test-limit 40 --epochs 2 --batch 32 --seed 0 --out runs/s/seed=0",
                "lenet train digits --train-limit 70 --test-limit 40 --epochs 2 --batch 32 --seed 1 --out runs/s/seed=1",
            ],
            CommandLine.Run(folder, "sweep", "s.toml", "--dry-run").OutputLines);
        Assert.Equal(["missing", "missing"], Lines(CommandLine.Run(folder, "sweep", "s.toml", "--dry-run", "--json")).Select(line => Text(line, "state")));
        Assert.Equal(["s.toml"], folder.Files);
    }

    [Fact]
    public void An_interrupt_starts_no_further_run()
    {
        using var folder = new TemporaryFolder();
        Write(folder, Settings + Batch + "[axes]\nseed = [0, 1]");
        using var interrupt = new CancellationTokenSource();
        interrupt.Cancel();
        var outcome = CommandLine.Run(folder, world => world with { Interrupt = interrupt.Token }, "sweep", "s.toml");
        Assert.Equal(130, outcome.Code);
        Assert.Contains("goes on where it stopped", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(["s.toml"], folder.Files);
    }

    [Theory]
    [InlineData("sweep", 2, "needs FILE")]
    [InlineData("sweep nowhere.toml", 1, "nowhere.toml: cannot be read: found no such file")]
    [InlineData("sweep s.toml --slurm --collect", 2, "exclude each other")]
    [InlineData("sweep s.toml --jobs 0", 2, "--jobs takes a whole number from 1")]
    public void Wrong_usage_is_one_line(string command, int code, string message)
    {
        using var folder = new TemporaryFolder();
        var outcome = CommandLine.Run(folder, command.Split(' '));
        Assert.Equal((code, ""), (outcome.Code, outcome.Output));
        Assert.Contains(message, Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
    }

    private static void Write(TemporaryFolder folder, string toml) => folder.Write("s.toml", Encoding.UTF8.GetBytes(toml));

    private static List<JsonElement> Lines(Outcome outcome) => [.. outcome.OutputLines.Select(line => JsonSerializer.Deserialize<JsonElement>(line))];

    private static List<JsonElement> Runs(List<JsonElement> lines) => [.. lines.Where(line => Text(line, "event") == "run").OrderBy(line => line.GetProperty("number").GetInt32())];

    private static string Text(JsonElement line, string member) => line.GetProperty(member).GetString()!;
}
