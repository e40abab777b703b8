using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Data;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Experiments.Reports;
using FunctionalLeNet.Experiments.Training;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary>LeNet-5 of 1998 beside the figures of LeCun et al. 1998, section III-B.</summary>
internal static partial class ReproCommand
{
    /// <summary>The test error without distortions and the training error of figure 5.</summary>
    public const string LeNet = "lenet-1998";

    /// <summary>The test error with distorted images.</summary>
    public const string LeNetDistorted = "lenet-1998-distorted";

    /// <summary>The test error by the size of the training set: figure 6.</summary>
    public const string LeNetSizes = "lenet-1998-sizes";

    private static int ReplayLeNet1998(Invocation.Repro command, Session session)
    {
        if (Passes(command, LeNet1998.Experiment, null, session) is not { } runs)
            return ExitCode.Interrupted;
        return Verdict(session, LeNet, "the paper says",
        [
            Error(OverSeeds("test error in %", runs.Count), PublishedInThePaper.TestError, runs.Average(passes => passes[^1].Test)),
            Error(OverSeeds("training error in % after 19 passes", runs.Count), PublishedInThePaper.TrainingError, runs.Average(passes => passes[^2].Training)),
        ]);
    }

    private static int ReplayDistorted(Invocation.Repro command, Session session)
    {
        if (Passes(command, LeNet1998.Distorted, null, session) is not { } runs)
            return ExitCode.Interrupted;
        return Verdict(session, LeNetDistorted, "the paper says",
            [Error(OverSeeds("test error in %", runs.Count), PublishedInThePaper.DistortedTestError, runs.Average(passes => passes[^1].Test))]);
    }

    /// <summary>Figure 6, whose curve the paper does not print in numbers: only its end, the whole set, is compared.</summary>
    private static int ReplaySizes(Invocation.Repro command, Session session)
    {
        var rows = new List<(int Size, double Test, double Training)>();
        foreach (var size in PublishedInThePaper.Sizes)
        {
            if (Passes(command, LeNet1998.Experiment, size, session) is not { } runs)
                return ExitCode.Interrupted;
            rows.Add((size, runs.Average(passes => passes[^1].Test), runs.Average(passes => passes[^1].Training)));
        }

        session.Screen.Table(Tables.Of(
            [("Training images", true), ("Training error", true), ("Test error", true)],
            rows.Select(row => (IReadOnlyList<string>)[Tables.Count(row.Size), Percent(row.Training), Percent(row.Test)])));
        return Verdict(session, LeNetSizes, "the paper says",
            [Error(Invariant($"test error in % with {rows[^1].Size} images"), PublishedInThePaper.TestError, rows[^1].Test)]);
    }

    /// <summary>An error that is to be the paper's, within the paper's own uncertainty, or lower.</summary>
    private static ReproCheck Error(string check, double published, double found) =>
        Near($"{check} (lower is no failure)", published, Math.Round(found, 4), PublishedInThePaper.Uncertainty) with { Ok = found <= published + PublishedInThePaper.Uncertainty };

    /// <summary>The errors after each pass, a list for each seed; none where it was interrupted.</summary>
    private static List<List<(double Training, double Test)>>? Passes(Invocation.Repro command, Experiment experiment, int? size, Session session)
    {
        var data = Published(command, experiment, session);
        using var workspace = new Workspace(command.Threads ?? session.Surroundings.Processors);
        var runs = new List<List<(double Training, double Test)>>();
        foreach (var seed in (command.Seeds ?? default(SeedRange)).All)
        {
            var train = data.Train.Take(size ?? data.Train.Count);
            session.Screen.Note($"{experiment.Name}, seed {seed}, {Tables.Count(train.Count)} images, {Tables.Text(experiment.Limit)}. In figure 5 the test error settles at 0.95 % after about 10 passes.");
            var plan = new RunPlan(experiment, Train.PrepareTraining(experiment, train), Train.Prepare(experiment, data.Test), Train.Start(experiment, seed));
            if (Passes(plan, workspace, session) is not { } passes)
                return null;
            runs.Add(passes);
        }

        return runs;
    }

    private static List<(double Training, double Test)>? Passes(RunPlan plan, Workspace workspace, Session session) => session.Screen.WithProgress("images/s", 1, progress =>
    {
        var (bars, passes) = (Bars.Begin(progress, plan), new List<(double Training, double Test)>());
        foreach (var moment in Moment.Of(plan, workspace, session.Surroundings.Elapsed))
        {
            if (moment is Moment.Step(var made))
                bars(made);
            else if (moment is Moment.Epoch epoch)
            {
                var training = 100 * (1 - Evaluate.Of(plan.Experiment.Network, epoch.Parameters, plan.Train, workspace, plan.Experiment.Loss).Accuracy);
                passes.Add((training, 100 * (1 - epoch.Line.TestAccuracy)));
                session.Screen.Line(Invariant($"[{epoch.Line.Number}/{epoch.Line.Epochs}] Training error: {training:F3} %, test error: {passes[^1].Test:F2} %, Time: {epoch.Line.Seconds:F1} s"));
            }

            if (session.Surroundings.Interrupt.IsCancellationRequested && moment is not Moment.End)
                return null;
        }

        return passes;
    });

    private static Dataset Published(Invocation.Repro command, Experiment experiment, Session session)
    {
        var data = TrainCommand.Checked(experiment, DataAccess.Load(command.Data.Length > 0 ? command.Data : experiment.Data, session));
        return data.Name == experiment.Data
            ? data
            : throw new Failure($"'{command.Data}' has other bytes than {experiment.Data}, and the published run is one on {experiment.Data}: 'lenet data' says where it is.");
    }

    private static string OverSeeds(string what, int seeds) => seeds == 1 ? what : $"{what}, mean of {seeds} seeds";

    private static string Percent(double error) => Invariant($"{error:F2} %");
}
