using System.Globalization;
using System.Text.Json.Nodes;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Experiments.Reports;
using Spectre.Console;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary>A setting in <c>compare --json</c> that is not the same in all runs; one that a run has not is null there.</summary>
internal sealed record ComparedSetting(string Event, string Name, IReadOnlyList<JsonNode?> Values);

/// <summary>A run in <c>compare --json</c>. Differences are from the first run.</summary>
internal sealed record ComparedRun(
    string Event,
    string Run,
    string Experiment,
    string State,
    long Steps,
    double? TestAccuracy,
    double? TestAccuracyDifference,
    double? TestLoss,
    double? TestLossDifference,
    double? TrainLoss,
    double Seconds,
    string WeightsSha256,
    bool SameWeights);

/// <summary><c>compare RUN RUN…</c>: what differs in the configuration, what it did to the metrics, and the curves.</summary>
internal static class CompareCommand
{
    private const int Rows = 16;
    private const int HexDigits = 7;
    private static readonly Style Heading = new(decoration: Decoration.Bold);

    public static int Run(Invocation.Compare command, Session session)
    {
        var screen = session.Screen;
        var runs = command.Runs.Select(name => RecordedRun.Of(RunAccess.Read(name, session))).ToList();
        var named = runs.Index().Select(run => (Mark: Mark(run.Index), Run: run.Item)).ToList();
        foreach (var (mark, run) in named)
            screen.Line($"{mark}  {run.Name}: {run.Manifest.Result.Experiment}, {(run.End is null ? $"{run.State} after step {Tables.Count(run.Steps)}" : run.State)}");

        Configuration("Configuration", "setting", runs.Select(run => Settings.Of(run.Manifest.Result)).ToList(), named.Select(run => run.Mark), screen);
        Configuration("Environment, which must not matter", "environment", runs.Select(run => Settings.Of(run.Manifest.Environment)).ToList(), named.Select(run => run.Mark), screen);
        Metrics(named, screen);
        Curves(named, session);
        return ExitCode.Done;
    }

    private static char Mark(int index) => index < 26 ? (char)('A' + index) : index < 52 ? (char)('a' + index - 26) : '?';

    private static void Configuration(string title, string name, List<EquatableArray<(string Name, JsonNode? Value)>> settings, IEnumerable<char> marks, Screen screen)
    {
        var differences = Settings.Differences(settings);
        foreach (var (setting, values) in differences)
            screen.Event(new ComparedSetting(name, setting, [.. values.Select(value => value?.DeepClone())]), CommandJson.Configured.ComparedSetting);
        screen.Line();
        screen.Line(title, Heading);
        if (differences.Count == 0)
            screen.Line("The same in all runs.");
        else
            screen.Table(Tables.Of(
                [("", false), .. marks.Select(mark => ($"{mark}", false))],
                differences.Select(difference => (IReadOnlyList<string>)[difference.Name, .. difference.Values.Select(Settings.Text)])));
    }

    private static void Metrics(List<(char Mark, RecordedRun Run)> runs, Screen screen)
    {
        var first = runs[0].Run;
        foreach (var (_, run) in runs)
            screen.Event(
                new ComparedRun(
                    "run", run.Name, run.Manifest.Result.Experiment, run.State, run.Steps,
                    run.TestAccuracy, run.TestAccuracy - first.TestAccuracy, run.TestLoss, run.TestLoss - first.TestLoss,
                    run.TrainLoss, run.Seconds, run.WeightsSha256, run.WeightsSha256 == first.WeightsSha256),
                CommandJson.Configured.ComparedRun);
        screen.Line();
        screen.Line("Metrics, and their differences from A", Heading);
        screen.Table(Tables.Of(
            [("", false), ("Test acc %", true), ("", true), ("Test loss", true), ("", true), ("Train loss", true), ("Steps", true), ("Time s", true), ("Weights", false)],
            runs.Select((compared, i) => (IReadOnlyList<string>)
            [
                $"{compared.Mark}",
                Number(100 * compared.Run.TestAccuracy, "F2"),
                i == 0 ? "" : Number(100 * (compared.Run.TestAccuracy - first.TestAccuracy), "+0.00;-0.00;0.00"),
                Number(compared.Run.TestLoss, "F5"),
                i == 0 ? "" : Number(compared.Run.TestLoss - first.TestLoss, "+0.00000;-0.00000;0.00000"),
                Number(compared.Run.TrainLoss, "F5"),
                Tables.Count(compared.Run.Steps),
                Number(compared.Run.Seconds, "F1"),
                Settings.Short(compared.Run.WeightsSha256, HexDigits),
            ])));
        foreach (var group in runs.Where(run => run.Run.WeightsSha256.Length > 0).GroupBy(run => run.Run.WeightsSha256).Where(group => group.Count() > 1))
            screen.Line($"{string.Join(", ", group.Select(run => run.Mark))} have the same weights, to the last bit.");
        if (runs.Skip(1).Any(run => run.Run.End is not null && first.End is not null && run.Run.WeightsSha256 != first.WeightsSha256 && run.Run.Manifest.Result == first.Manifest.Result))
            screen.Line("The same configuration gave other weights: 'lenet verify RUN' names the first thing that differs.");
    }

    private static void Curves(List<(char Mark, RecordedRun Run)> runs, Session session)
    {
        Draw("Training loss of a sample by step", logarithmic: true, "steps", run => run.Events.OfType<RunEvent.Step>().Select(step => ((double)step.Number, step.Loss / Samples(run))));
        if (runs.Any(run => run.Run.Epochs.Skip(1).Any()))
            Draw("Test accuracy in % by step", logarithmic: false, "steps", run => run.Epochs.Select(epoch => ((double)epoch.AfterStep, 100 * epoch.TestAccuracy)));

        void Draw(string title, bool logarithmic, string x, Func<RecordedRun, IEnumerable<(double, double)>> points)
        {
            var lines = Chart.Lines(runs.Select(run => new Chart.Curve(run.Mark, points(run.Run).ToEquatableArray())).ToEquatableArray(), session.Surroundings.WidthOfDrawings, Rows, logarithmic, x);
            if (lines.Count == 0)
                return;
            session.Screen.Line();
            session.Screen.Line($"{title}{(logarithmic ? ", logarithmic" : "")} ({Chart.Several} where curves meet)", Heading);
            foreach (var line in lines)
                session.Screen.Line(line);
        }

        // A step's line has the loss that the optimizer saw: the mean over its batch, or the sum.
        static double Samples(RecordedRun run) => run.Manifest.Result.Configuration.Reduction == "sum" ? run.Manifest.Result.Configuration.Batch : 1;
    }

    private static string Number(double? number, string format) => number is { } value ? value.ToString(format, CultureInfo.InvariantCulture) : "";
}
