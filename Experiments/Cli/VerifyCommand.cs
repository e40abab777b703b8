using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Experiments.Records;
using Spectre.Console;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary>Something that was compared, a line of <c>verify --json</c>.</summary>
internal sealed record VerifyCheck(string Event, string Check, bool Ok, string? Difference, string? Layer);

/// <summary>The last line of <c>verify --json</c>.</summary>
internal sealed record Verified(string Event, string Run, bool Ok, int Checks);

/// <summary><c>verify RUN</c>: the files by their sums, then the run itself by computing it again.</summary>
internal static class VerifyCommand
{
    private const string Check = "check";

    public static int Run(Invocation.Verify command, Session session)
    {
        var screen = session.Screen;
        var (path, name) = StoredRun.Find(session.Surroundings.Directory, command.Run);
        var isSealed = File.Exists(Path.Combine(path, RunSums.FileName));
        if (isSealed)
        {
            var changed = RunSums.Differences(path);
            foreach (var difference in changed)
                Print(screen, new(Check, difference.File, false, difference.Problem, null));
            if (changed.Count > 0)
                return Verdict(screen, name, changed.Count, "is not as it was when it finished; it is not worth computing again", ok: false);
            Print(screen, new(Check, $"files, by {RunSums.FileName}", true, null, null));
        }

        var run = RunAccess.Read(command.Run, session);
        if (!isSealed)
            screen.Note($"{name} has not finished: what it recorded so far is compared.");
        var (experiment, data) = RunAccess.Load(run, command.Data, session);
        Print(screen, new(Check, $"data, by the SHA-256 of {data.Files.Count} files", true, null, null));
        using var workspace = new Workspace(command.Threads ?? session.Surroundings.Processors, run.Manifest.Result.ToNumerics());
        if (workspace.Numerics != Numerics.Exact)
            screen.Note($"Products by {run.Manifest.Result.Numerics} are not defined to the last bit: on another machine, or on other threads, they may differ.");

        var (same, different) = (new List<Comparison>(), 0);
        foreach (var comparison in new Replay(run, RunAccess.Plan(run, experiment, data)).Compare(workspace))
        {
            screen.Event(new VerifyCheck(Check, comparison.What, comparison.Difference is null, comparison.Difference, comparison.Layer), CommandJson.Configured.VerifyCheck);
            if (comparison.Difference is null)
                same.Add(comparison);
            else if (different++ == 0)
                screen.Line($"✗ {comparison.What}: {comparison.Difference}{(comparison.Layer is { } layer ? $"; the first layer that differs is '{layer}'" : "")}", new Style(Color.Red));
            else
                screen.Line($"    {comparison.What}: the first layer that differs is '{comparison.Layer}'");
            session.Surroundings.Interrupt.ThrowIfCancellationRequested();
        }

        foreach (var group in same.GroupBy(comparison => comparison.Kind))
            screen.Line($"✓ {group.Key}{(group.Count() > 1 ? $" ({group.Count():N0})" : "")}", new Style(Color.Green));
        return Verdict(screen, name, same.Count + different, different == 0 ? $"is what its manifest says: computed again on {workspace.Threads} {(workspace.Threads == 1 ? "thread" : "threads")}, everything recorded is the same" : "is not what its manifest says", different == 0);
    }

    private static int Verdict(Screen screen, string run, int checks, string verdict, bool ok)
    {
        screen.Event(new Verified("verified", run, ok, checks), CommandJson.Configured.Verified);
        screen.Line($"{run} {verdict}.");
        return ok ? ExitCode.Done : ExitCode.Failed;
    }

    private static void Print(Screen screen, VerifyCheck check)
    {
        screen.Event(check, CommandJson.Configured.VerifyCheck);
        screen.Line($"{(check.Ok ? '✓' : '✗')} {check.Check}{(check.Difference is { } difference ? $" {difference}" : "")}", new Style(check.Ok ? Color.Green : Color.Red));
    }
}
