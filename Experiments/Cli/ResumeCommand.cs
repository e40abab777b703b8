using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Optimizers;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Experiments.Reports;
using FunctionalLeNet.Experiments.Training;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary><c>resume RUN</c>: goes on from the newest checkpoint.</summary>
internal static class ResumeCommand
{
    public static int Run(Invocation.Resume command, Session session)
    {
        var found = RunAccess.Read(command.Run, session);
        if (found.IsSealed && command.Options is { Epochs: null, Steps: null })
            return Repeat(found, session);
        var taken = RunLock.Take(found.Path, session.Surroundings.Now());
        try
        {
            if (taken.Stale is { } dead)
                session.Screen.Note($"{dead} wrote this run and died.");
            // Read again: another process may have written until the lock was ours.
            return GoOn(RunAccess.Read(command.Run, session), taken, command.Options, session);
        }
        finally
        {
            taken.Dispose();
        }
    }

    private static int GoOn(StoredRun run, RunLock taken, TrainOptions options, Session session)
    {
        var (experiment, data) = RunAccess.Load(run, options.Data, session);
        var checkpoint = run.Newest(session.Screen.Note);
        var step = checkpoint.State.Position.Step;
        var plan = RunAccess.Plan(run, experiment, data);
        RequireForm(plan.Start, checkpoint.State, $"{run.Name}/{CheckpointFolder.NameOf(step)}");
        var manifest = Raised(run, plan, options, step, session);
        if (run.IsSealed && manifest == run.Manifest)
            return Repeat(run, session);
        if (manifest != run.Manifest)
            run.Reopen(manifest);

        using var workspace = new Workspace(options.Threads ?? session.Surroundings.Processors, manifest.Result.ToNumerics());
        using var folder = RunFolder.GoOn(run, taken, step);
        var ahead = TrainCommand.Plan(experiment with { Limit = manifest.Result.Configuration.Limit.ToLimit() }, data, manifest.Result, checkpoint.State) with { Before = checkpoint.Spent };
        session.Screen.Event(new RunEvent.Resume(run.Name, step, Hashes.OfParameters(checkpoint.State.Parameters)));
        session.Screen.Note($"Going on after step {step} of {ahead.Steps}.");
        return new RunningRun(ahead, manifest, folder, options.CheckpointEvery ?? manifest.Environment.CheckpointEvery, options.Figures, workspace, session).ToEnd() is null ? ExitCode.Interrupted : ExitCode.Done;
    }

    private static int Repeat(StoredRun run, Session session)
    {
        var finished = run.Metrics.Finished ?? throw new InvalidOperationException("A sealed run has a last line.");
        session.Screen.Event(finished);
        session.Screen.Line(Lines.FinishedTraining);
        session.Screen.Line(Lines.Of(finished));
        session.Screen.Note($"The run in {run.Name} has finished: --epochs or --steps raises its limit.");
        return ExitCode.Done;
    }

    /// <summary>The manifest with the limit that was asked for, which is no lower than the run's.</summary>
    private static Manifest Raised(StoredRun run, RunPlan plan, TrainOptions options, long step, Session session)
    {
        var (result, experiment) = (run.Manifest.Result, options.Limited(plan.Experiment));
        var (before, after) = (plan.Steps, Train.Steps(experiment, plan.Train.Count));
        if (after < before)
            throw new Failure($"The limit of {run.Name} can only be raised: it is {Tables.Text(plan.Experiment.Limit)} ({before} steps), but {Tables.Text(experiment.Limit)} ({after} steps) was asked for.");
        if (after == before)
            return run.Manifest;
        var limit = ManifestLimit.Of(experiment.Limit);
        var follows = plan.Experiment.Schedule is not Schedule.Constant;
        if (follows && step > 0)
            session.Screen.Note($"The learning rate follows the limit ({Tables.Text(experiment.Schedule)}), so up to step {step} it was another than that of a run of {after} steps: this run will be the same as no run that began with its new limit. The manifest says so.");
        return run.Manifest with
        {
            Result = result with
            {
                Configuration = result.Configuration with { Limit = limit },
                EarlierLimits = follows ? [.. result.EarlierLimits, new(step, result.Configuration.Limit)] : result.EarlierLimits,
            },
        };
    }

    /// <summary>Fails where a state is none of the experiment's: other tensors, or an order of other samples.</summary>
    private static void RequireForm(TrainingState start, TrainingState state, string file)
    {
        var (expected, found) = (Form(start), Form(state));
        if (expected.Zip(found).Where(pair => pair.First != pair.Second).Select(pair => ((string, string)?)pair).FirstOrDefault() is var (one, other))
            throw new Failure($"{file} does not fit the run's experiment: expected {one}, found {other}.");
        if (expected.Count != found.Count)
            throw new Failure($"{file} does not fit the run's experiment: expected {expected.Count} tensors, found {found.Count}.");

        static List<string> Form(TrainingState of) =>
        [
            .. of.Parameters.Leaves.Select(leaf => $"{leaf.Path} {leaf.Value.Shape}"),
            .. of.Optimizer.Moments.SelectMany(moment => moment.Values.Leaves.Select(leaf => $"{moment.Name}/{leaf.Path} {leaf.Value.Shape}")),
        ];
    }
}
