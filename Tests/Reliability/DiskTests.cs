using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Tests.Cli;
using FunctionalLeNet.Tests.Data;
using FunctionalLeNet.Tests.Records;

namespace FunctionalLeNet.Tests.Reliability;

/// <summary>A disk that is full, or read-only: one clear line, exit code 1, and everything that was there is there still.</summary>
public sealed class DiskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData(100)]
    [InlineData(10)]
    [InlineData(0)]
    public void A_full_disk_loses_nothing_and_the_run_goes_on_when_there_is_room(int kilobytes)
    {
        using var disk = SmallDisk.Mounted(Path.Join(_folder.Path, "disk"), 8);
        CommandLine.Run(_folder, Short("whole"));
        Interrupted(Short("disk/run"));
        var steps = Checkpoints("disk/run");

        disk.Fill(kilobytes);
        var full = CommandLine.Run(_folder, "resume", "disk/run", "--checkpoint-every", "1");
        Assert.Equal((1, ""), (full.Code, full.Output));
        Assert.Contains("No space left on device", full.ErrorLines[^1], StringComparison.Ordinal);
        Assert.Contains("disk/run", full.ErrorLines[^1], StringComparison.Ordinal);
        Assert.Subset(Checkpoints("disk/run").ToHashSet(), steps.TakeLast(1).ToHashSet());
        Assert.DoesNotContain(_folder.Files, file => file.Contains(".partial-", StringComparison.Ordinal));

        disk.Empty();
        Assert.Equal(0, CommandLine.Run(_folder, "resume", "disk/run").Code);
        Assert.Equal(Recorded.Lines(Path.Join(_folder.Path, "whole")), Recorded.Lines(Path.Join(_folder.Path, "disk/run")));
    }

    [SkippableFact]
    public void A_run_that_finds_no_room_leaves_nothing_behind()
    {
        using var disk = SmallDisk.Mounted(Path.Join(_folder.Path, "disk"), 4);
        disk.Fill(100);
        var outcome = CommandLine.Run(_folder, Short("disk/run"));
        Assert.Equal((1, ""), (outcome.Code, outcome.Output));
        Assert.Contains("The run's folder 'disk/run' cannot be made: No space left on device", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(["disk/ballast"], _folder.Files);
    }

    [SkippableFact]
    public void A_disk_that_cannot_be_written_to_is_read()
    {
        using var disk = SmallDisk.Mounted(Path.Join(_folder.Path, "disk"), 8);
        Assert.Equal(0, CommandLine.Run(_folder, Short("disk/whole")).Code);
        Interrupted(Short("disk/run"));
        disk.SetReadOnly(true);
        var before = _folder.Files;
        try
        {
            Assert.Equal(0, CommandLine.Run(_folder, "resume", "disk/whole").Code);
            Assert.Equal(0, CommandLine.Run(_folder, "verify", "disk/whole").Code);
            Fails("resume", "disk/run");
            Fails("resume", "disk/whole", "--epochs", "5");
            Fails(Short("disk/new"));
        }
        finally
        {
            disk.SetReadOnly(false);
        }

        Assert.Equal(before, _folder.Files);

        void Fails(params string[] arguments)
        {
            var outcome = CommandLine.Run(_folder, arguments);
            Assert.Equal((1, ""), (outcome.Code, outcome.Output));
            Assert.Contains("Read-only file system", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
        }
    }

    private static string[] Short(string run) => ["train", "folk", "--data", "digits", "--train-limit", "320", "--test-limit", "20", "--batch", "32", "--epochs", "1", "--out", run];

    private void Interrupted(string[] arguments)
    {
        using var interrupt = new CancellationTokenSource();
        interrupt.Cancel();
        Assert.Equal(130, CommandLine.Run(_folder, world => world with { Interrupt = interrupt.Token }, arguments).Code);
    }

    private IReadOnlyList<long> Checkpoints(string run)
    {
        var folder = new CheckpointFolder(Path.Join(_folder.Path, run));
        Assert.All(folder.Steps, step => Assert.True(Checkpoint.IsWhole(folder.Read(step))));
        return folder.Steps;
    }
}
