using System.Globalization;
using System.Text.Json.Nodes;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Experiments.Reports;
using FunctionalLeNet.Experiments.Training;
using Spectre.Console;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary>A published value beside ours, a line of <c>repro --json</c>.</summary>
internal sealed record ReproCheck(string Event, string Name, string Check, JsonNode Expected, JsonNode Found, double? Tolerance, bool Ok);

/// <summary>A line of <c>repro --json</c> without a name.</summary>
internal sealed record ReproListed(string Name, string Line);

/// <summary><c>repro [NAME]</c>: replays a published result and compares.</summary>
internal static partial class ReproCommand
{
    private const string RepDl = "repdl";
    private const string TorchFolk = "torch-folk";

    /// <summary>The tutorial's table beside several seeds.</summary>
    public const string Tutorial = "tutorial";

    /// <summary>What can be replayed.</summary>
    public static EquatableArray<string> Names => [RepDl, TorchFolk, Tutorial, LeNet, LeNetDistorted, LeNetSizes];

    public static int Run(Invocation.Repro command, Session session) => command.Name switch
    {
        RepDl => ReplayRepDl(command, session),
        TorchFolk => ReplayTorchFolk(command, session),
        LeNet => ReplayLeNet1998(command, session),
        LeNetDistorted => ReplayDistorted(command, session),
        LeNetSizes => ReplaySizes(command, session),
        Tutorial => ReplayTutorial(command, session),
        _ => List(session),
    };

    private static string Line(string name) => name switch
    {
        RepDl => "Microsoft RepDL's LeNet-5 on MNIST: four published values, to the last bit; 2 epochs",
        LeNet => "LeNet-5 of 1998 on MNIST: training and test error by pass beside the paper's; 20 passes of one pattern at a time",
        LeNetDistorted => "the same with the paper's distorted images",
        LeNetSizes => "the same on 15,000, 30,000 and 60,000 training images, as figure 6",
        TorchFolk => "the tutorials' LeNet on MNIST as PyTorch 1.13 trains it: losses and accuracies within tolerances; 10 epochs",
        _ => "the tutorial's own table of ten epochs of 'folk', whose seed it does not say, beside seeds 0 to 9",
    };

    private static int List(Session session)
    {
        foreach (var name in Names)
            session.Screen.Event(new ReproListed(name, Line(name)), CommandJson.Configured.ReproListed);
        session.Screen.Table(Tables.Of([("Name", false), ("What is replayed", false)], Names.Select(name => (IReadOnlyList<string>)[name, Line(name)])));
        session.Screen.Note("'lenet repro NAME' replays it; exit code 0 when the numbers agree.");
        return ExitCode.Done;
    }

    private static int ReplayRepDl(Invocation.Repro command, Session session)
    {
        var replay = Replay(command, LeNet5.RepDl, session);
        if (replay.End is not { } end)
            return ExitCode.Interrupted;
        return Verdict(session, RepDl, "RepDL publishes",
        [
            Equal("initial weights, SHA-256", PublishedByRepDl.Initial, replay.InitialSha256),
            Equal("trained weights, SHA-256", PublishedByRepDl.Trained, end.WeightsSha256),
            Near("test accuracy", PublishedByRepDl.Accuracy, end.TestAccuracy, null),
            Equal("test logits, SHA-256", PublishedByRepDl.Logits, end.LogitsSha256),
        ]);
    }

    private static int ReplayTorchFolk(Invocation.Repro command, Session session)
    {
        const double StepTolerance = 1e-4;
        var replay = Replay(command, Folk.Experiment, session);
        if (replay.End is not { } end)
            return ExitCode.Interrupted;
        session.Screen.Table(Tables.Of(
            [("Epoch", true), ("Loss in PyTorch", true), ("here", true), ("Acc in PyTorch", true), ("here", true)],
            replay.Epochs.Select((epoch, i) => (IReadOnlyList<string>)
            [
                Invariant($"{epoch.Number}"), Invariant($"{PrintedByPyTorch.Losses[i]:F5}"), Invariant($"{epoch.TrainLoss:F5}"),
                Invariant($"{100 * PrintedByPyTorch.Accuracies[i]:F3} %"), Invariant($"{100 * epoch.TrainAccuracy:F3} %"),
            ])));
        var worst = PrintedByPyTorch.FirstSteps().Zip(replay.Losses, (theirs, ours) => (Theirs: theirs, Ours: ours))
            .Select((pair, i) => (Step: i + 1, pair.Theirs, pair.Ours, Difference: Math.Abs(pair.Ours - pair.Theirs) / Math.Abs(pair.Theirs)))
            .MaxBy(step => step.Difference);
        return Verdict(session, TorchFolk, "PyTorch printed",
        [
            Near(Invariant($"losses of the first 100 steps (farthest off: step {worst.Step})"), worst.Theirs, worst.Ours, StepTolerance * Math.Abs(worst.Theirs)),
            Near("train loss of epoch 1", PrintedByPyTorch.Losses[0], replay.Epochs[0].TrainLoss, 2e-4),
            Near("train accuracy of epoch 1", PrintedByPyTorch.Accuracies[0], replay.Epochs[0].TrainAccuracy, 1e-3),
            Near("train accuracy of epoch 10", PrintedByPyTorch.Accuracies[^1], replay.Epochs[^1].TrainAccuracy, 1.5e-3),
            Near("test accuracy", PrintedByPyTorch.TestAccuracy, end.TestAccuracy, 3e-3),
        ]);
    }

    /// <summary>The experiment as its authors ran it, on the whole of the known MNIST.</summary>
    private static Replayed Replay(Invocation.Repro command, Experiment experiment, Session session, long seed = 0)
    {
        var data = Published(command, experiment, session);
        var plan = new RunPlan(experiment, Train.PrepareTraining(experiment, data.Train), Train.Prepare(experiment, data.Test), Train.Start(experiment, seed));
        using var workspace = new Workspace(command.Threads ?? session.Surroundings.Processors);
        session.Screen.Note($"{experiment.Name}, seed {seed}: {experiment.Line}; {Tables.Text(experiment.Limit)} on {workspace.Threads} {(workspace.Threads == 1 ? "thread" : "threads")}.");
        return session.Screen.WithProgress("images/s", 1, progress =>
        {
            var bars = Bars.Begin(progress, plan);
            var (losses, epochs, end) = (new List<float>(), new List<RunEvent.Epoch>(), default(RunEvent.Finished));
            foreach (var moment in Moment.Of(plan, workspace, session.Surroundings.Elapsed))
            {
                switch (moment)
                {
                    case Moment.Step(var made):
                        losses.Add(made.Loss);
                        bars(made);
                        break;
                    case Moment.Epoch(var line):
                        epochs.Add(line);
                        session.Screen.Line(Lines.Of(line));
                        break;
                    case Moment.End last:
                        end = last.Line;
                        break;
                }

                if (session.Surroundings.Interrupt.IsCancellationRequested && end is null)
                {
                    session.Screen.Note($"Interrupted after step {losses.Count}.");
                    break;
                }
            }

            return new Replayed(Hashes.OfParameters(plan.Start.Parameters), losses, epochs, end);
        });
    }

    private static int Verdict(Session session, string name, string published, IReadOnlyList<ReproCheck> checks)
    {
        var screen = session.Screen;
        var width = Math.Max(published.Length, "here".Length);
        foreach (var check in checks.Select(check => check with { Name = name }))
        {
            screen.Event(check, CommandJson.Configured.ReproCheck);
            screen.Line($"{(check.Ok ? '✓' : '✗')} {check.Check}{(check.Tolerance is { } tolerance ? Invariant($", within {tolerance:0.######}") : "")}", new Style(check.Ok ? Color.Green : Color.Red));
            screen.Line($"    {published.PadRight(width)}  {Text(check.Expected)}");
            screen.Line($"    {"here".PadRight(width)}  {Text(check.Found)}");
        }

        var wrong = checks.Count(check => !check.Ok);
        screen.Line(wrong == 0 ? $"All {checks.Count} agree." : $"{wrong} of {checks.Count} differ.");
        return wrong == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static ReproCheck Equal(string check, string expected, string found) => new("repro", "", check, expected, found, null, expected == found);

    private static ReproCheck Near(string check, double expected, double found, double? tolerance) =>
        new("repro", "", check, expected, found, tolerance, Math.Abs(found - expected) <= (tolerance ?? 0));

    private static string Text(JsonNode value) => value.GetValueKind() == System.Text.Json.JsonValueKind.String ? value.GetValue<string>() : value.GetValue<double>().ToString("R", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private sealed record Replayed(string InitialSha256, IReadOnlyList<float> Losses, IReadOnlyList<RunEvent.Epoch> Epochs, RunEvent.Finished? End);
}
