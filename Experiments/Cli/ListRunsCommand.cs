using System.Globalization;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Experiments.Reports;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary>One run in <c>list --runs --json</c>; of one that cannot be read, what is wrong with it.</summary>
internal sealed record ListedRun(
    string Run, string? Experiment, long? Seed, string State, long? Steps, double? TestAccuracy, double? TestLoss, DateTimeOffset? Start, string? Problem);

/// <summary><c>list --runs</c>: the runs in the folder <c>runs</c>, and in folders there.</summary>
internal static class ListRunsCommand
{
    public static int Run(Session session)
    {
        var runs = RecordedRun.Under(session.Surroundings.Directory, RunFolder.Runs)
            .Select(found => (found.Name, Run: found.Run is { } run ? RecordedRun.Of(run) : null, found.Problem, State: State(found.Run))).ToList();
        foreach (var (name, run, problem, state) in runs)
            session.Screen.Event(
                run is null
                    ? new ListedRun(name, null, null, state, null, null, null, null, problem)
                    : new ListedRun(
                        name, run.Manifest.Result.Experiment, run.Manifest.Result.Seed, state, run.Steps, run.TestAccuracy, run.TestLoss, run.Manifest.Environment.Start, null),
                CommandJson.Configured.ListedRun);
        if (runs.Count == 0)
        {
            session.Screen.Note($"There are no runs in '{RunFolder.Runs}' here. 'lenet train EXPERIMENT' makes one.");
            return ExitCode.Done;
        }

        session.Screen.Table(Tables.Of(
            [("Run", false), ("Experiment", false), ("Seed", true), ("State", false), ("Steps", true), ("Test %", true), ("Started (UTC)", false)],
            runs.Select(listed => (IReadOnlyList<string>)(listed.Run is { } run
                ?
                [
                    listed.Name,
                    run.Manifest.Result.Experiment,
                    run.Manifest.Result.Seed.ToString(CultureInfo.InvariantCulture),
                    listed.State,
                    Tables.Count(run.Steps),
                    (100 * run.TestAccuracy)?.ToString("F2", CultureInfo.InvariantCulture) ?? "",
                    run.Manifest.Environment.Start.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
                ]
                : [listed.Name, "", "", listed.State, "", "", ""]))));
        foreach (var (_, _, problem, _) in runs.Where(listed => listed.Run is null))
            session.Screen.Line($"  {problem}");
        session.Screen.Note("'lenet compare RUN RUN' shows runs side by side.");
        return ExitCode.Done;
    }

    private static string State(StoredRun? run) =>
        run is null ? "damaged"
        : RecordedRun.Of(run) is var recorded && recorded.End is null && RunLock.Owner(run.Path) is not null ? "running"
        : recorded.State;
}
