using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Experiments.Reports;
using MathNet.Numerics.Statistics;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary>A line of the tutorial's table beside the same line of several runs, a line of <c>repro tutorial --json</c>.</summary>
internal sealed record ReproLine(string Event, string Name, int Epoch, string Quantity, double Expected, double Mean, double Deviation, bool Ok);

internal static partial class ReproCommand
{
    // With normally distributed runs, 19 of 20 lie within two deviations.
    private const double Deviations = 2;
    private const double LinesOfTwenty = 18;

    private static int ReplayTutorial(Invocation.Repro command, Session session)
    {
        var screen = session.Screen;
        var seeds = command.Seeds ?? new SeedRange(0, 9, IsRange: true);
        var runs = new List<IReadOnlyList<RunEvent.Epoch>>();
        foreach (var seed in seeds.All)
        {
            var replay = Replay(command, Folk.Experiment, session, seed);
            if (replay.End is null)
                return ExitCode.Interrupted;
            runs.Add(replay.Epochs);
        }

        var losses = Compared("loss", 1, PrintedByTutorial.Losses, epoch => epoch.TrainLoss);
        var accuracies = Compared("accuracy", 100, PrintedByTutorial.Accuracies, epoch => epoch.TrainAccuracy);
        foreach (var line in losses.Concat(accuracies))
            screen.Event(line, CommandJson.Configured.ReproLine);
        screen.Table(Tables.Of(
            [("Epoch", true), ("Loss", true), ($"seeds {seeds.First}..{seeds.Last}", true), ("", false), ("Acc", true), ($"seeds {seeds.First}..{seeds.Last}", true), ("", false)],
            losses.Zip(accuracies, (loss, accuracy) => (IReadOnlyList<string>)
            [
                Invariant($"{loss.Epoch}"),
                Invariant($"{loss.Expected:F5}"), Invariant($"{loss.Mean:F5} ± {loss.Deviation:F5}"), Mark(loss),
                Invariant($"{accuracy.Expected:F2}"), Invariant($"{accuracy.Mean:F2} ± {accuracy.Deviation:F2}"), Mark(accuracy),
            ])));
        var (within, all) = (losses.Concat(accuracies).Count(line => line.Ok), losses.Count + accuracies.Count);
        screen.Line(runs.Count == 1
            ? "One run has no spread to lie within: give more than one seed."
            : $"{within} of the tutorial's {all} values lie within the spread of {runs.Count} runs, mean ± {Deviations} standard deviations.");
        return runs.Count == 1 || within >= all * LinesOfTwenty / 20 ? ExitCode.Done : ExitCode.Failed;

        List<ReproLine> Compared(string quantity, double unit, IReadOnlyList<double> expected, Func<RunEvent.Epoch, double> value) =>
            [.. expected.Select((theirs, i) =>
            {
                var (mean, spread) = runs.Select(epochs => unit * value(epochs[i])).MeanStandardDeviation();
                var deviation = runs.Count > 1 ? spread : 0;
                return new ReproLine("repro", Tutorial, i + 1, quantity, theirs, mean, deviation, Math.Abs(theirs - mean) <= Deviations * deviation);
            })];

        static string Mark(ReproLine line) => line.Ok ? "within" : line.Expected > line.Mean ? "above" : "below";
    }
}
