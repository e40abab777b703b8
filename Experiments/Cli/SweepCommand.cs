using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using FunctionalLeNet.Core.Formats;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Cli.Sweeps;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Experiments.Reports;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary>A run in <c>sweep --json</c>: what became of it, or, with <c>--dry-run</c>, what would be done.</summary>
internal sealed record SweptRun(
    string Event, int Number, int Runs, string Run, JsonObject Values, IReadOnlyList<string> Command, string State, double? TestAccuracy, double? TestLoss, string? Problem);

/// <summary>Runs of a sweep that share some values, in <c>sweep --json</c>.</summary>
internal sealed record SweptGroup(
    string Event, JsonObject Values, int Runs, double TestAccuracyMean, double? TestAccuracyDeviation, double TestLossMean, double? TestLossDeviation);

/// <summary>The end of <c>sweep --json</c>.</summary>
internal sealed record SweptAll(string Event, int Runs, int Finished, int Skipped, int Failed, int Missing);

/// <summary>What became of a run of a sweep.</summary>
/// <param name="Run">The run.</param>
/// <param name="State"><c>finished</c>, <c>skipped</c> where it was finished before, <c>failed</c>, <c>unfinished</c> or <c>missing</c>.</param>
/// <param name="End">Its end, where it came to it.</param>
/// <param name="Problem">Why it failed, in a line.</param>
internal sealed record SweepOutcome(SweepRun Run, string State, RunEvent.Finished? End, string Problem);

/// <summary><c>sweep FILE</c>: many runs from one file; those that are finished are skipped, those that were stopped go on, one that fails stops no other.</summary>
internal static class SweepCommand
{
    private const string SlurmFolder = "slurm";

    public static int Run(Invocation.Sweep command, Session session)
    {
        var (screen, surroundings) = (session.Screen, session.Surroundings);
        var sweep = SweepFile.Read(Text(command.File, session), command.File);
        screen.Line($"{sweep.Name}: {Runs(sweep.Runs.Count)} ({string.Join(" × ", sweep.Axes.Select(axis => $"{sweep.Runs.Select(run => run.On(axis)).Distinct().Count()} {axis}"))}) in {sweep.Folder}");
        var outcomes = sweep.Runs.Select(run => Before(run, surroundings)).ToList();
        if (command.DryRun)
            return DryRun(outcomes, session);
        var left = outcomes.Where(outcome => outcome.State is "missing" or "unfinished").Select(outcome => outcome.Run).ToList();
        if (command.Slurm && left.Count > 0)
            return WriteSlurm(sweep, left, command, session);

        if (!command.Collect && !command.Slurm)
        {
            Fetch(left, session);
            outcomes = Made(outcomes, command, session);
            if (surroundings.Interrupt.IsCancellationRequested)
            {
                screen.Note("Interrupted. The same command goes on where it stopped.");
                return ExitCode.Interrupted;
            }
        }
        else
        {
            outcomes = [.. outcomes.Select(outcome => outcome.State == "skipped" ? outcome with { State = "finished" } : outcome)];
            foreach (var outcome in outcomes)
                Report(outcome, outcomes.Count, screen);
        }

        return Summary(sweep, outcomes, screen);
    }

    private static int DryRun(List<SweepOutcome> outcomes, Session session)
    {
        foreach (var (run, state, end, problem) in outcomes)
        {
            session.Screen.Event(Line(new(run, state, end, problem), outcomes.Count), CommandJson.Configured.SweptRun);
            session.Screen.Line($"{Shell.Line(["lenet", .. run.Words])}{(state == "missing" ? "" : $"  # {state}")}");
        }

        return ExitCode.Done;
    }

    /// <summary>What the folder of a run says about it. A folder that holds another run than the file asks for is no run of the sweep.</summary>
    private static SweepOutcome Before(SweepRun run, Surroundings surroundings)
    {
        var path = surroundings.FullPath(run.Folder);
        if (!Path.Exists(path))
            return new(run, "missing", null, "");
        try
        {
            var stored = StoredRun.Read(surroundings.Directory, run.Folder);
            var recorded = RecordedRun.Of(stored);
            var difference = Settings.Differences([Settings.Of(recorded.Manifest.Result), Settings.Of(Expected(run, recorded))]);
            if (difference is [var (setting, values), ..])
                return new(run, "failed", null, $"{run.Folder} holds another run: {setting} is {Settings.Text(values[0])} there, and {Settings.Text(values[1])} in the sweep. Remove it, or name another folder with out = \"…\".");
            return recorded switch
            {
                { End: { } end } when stored.IsSealed => new(run, "skipped", end, ""),
                // A loss that was not finite is not finite again.
                { Events: [.., RunEvent.Error error] } => new(run, "failed", null, error.Message),
                _ => new(run, "unfinished", null, ""),
            };
        }
        catch (DataException e)
        {
            return new(run, "failed", null, e.Message);
        }
    }

    /// <summary>What the manifest of a run must say. Data in a folder has the name of its content: that one is believed.</summary>
    private static ManifestResult Expected(SweepRun run, RecordedRun recorded)
    {
        var options = run.Train.Options;
        var experiment = options.Applied(run.Train.Experiment);
        return recorded.Manifest.Result with
        {
            Experiment = experiment.Name,
            Seed = options.Seeds.First,
            Numerics = ManifestResult.Name(options.Numerics),
            EarlierLimits = [],
            Configuration = ManifestConfiguration.Of(experiment, options.TrainLimit, options.TestLimit),
            Data = DataAccess.Names.Contains(experiment.Data) ? recorded.Manifest.Result.Data with { Name = experiment.Data } : recorded.Manifest.Result.Data,
        };
    }

    /// <summary>Data that has to be downloaded is, once, before many processes want it. What cannot be had fails in its run.</summary>
    private static void Fetch(List<SweepRun> runs, Session session)
    {
        foreach (var data in runs.Select(run => run.Train.Options.Applied(run.Train.Experiment).Data).Where(DataAccess.Names.Contains).Distinct())
        {
            try
            {
                _ = DataAccess.Load(data, session);
            }
            catch (DataException e)
            {
                session.Screen.Note(e.Message);
            }
        }
    }

    private static List<SweepOutcome> Made(List<SweepOutcome> before, Invocation.Sweep command, Session session)
    {
        var (surroundings, screen) = (session.Surroundings, session.Screen);
        var jobs = command.Jobs ?? Math.Clamp(before.Count(outcome => outcome.State is "missing" or "unfinished"), 1, surroundings.Processors);
        var threads = command.Threads ?? Math.Max(1, surroundings.Processors / jobs);
        var made = before.ToArray();
        var done = before.Select(outcome => outcome.End is null ? 0.0 : 1).ToArray();
        var gate = new Lock();
        return screen.WithProgress("runs/min", 60, progress =>
        {
            var bar = progress.Begin("runs", made.Length);
            // Unbuffered: a run is taken when there is a process for it, not before.
            Parallel.ForEach(Partitioner.Create(before.Index(), EnumerablePartitionerOptions.NoBuffering), new ParallelOptions { MaxDegreeOfParallelism = jobs }, Make);
            return made.ToList();

            void Make((int Index, SweepOutcome Before) one)
            {
                var (index, (run, state, _, _)) = one;
                if (surroundings.Interrupt.IsCancellationRequested)
                    return;
                if (state is "missing" or "unfinished")
                {
                    var words = run.OnThreads(state == "missing" ? run.Words : ["resume", run.Folder], threads);
                    var (code, end, problem) = ChildRun.Of(words, surroundings.Directory, epoch => Moved(index, (double)epoch.Number / epoch.Epochs));
                    made[index] = new(run, code == ExitCode.Done ? "finished" : code == ExitCode.Interrupted ? "unfinished" : "failed", end, problem);
                }

                Moved(index, 1);
                lock (gate)
                    Report(made[index], before.Count, screen);
            }

            void Moved(int index, double part)
            {
                lock (gate)
                {
                    done[index] = part;
                    bar("runs", done.Sum());
                }
            }
        });
    }

    private static void Report(SweepOutcome outcome, int runs, Screen screen)
    {
        screen.Event(Line(outcome, runs), CommandJson.Configured.SweptRun);
        screen.Line($"[{outcome.Run.Number}/{runs}] {outcome.Run.Name}: " + outcome switch
        {
            { State: "finished", End: { } end } => FormattableString.Invariant($"{Lines.Of(end)}, {end.Seconds:F1} s"),
            { State: "skipped", End: { } end } => $"{Lines.Of(end)}, finished before",
            { State: "failed" } => $"failed: {outcome.Problem}",
            _ => outcome.State,
        });
    }

    private static int Summary(Sweep sweep, List<SweepOutcome> outcomes, Screen screen)
    {
        var finished = outcomes.SelectMany<SweepOutcome, (SweepRun, RunEvent.Finished)>(outcome => outcome.End is { } end ? [(outcome.Run, end)] : []).ToList();
        var settings = sweep.Settings.ToList();
        if (finished.Count > 0)
        {
            Table(settings.Count == 1 ? "" : "By combination", settings, SweepGroup.By(settings, finished));
            if (settings.Count > 1)
                foreach (var axis in settings)
                    Table($"By {axis}", [axis], SweepGroup.By([axis], finished));
        }

        var all = new SweptAll("sweep", outcomes.Count, Of("finished"), Of("skipped"), Of("failed"), Of("missing") + Of("unfinished"));
        screen.Event(all, CommandJson.Configured.SweptAll);
        screen.Line();
        var counts = new[] { ("finished", all.Finished), ("finished before", all.Skipped), ("failed", all.Failed), ("still to be made", all.Missing) };
        screen.Line($"{Runs(all.Runs)}: {string.Join(", ", counts.Where(count => count.Item2 > 0).Select(count => $"{Tables.Count(count.Item2)} {count.Item1}"))}.");
        return all.Failed + all.Missing == 0 ? ExitCode.Done : ExitCode.Failed;

        int Of(string state) => outcomes.Count(outcome => outcome.State == state);

        void Table(string title, List<string> axes, EquatableArray<SweepGroup> groups)
        {
            foreach (var group in groups)
                screen.Event(
                    new SweptGroup("group", Values(group.Values), group.Runs, group.Accuracy.Mean, Number(group.Accuracy.Deviation), group.Loss.Mean, Number(group.Loss.Deviation)),
                    CommandJson.Configured.SweptGroup);
            screen.Line();
            if (title.Length > 0)
                screen.Line(title);
            screen.Table(Tables.Of(
                [.. axes.Select(axis => (axis, false)), ("Runs", true), ("Test acc %", true), ("Test loss", true)],
                groups.Select(group => (IReadOnlyList<string>)
                [
                    .. group.Values.Select(value => value.Value),
                    Tables.Count(group.Runs),
                    Spread(100 * group.Accuracy.Mean, 100 * group.Accuracy.Deviation, "F2"),
                    Spread(group.Loss.Mean, group.Loss.Deviation, "F5"),
                ])));
        }
    }

    private static int WriteSlurm(Sweep sweep, List<SweepRun> left, Invocation.Sweep command, Session session)
    {
        var (surroundings, folder) = (session.Surroundings, session.Surroundings.FullPath($"{sweep.Folder}/{SlurmFolder}"));
        Fetch(left, session);
        var slurm = new Slurm(sweep, surroundings.FullPath(command.File), ChildRun.Program, surroundings.Directory, folder, command.Threads ?? 1, command.Jobs);
        Directory.CreateDirectory(folder);
        foreach (var (name, script) in ((string, string)[])[(Slurm.ArrayFile, slurm.Array(left.Select(run => run.Number))), (Slurm.CollectFile, slurm.Collect()), (Slurm.SubmitFile, slurm.Submit())])
        {
            var path = Path.Combine(folder, name);
            AtomicFile.Write(path, script);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        session.Screen.Line($"{Runs(left.Count)} to be made. This submits them, and the table that waits for them:");
        session.Screen.Line($"  {Shell.Word($"{sweep.Folder}/{SlurmFolder}/{Slurm.SubmitFile}")}");
        return ExitCode.Done;
    }

    private static string Text(string file, Session session)
    {
        try
        {
            return File.ReadAllText(session.Surroundings.FullPath(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(file, "cannot be read", found: e is FileNotFoundException or DirectoryNotFoundException ? "no such file" : e.Message.TrimEnd('.'), advice: "'lenet sweep --help' shows what to write into it.");
        }
    }

    private static SweptRun Line(SweepOutcome outcome, int runs) => new(
        "run", outcome.Run.Number, runs, outcome.Run.Folder, Values(outcome.Run.Values), outcome.Run.Words, outcome.State,
        outcome.End?.TestAccuracy, outcome.End?.TestLoss, outcome.Problem.Length > 0 ? outcome.Problem : null);

    private static JsonObject Values(EquatableArray<(string Axis, string Value)> values) => new(values.Select(value => KeyValuePair.Create<string, JsonNode?>(value.Axis, value.Value)));

    private static string Runs(int count) => $"{Tables.Count(count)} {(count == 1 ? "run" : "runs")}";

    private static double? Number(double value) => double.IsFinite(value) ? value : null;

    private static string Spread(double mean, double deviation, string format) =>
        mean.ToString(format, CultureInfo.InvariantCulture) + (double.IsFinite(deviation) ? $" ± {deviation.ToString(format, CultureInfo.InvariantCulture)}" : "");
}
