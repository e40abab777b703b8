using System.Globalization;
using FunctionalLeNet.Experiments.Records;

namespace FunctionalLeNet.Experiments.Reports;

/// <summary>A run's lines for people, in the form of the tutorials that print their training so.</summary>
internal static class Lines
{
    /// <summary>What stands between the epochs and the test.</summary>
    public const string FinishedTraining = "Finished Training";

    /// <summary><c>[1/10] Loss: 0.38665, Acc: 88.06, Time: 0.63 s</c></summary>
    /// <param name="epoch">An epoch.</param>
    public static string Of(RunEvent.Epoch epoch) => Invariant($"[{epoch.Number}/{epoch.Epochs}] Loss: {epoch.TrainLoss:F5}, Acc: {100 * epoch.TrainAccuracy:F2}, Time: {epoch.Seconds:F2} s");

    /// <summary><c>Step 11: Test: Loss: 1.80143, Acc: 62.05 %</c></summary>
    /// <param name="evaluation">A measurement by steps.</param>
    public static string Of(RunEvent.Evaluation evaluation) => Invariant($"Step {evaluation.AfterStep}: Test: Loss: {evaluation.TestLoss:F5}, Acc: {100 * evaluation.TestAccuracy:F2} %");

    /// <summary><c>Test: Loss: 0.05294, Acc: 98.32 %</c></summary>
    /// <param name="finished">A run's end.</param>
    public static string Of(RunEvent.Finished finished) => Invariant($"Test: Loss: {finished.TestLoss:F5}, Acc: {100 * finished.TestAccuracy:F2} %");

    /// <summary><c>5 runs: Test: Loss: 0.05294 ± 0.00121, Acc: 98.32 ± 0.11 %</c></summary>
    /// <param name="summary">Several runs.</param>
    public static string Of(RunEvent.Summary summary) => Invariant(
        $"{summary.Runs} {(summary.Runs == 1 ? "run" : "runs")}: Test: Loss: {summary.TestLossMean:F5}{Deviation(summary.TestLossDeviation, "F5")}, Acc: {100 * summary.TestAccuracyMean:F2}{Deviation(100 * summary.TestAccuracyDeviation, "F2")} %");

    private static string Deviation(double? deviation, string format) => deviation is { } value ? $" ± {value.ToString(format, CultureInfo.InvariantCulture)}" : "";

    private static string Invariant(FormattableString line) => FormattableString.Invariant(line);
}
