using System.Diagnostics;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Tests.Data;
using FunctionalLeNet.Tests.SameBits;

namespace FunctionalLeNet.Tests.Reliability;

/// <summary>What a process was doing, or was meant to be doing, when it was killed.</summary>
internal enum Doing
{
    /// <summary>Starting: the run's folder is not there yet.</summary>
    Start,

    /// <summary>Training, between two checkpoints.</summary>
    Step,

    /// <summary>Writing a checkpoint: a part of one lies there.</summary>
    Checkpoint,

    /// <summary>Writing what ends a run: the weights or a part of them are there, its last line is not.</summary>
    End,

    /// <summary>Writing the report and the sums: everything else of the run is there.</summary>
    Report,

    /// <summary>Nothing any more: the run is whole.</summary>
    Done,
}

/// <summary>A short run in a process of its own that is killed (SIGKILL) at a random moment, then resumed until it is done.</summary>
/// <param name="Folder">Where it runs.</param>
/// <param name="Name">The run's folder under it.</param>
/// <param name="Aim">What it should be doing when it is killed.</param>
internal sealed record KilledRun(TemporaryFolder Folder, string Name, Doing Aim)
{
    private const int Epochs = 3;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(120);

    /// <summary>Thirty steps in three epochs.</summary>
    private string[] Train =>
    [
        "train", "folk", "--data", "digits", "--train-limit", "320", "--test-limit", "100", "--batch", "32", "--epochs", $"{Epochs}",
        "--checkpoint-every", Aim is Doing.Checkpoint ? "1" : "100", "--threads", "1", "--out", Name, "--json",
    ];

    private string RunPath => Path.Join(Folder.Path, Name);

    /// <summary>The run to its end, without a kill.</summary>
    /// <returns>Its last line, and how long it took to start, to go on from there, and to end after its last epoch.</returns>
    public (RunEvent.Finished End, TimeSpan Start, TimeSpan After, TimeSpan Finish) ToEnd(bool resume = false)
    {
        using var process = Started(resume ? ["resume", Name, "--json"] : Train);
        var clock = Stopwatch.StartNew();
        var first = process.StandardOutput.ReadLine();
        var start = clock.Elapsed;
        var (last, trained) = (first ?? "", start);
        while (process.StandardOutput.ReadLine() is { } line)
            (last, trained) = (line, RunEvent.OfLine(line) is RunEvent.Epoch ? clock.Elapsed : trained);
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{Name}: exit code {process.ExitCode}: {last}");
        return (Assert.IsType<RunEvent.Finished>(RunEvent.OfLine(last)), start, clock.Elapsed - start, clock.Elapsed - trained);
    }

    /// <summary>Starts the run, or goes on with it, and kills it; then looks at what is left.</summary>
    /// <param name="when">From 0 to 1: when in the time that it is aimed at.</param>
    /// <param name="start">How long a start takes here.</param>
    /// <param name="rest">How long the rest takes here.</param>
    /// <param name="finish">How long it takes here from the last epoch to the end.</param>
    /// <param name="resume">Whether it is there already.</param>
    /// <returns>What it was doing.</returns>
    public Doing Kill(double when, TimeSpan start, TimeSpan rest, TimeSpan finish, bool resume)
    {
        using var process = Started(resume ? ["resume", Name, "--json", "--checkpoint-every", Aim is Doing.Checkpoint ? "1" : "100"] : Train);
        var clock = Stopwatch.StartNew();
        var announced = new List<RunEvent>();
        var reader = Task.Run(() =>
        {
            while (process.StandardOutput.ReadLine() is { } line)
                lock (announced)
                    announced.Add(RunEvent.OfLine(line));
        });
        // Asking for a file is as quick as it can be; everything else leaves the processor to the run.
        Wait(TimeSpan.FromMilliseconds(1), Aim switch
        {
            Doing.Start => () => clock.Elapsed > start * when,
            Doing.End or Doing.Report => () => Count<RunEvent.Epoch>() == Epochs || resume,
            Doing.Checkpoint => () => Count<RunEvent>() > 1 + (25 * when),
            _ => () => Count<RunEvent>() > 0,
        });
        clock.Restart();
        Wait(Aim is Doing.Step ? TimeSpan.FromMilliseconds(1) : TimeSpan.Zero, Aim switch
        {
            Doing.Start => () => true,
            Doing.End => () => Files("weights*"),
            Doing.Report => HasLastLine,
            Doing.Checkpoint => () => Files("*.partial-*"),
            _ => () => clock.Elapsed > rest * when,
        });
        clock.Restart();
        Wait(TimeSpan.Zero, () => clock.Elapsed > when * Aim switch { Doing.End => TimeSpan.FromMilliseconds(12), Doing.Report => finish, _ => TimeSpan.Zero });
        process.Kill();
        process.WaitForExit();
        reader.Wait(Longest);
        return Left(announced);

        int Count<T>()
        {
            lock (announced)
                return announced.OfType<T>().Count();
        }

        bool Files(string pattern) => Directory.Exists(RunPath) && Directory.EnumerateFiles(RunPath, pattern, SearchOption.AllDirectories).Any();

        bool HasLastLine() => Directory.Exists(RunPath) && File.ReadAllText(Path.Join(RunPath, RunFolder.MetricsFile)).Contains("\"finished\"", StringComparison.Ordinal);

        void Wait(TimeSpan pause, Func<bool> isTime)
        {
            for (var waiting = Stopwatch.StartNew(); !isTime() && !process.HasExited && waiting.Elapsed < Longest;)
                Thread.Sleep(pause);
        }
    }

    /// <summary>What a killed process left is whole: every checkpoint under its name, and the one that was announced last is among them.</summary>
    private Doing Left(IReadOnlyList<RunEvent> announced)
    {
        if (!Directory.Exists(RunPath))
        {
            Assert.Empty(announced);
            return Doing.Start;
        }

        var run = StoredRun.Read(Folder.Path, Name);
        Assert.NotEmpty(run.Checkpoints.Steps);
        Assert.All(run.Checkpoints.Steps, step => Assert.True(Checkpoint.IsWhole(run.Checkpoints.Read(step)), $"{Name}: checkpoint {step} is not whole"));
        if (announced.OfType<RunEvent.Checkpoint>().LastOrDefault() is { } last)
            Assert.Contains(last.AfterStep, run.Checkpoints.Steps);
        if (announced.OfType<RunEvent.Finished>().Any())
            Assert.True(run.IsSealed, $"{Name}: an announced end is not there");
        return run.IsSealed ? Doing.Done
            : run.Metrics.Finished is not null ? Doing.Report
            : Directory.EnumerateFiles(RunPath, "weights*").Any() ? Doing.End
            : Directory.EnumerateFiles(run.Checkpoints.Path, "*.partial-*").Any() ? Doing.Checkpoint
            : Doing.Step;
    }

    private Process Started(string[] arguments)
    {
        var start = new ProcessStartInfo(Child.OfThisMachine.File, [.. Child.OfThisMachine.Before, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Folder.Path };
        var process = Process.Start(start)!;
        _ = process.StandardError.ReadToEndAsync();
        return process;
    }
}
