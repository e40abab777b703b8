using System.Text.Json;
using FunctionalLeNet.Experiments.Interop.TensorBoard;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Tests.Cli;
using FunctionalLeNet.Tests.Data;

namespace FunctionalLeNet.Tests.Interop;

/// <summary>Event files, read by a reader in another language that was written from the format's description alone.</summary>
public class TensorBoardTests
{
    private static readonly RunEvent.Epoch FirstEpoch = new(1, 2, 3, 0.5, 0.25, 0.75, 0.125, 1, "");

    [Fact]
    public void A_masked_checksum_is_that_of_the_standards_own_example()
    {
        // RFC 3720, appendix B.4: 32 bytes of zeros have AA 36 91 8A.
        const uint zeros = 0x8A9136AA;
        Assert.Equal(unchecked(((zeros >> 15) | (zeros << 17)) + 0xA282EAD8), EventFile.Masked(new byte[32]));
    }

    [SkippableFact]
    public void A_runs_curves_are_its_metrics()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run(folder, CommandLine.Short("--out", "run"));
        var events = File.ReadLines(Path.Join(folder.Path, "run/metrics.jsonl")).Select(RunEvent.OfLine).ToList();
        var epochs = events.OfType<RunEvent.Epoch>().ToList();
        var curves = Read(Path.Join(folder.Path, "run/tensorboard")).ToLookup(scalar => scalar.Tag, scalar => (scalar.Step, scalar.Value));
        Assert.Equal(["accuracy/test", "accuracy/train", "loss/step", "loss/test", "loss/train"], curves.Select(curve => curve.Key).Order(StringComparer.Ordinal));
        Assert.Equal(events.OfType<RunEvent.Step>().Select(step => (step.Number, step.Loss)), curves["loss/step"]);
        Assert.Equal(epochs.Select(epoch => (epoch.AfterStep, (float)epoch.TrainLoss)), curves["loss/train"]);
        Assert.Equal(epochs.Select(epoch => (epoch.AfterStep, (float)epoch.TestLoss)), curves["loss/test"]);
        Assert.Equal(epochs.Select(epoch => (epoch.AfterStep, (float)epoch.TrainAccuracy)), curves["accuracy/train"]);
        Assert.Equal(epochs.Select(epoch => (epoch.AfterStep, (float)epoch.TestAccuracy)), curves["accuracy/test"]);
    }

    [SkippableFact]
    public void A_run_stopped_and_resumed_has_the_curves_of_one_that_never_stopped()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run(folder, CommandLine.Short("--out", "whole"));
        Assert.Equal(130, CommandLine.Interrupted(folder, CommandLine.Short("--out", "run")).Code);
        Assert.Equal(130, CommandLine.Interrupted(folder, "resume", "run").Code);
        Assert.Equal(0, CommandLine.Run(folder, "resume", "run").Code);
        var (whole, run) = (Path.Join(folder.Path, "whole/tensorboard"), Path.Join(folder.Path, "run/tensorboard"));
        Assert.Equal(3, Directory.GetFiles(run).Length);
        Assert.Equal(["""{"restart": 2}""", """{"restart": 3}"""], Output(run).OutputLines.Where(line => line.Contains("restart", StringComparison.Ordinal)));
        Assert.Equal(Read(whole).Select(scalar => (scalar.Tag, scalar.Step, scalar.Value)), Read(run).Select(scalar => (scalar.Tag, scalar.Step, scalar.Value)));
    }

    [SkippableFact]
    public void A_run_that_ends_within_an_epoch_has_its_last_evaluation()
    {
        using var folder = new TemporaryFolder();
        using (var curves = Curves.Begin(folder.Path, 0, () => DateTimeOffset.UnixEpoch))
        {
            curves.Append(FirstEpoch);
            curves.Append(new RunEvent.Finished(4, 0, 1, "", "", 1));
        }

        Assert.Equal([(3, 0.75f), (4, 0)], Read(Tensorboard(folder)).Where(scalar => scalar.Tag == "loss/test").Select(scalar => (scalar.Step, scalar.Value)));
    }

    [SkippableFact]
    public void A_resumed_run_marks_its_restart_and_what_was_lost_is_forgotten()
    {
        using var folder = new TemporaryFolder();
        var now = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 250, TimeSpan.Zero);
        using (var first = Curves.Begin(folder.Path, 0, () => now))
        {
            Steps(first, 1, 3, loss: 1);
            first.Append(FirstEpoch);
            // Lost: the newest checkpoint is of step 3.
            Steps(first, 4, 6, loss: 1);
        }

        // The clock has jumped back by a year.
        using (var second = Curves.Begin(folder.Path, 3, () => now.AddYears(-1)))
            Steps(second, 4, 5, loss: 2);

        Assert.Equal(["events.out.tfevents.1767323045.lenet", "events.out.tfevents.1767323046.lenet"], folder.Files.Select(Path.GetFileName));
        var read = Read(Tensorboard(folder));
        Assert.Equal([(1, 1), (2, 1), (3, 1), (4, 2), (5, 2)], read.Where(scalar => scalar.Tag == "loss/step").Select(scalar => (scalar.Step, scalar.Value)));
        Assert.Single(read, scalar => scalar.Tag == "loss/train");
        Assert.Equal(1767323045.25, read[0].WallTime);
        Assert.Contains("""{"restart": 4}""", Output(Tensorboard(folder)).Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Half_a_record_at_the_end_hides_nothing_and_a_changed_byte_is_noticed()
    {
        using var folder = new TemporaryFolder();
        using (var curves = Curves.Begin(folder.Path, 0, () => DateTimeOffset.UnixEpoch))
            Steps(curves, 1, 3, loss: 1);
        var file = Directory.GetFiles(Tensorboard(folder)).Single();
        var whole = File.ReadAllBytes(file);
        File.WriteAllBytes(file, whole[..^1]);
        Assert.Equal([1, 2], Read(Tensorboard(folder)).Select(scalar => scalar.Step));
        whole[^6] ^= 1;
        File.WriteAllBytes(file, whole);
        var (code, _, error) = Output(Tensorboard(folder));
        Assert.Equal(1, code);
        Assert.Contains("does not have its checksum", error, StringComparison.Ordinal);
    }

    private static void Steps(Curves curves, long first, long last, float loss)
    {
        for (var step = first; step <= last; step++)
            curves.Append(new RunEvent.Step(step, loss));
    }

    private static string Tensorboard(TemporaryFolder folder) => Path.Join(folder.Path, "tensorboard");

    private static List<(string Tag, long Step, float Value, double WallTime)> Read(string folder)
    {
        var (code, output, error) = Output(folder);
        Assert.True(code == 0, error);
        return
        [
            .. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line)).Where(line => line.TryGetProperty("tag", out _))
                .Select(line => (line.GetProperty("tag").GetString()!, line.GetProperty("step").GetInt64(), line.GetProperty("value").GetSingle(), line.GetProperty("wall_time").GetDouble())),
        ];
    }

    private static Outcome Output(string folder)
    {
        Programs.SkipWithout("python3");
        return Programs.Run("python3", [Path.Join(AppContext.BaseDirectory, "Interop", "read_events.py"), folder]);
    }
}
