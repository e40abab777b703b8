using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Experiments.Bench;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Data;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Experiments.Reports;
using MathNet.Numerics;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary>A measurement in <c>bench --json</c>; what does not apply is left out.</summary>
internal sealed record BenchLine(
    string Name, int Threads, int? Batch, double? ImagesPerSecond, double Microseconds, double? Gflops, double? ShareOfPeak, double? TimesMathNet);

/// <summary><c>bench [EXPERIMENT]</c>: how fast this machine is. Works anywhere: the images are the embedded digits.</summary>
internal static class BenchCommand
{
    // Of an experiment about two parts in five are its three measurements as a whole, the rest its layers' products.
    private static readonly TimeSpan PeakBudget = TimeSpan.FromSeconds(0.3);
    private static readonly TimeSpan Alone = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Together = TimeSpan.FromSeconds(16);

    public static int Run(Invocation.Bench command, Session session)
    {
        var screen = session.Screen;
        var threads = command.Threads ?? session.Surroundings.Processors;
        var budget = TimeSpan.FromTicks(Math.Min(Alone.Ticks, Together.Ticks / command.Experiments.Count));
        var digits = Digits.Load().Train;
        using Workspace workspace = new(threads), twin = new(threads, Numerics.MathNet);
        var mathNets = Control.MaxDegreeOfParallelism;
        Control.MaxDegreeOfParallelism = threads;
        try
        {
            var peak = PeakBench.Measure(workspace, PeakBudget);
            screen.Event(Line(peak, peak.Gflops), CommandJson.Configured.BenchLine);
            screen.Line(FormattableString.Invariant(
                $"{Machine.Processor}, vectors of {Machine.VectorBits} bits, {threads} {(threads == 1 ? "thread" : "threads")}: at most {peak.Gflops:F0} GFLOP/s."));
            if (threads > 1)
                Apart(PeakBench.Distance(PeakBudget), peak.Gflops, screen);
            foreach (var experiment in command.Experiments)
            {
                session.Surroundings.Interrupt.ThrowIfCancellationRequested();
                Measure(experiment, NetworkBench.Images(experiment, digits), workspace, twin, budget, peak.Gflops, screen);
            }

            screen.Line();
            screen.Line("Medians; MathNet's times are its best. Training is a step from bytes to weights, inference from bytes to logits.");
            screen.Line("Products: GFLOP/s, share of the peak, times as fast as MathNet's managed product");
            screen.Line("of ready-made matrices of these sizes. Another busy program shows in every number.");
            return ExitCode.Done;
        }
        finally
        {
            Control.MaxDegreeOfParallelism = mathNets;
        }
    }

    private static void Apart(Measurement distance, double peak, Screen screen)
    {
        screen.Event(Line(distance, peak), CommandJson.Configured.BenchLine);
        screen.Line(FormattableString.Invariant($"A number goes from one core to another and back in {1_000 * distance.Microseconds:N0} ns:"));
        screen.Line("some 50 where they share a cache, 350 where not, more beside a busy program.");
    }

    private static void Measure(Experiment experiment, Samples samples, Workspace workspace, Workspace twin, TimeSpan budget, double peak, Screen screen)
    {
        var whole = Reported(NetworkBench.Measure(experiment, samples, workspace, twin, budget * 0.12));
        screen.Line();
        screen.Table(Tables.Of(whole));
        var layers = OperationBench.Measure(experiment, workspace, budget * 0.4).ToList();
        _ = Reported(layers.SelectMany(layer => layer.All));
        screen.Table(Tables.Of(layers, peak));

        List<Measurement> Reported(IEnumerable<Measurement> measurements)
        {
            var all = measurements.ToList();
            foreach (var measurement in all)
                screen.Event(Line(measurement, peak), CommandJson.Configured.BenchLine);
            return all;
        }
    }

    private static BenchLine Line(Measurement m, double peak) => new(
        m.Name,
        m.Threads,
        m.Batch > 0 ? m.Batch : null,
        m.Batch > 0 ? m.ImagesPerSecond : null,
        m.Microseconds,
        m.MultiplyAdds > 0 ? m.Gflops : null,
        m.MultiplyAdds > 0 ? m.Gflops / peak : null,
        m.MathNetSeconds > 0 ? m.TimesMathNet : null);
}
