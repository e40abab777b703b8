using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Records;
using MathNet.Numerics.Statistics;

namespace FunctionalLeNet.Experiments.Cli.Sweeps;

/// <summary>Mean and standard deviation (n − 1) over the runs of a sweep that share some values.</summary>
/// <param name="Values">What they share; empty for all runs.</param>
/// <param name="Runs">How many finished.</param>
/// <param name="Accuracy">Of the test set, a fraction; the deviation is not a number for one run.</param>
/// <param name="Loss">Of a test sample.</param>
internal sealed record SweepGroup(EquatableArray<(string Axis, string Value)> Values, int Runs, (double Mean, double Deviation) Accuracy, (double Mean, double Deviation) Loss)
{
    /// <summary>The groups of runs that have the same values on some axes, in the order of the sweep.</summary>
    /// <param name="axes">The axes.</param>
    /// <param name="finished">The runs that finished, with their ends.</param>
    public static EquatableArray<SweepGroup> By(IEnumerable<string> axes, IEnumerable<(SweepRun Run, RunEvent.Finished End)> finished) => finished
        .GroupBy(pair => axes.Select(axis => (axis, pair.Run.On(axis))).ToEquatableArray(), pair => pair.End)
        .Select(group => new SweepGroup(group.Key, group.Count(), group.Select(end => end.TestAccuracy).MeanStandardDeviation(), group.Select(end => end.TestLoss).MeanStandardDeviation()))
        .ToEquatableArray();
}
