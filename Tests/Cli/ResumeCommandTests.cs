using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Tests.Data;
using FunctionalLeNet.Tests.Records;

namespace FunctionalLeNet.Tests.Cli;

public class ResumeCommandTests
{
    /// <summary>Two epochs of three steps, interrupted after every single step, each time on other threads.</summary>
    [Theory]
    [InlineData("digits")]
    [InlineData("folk")]
    public void A_run_interrupted_after_every_step_is_the_run_that_never_stopped(string experiment)
    {
        using var folder = new TemporaryFolder();
        string[] train = ["train", experiment, "--data", "digits", "--epochs", "2", "--train-limit", "70", "--test-limit", "40", "--batch", "32", "--json", "--out"];
        var whole = CommandLine.Run(folder, [.. train, "whole"]);
        Assert.Equal(130, Interrupted(folder, [.. train, "run"]).Code);
        for (var step = 1; step < 6; step++)
        {
            var again = Interrupted(folder, "resume", "run", "--threads", $"{1 + (step % 3)}", "--json");
            Assert.Equal((130, (long)step), (again.Code, Assert.IsType<RunEvent.Resume>(RunEvent.OfLine(again.OutputLines[0])).AfterStep));
        }

        var last = CommandLine.Run(folder, "resume", "run", "--json");
        Assert.Equal(0, last.Code);
        Assert.Equal(Recorded.Timeless(whole.OutputLines[^1]), Recorded.Timeless(last.OutputLines[^1]));
        Assert.Equal(Metrics(folder, "whole"), Metrics(folder, "run"));
        Assert.Equal(File.ReadAllBytes(Path.Join(folder.Path, "whole/weights.safetensors")), File.ReadAllBytes(Path.Join(folder.Path, "run/weights.safetensors")));
        Assert.Equal(Manifest(folder, "whole").Result, Manifest(folder, "run").Result);
    }

    [Theory]
    [InlineData("--epochs", "4")]
    [InlineData("--steps", "11")]
    public void A_raised_limit_goes_on_as_if_it_had_been_the_limit_from_the_start(string option, string value)
    {
        using var folder = new TemporaryFolder();
        string[] train = ["train", "folk", "--data", "digits", "--train-limit", "70", "--test-limit", "40", "--batch", "32", "--out"];
        CommandLine.Run(folder, [.. train, "whole", option, value]);
        CommandLine.Run(folder, [.. train, "run", "--steps", "5"]);
        Assert.Equal(0, CommandLine.Run(folder, "resume", "run", option, value).Code);
        Assert.Equal(Manifest(folder, "whole").Result, Manifest(folder, "run").Result);
        Assert.Equal(Metrics(folder, "whole").Where(line => line.Contains("step\":", StringComparison.Ordinal)).Last(), Metrics(folder, "run").Where(line => line.Contains("step\":", StringComparison.Ordinal)).Last());
        Assert.Equal(File.ReadAllBytes(Path.Join(folder.Path, "whole/weights.safetensors")), File.ReadAllBytes(Path.Join(folder.Path, "run/weights.safetensors")));
    }

    [Fact]
    public void A_schedule_that_follows_the_limit_is_recorded_when_the_limit_is_raised()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run(folder, CommandLine.Short("--out", "run"));
        var checkpoints = new CheckpointFolder(Path.Join(folder.Path, "run"));
        var third = checkpoints.Read(3);
        var outcome = CommandLine.Run(folder, "resume", "run", "--epochs", "3");
        Assert.Equal(0, outcome.Code);
        Assert.Contains("triangle", outcome.Error, StringComparison.Ordinal);
        Assert.Equal([new ManifestEarlierLimit(6, new(2, null))], Manifest(folder, "run").Result.EarlierLimits);
        // From an older checkpoint the schedule is the one that was in force then.
        var weights = File.ReadAllBytes(Path.Join(folder.Path, "run/weights.safetensors"));
        File.Delete(Path.Join(folder.Path, "run/SHA256SUMS"));
        checkpoints.DropAfter(3);
        File.WriteAllBytes(checkpoints.FileOf(3), third);
        Assert.Equal(0, CommandLine.Run(folder, "resume", "run").Code);
        Assert.Equal(weights, File.ReadAllBytes(Path.Join(folder.Path, "run/weights.safetensors")));
    }

    [Fact]
    public void A_finished_run_repeats_its_last_line_and_is_not_touched()
    {
        using var folder = new TemporaryFolder();
        var first = CommandLine.Run(folder, CommandLine.Short("--json"));
        var before = folder.Files.ToDictionary(file => file, file => Convert.ToHexString(File.ReadAllBytes(Path.Join(folder.Path, file))));
        var again = CommandLine.Run(folder, "resume", "digits-1", "--json");
        Assert.Equal((0, first.OutputLines[^1]), (again.Code, Assert.Single(again.OutputLines)));
        Assert.Equal(first.OutputLines[^1], Assert.Single(CommandLine.Run(folder, "resume", "runs/digits-1", "--epochs", "2", "--json").OutputLines));
        Assert.Equal(before, folder.Files.ToDictionary(file => file, file => Convert.ToHexString(File.ReadAllBytes(Path.Join(folder.Path, file)))));
        var lower = CommandLine.Run(folder, "resume", "runs/digits-1", "--epochs", "1");
        Assert.Equal(1, lower.Code);
        Assert.Contains("can only be raised: it is 2 epochs (6 steps), but 1 epoch (3 steps) was asked for", Assert.Single(lower.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_checkpoint_is_seen_and_the_one_before_it_used()
    {
        using var folder = new TemporaryFolder();
        var whole = CommandLine.Run(folder, CommandLine.Short("--json", "--out", "whole"));
        InterruptedAt(folder, 5, CommandLine.Short("--checkpoint-every", "1", "--out", "run"));
        var newest = Path.Join(folder.Path, "run/checkpoints/5.safetensors");
        var bytes = File.ReadAllBytes(newest);
        bytes[^1] ^= 1;
        File.WriteAllBytes(newest, bytes);
        // A file that was being written is none.
        File.WriteAllBytes(newest + ".partial-1", bytes);
        // Nor is a line without its end one.
        File.AppendAllText(Path.Join(folder.Path, "run/metrics.jsonl"), """{"event":"step","ste""");
        var outcome = CommandLine.Run(folder, "resume", "run", "--json");
        Assert.Contains("5.safetensors is torn or damaged", outcome.ErrorLines[0], StringComparison.Ordinal);
        Assert.Equal(4, Assert.IsType<RunEvent.Resume>(RunEvent.OfLine(outcome.OutputLines[0])).AfterStep);
        Assert.Equal(Recorded.Timeless(whole.OutputLines[^1]), Recorded.Timeless(outcome.OutputLines[^1]));
        Assert.Equal(Metrics(folder, "whole"), Metrics(folder, "run"));
    }

    [Fact]
    public void What_cannot_be_gone_on_with_is_one_line()
    {
        using var folder = new TemporaryFolder();
        InterruptedAt(folder, 2, CommandLine.Short("--out", "run"));
        InterruptedAt(folder, 2, CommandLine.Short("--out", "other", "--lr", "0.5"));
        string Path(string name) => System.IO.Path.Join(folder.Path, "run", name);
        var (manifest, checkpoint) = (File.ReadAllText(Path("manifest.json")), File.ReadAllBytes(Path("checkpoints/2.safetensors")));

        Fails("there is no such run", "nothing");
        Directory.CreateDirectory(System.IO.Path.Join(folder.Path, "empty"));
        Fails("this folder is no run", "empty");

        File.WriteAllBytes(Path("checkpoints/2.safetensors"), File.ReadAllBytes(System.IO.Path.Join(folder.Path, "other/checkpoints/2.safetensors")));
        Fails("run/checkpoints/2.safetensors: this checkpoint belongs to another run", "run");
        File.WriteAllBytes(Path("checkpoints/2.safetensors"), checkpoint);

        File.WriteAllText(Path("manifest.json"), manifest.Replace("\"schema_version\": 1", "\"schema_version\": 2", StringComparison.Ordinal));
        Fails("written by a newer program", "run");
        File.WriteAllText(Path("manifest.json"), manifest.Replace("\"experiment\": \"digits\"", "\"experiment\": \"fingers\"", StringComparison.Ordinal));
        Fails("this program does not know the run's experiment", "run");
        File.WriteAllText(Path("manifest.json"), manifest.Replace("\"padding\": 2", "\"padding\": 3", StringComparison.Ordinal));
        Fails("configuration.padding differs: expected 2, found 3", "run");
        File.WriteAllText(Path("manifest.json"), manifest[..^40]);
        Fails("this is no manifest of a run", "run");
        File.WriteAllText(Path("manifest.json"), manifest);

        using (RunLock.Take(Path(""), DateTimeOffset.UnixEpoch))
            Fails("another process writes this run", "run");
        Assert.Equal(0, CommandLine.Run(folder, "resume", "run").Code);

        void Fails(string message, string run)
        {
            var outcome = CommandLine.Run(folder, "resume", run);
            Assert.Equal((1, ""), (outcome.Code, outcome.Output));
            Assert.Contains(message, Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Data_that_vanished_or_changed_is_named()
    {
        using var folder = new TemporaryFolder();
        TinyDigits.Write(folder, "data");
        InterruptedAt(folder, 2, "train", "folk", "--data", "data", "--epochs", "1", "--batch", "32", "--out", "run");
        var labels = Path.Join(folder.Path, "data/train-labels-idx1-ubyte");
        var bytes = File.ReadAllBytes(labels);
        File.WriteAllBytes(labels, [.. bytes[..^1], (byte)((bytes[^1] + 1) % 10)]);
        Fails("train-labels-idx1-ubyte: the run run had other data: expected SHA-256 ");
        File.Delete(labels);
        Fails("found no train-labels-idx1-ubyte");
        File.WriteAllBytes(labels, bytes);
        Directory.Move(Path.Join(folder.Path, "data"), Path.Join(folder.Path, "elsewhere"));
        Fails("which is not here");
        Assert.Equal(0, CommandLine.Run(folder, "resume", "run", "--data", "elsewhere").Code);

        void Fails(string message)
        {
            var outcome = CommandLine.Run(folder, "resume", "run");
            Assert.Equal((1, ""), (outcome.Code, outcome.Output));
            Assert.Contains(message, Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
        }
    }

    /// <summary>A command that is interrupted before it begins, and so after its first step.</summary>
    private static Outcome Interrupted(TemporaryFolder folder, params string[] arguments) => InterruptedAt(folder, 1, arguments);

    private static Outcome InterruptedAt(TemporaryFolder folder, int step, params string[] arguments)
    {
        using var interrupt = new CancellationTokenSource();
        // The clock is asked once at the start, and three times a step, the last time as it rests.
        var asked = 0;
        var outcome = CommandLine.Run(
            folder,
            world => world with
            {
                Interrupt = interrupt.Token,
                Elapsed = () =>
                {
                    if (++asked > 3 * step)
                        interrupt.Cancel();
                    return TimeSpan.Zero;
                },
            },
            arguments);
        Assert.Equal(130, outcome.Code);
        return outcome;
    }

    private static Manifest Manifest(TemporaryFolder folder, string run) => Experiments.Records.Manifest.OfJson(File.ReadAllText(Path.Join(folder.Path, run, "manifest.json")));

    private static string[] Metrics(TemporaryFolder folder, string run) => Recorded.Lines(Path.Join(folder.Path, run));
}
