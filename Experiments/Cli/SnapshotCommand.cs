using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary>A layer's output in <c>snapshot --json</c>; numbers that are not finite are null.</summary>
internal sealed record LayerLine(string Event, string Name, string Layer, IReadOnlyList<int> Shape, double? Minimum, double? Maximum, double? Mean, double? Deviation, string Sha256);

/// <summary><c>snapshot RUN</c>: every layer's output for one test image, as text that a <c>diff</c> explains.</summary>
internal static class SnapshotCommand
{
    public static int Run(Invocation.Snapshot command, Session session)
    {
        var screen = session.Screen;
        var run = RunAccess.Read(command.Run, session);
        var (experiment, data) = RunAccess.Load(run, command.Data, session);
        var input = RunAccess.TestImage(experiment, data, command.Sample);
        var state = run.Newest(screen.Note).State;
        screen.Note($"{run.Name} after {state.Position.Step:N0} steps; test image {command.Sample} of '{data.Name}', a {data.Test.Labels.Span[command.Sample]}:");
        foreach (var (layer, value) in LayerSnapshot.Outputs(experiment.Network, state.Parameters, input))
            screen.Event(Line(layer, value), CommandJson.Configured.LayerLine);
        screen.Line(LayerSnapshot.Of(experiment.Network, state.Parameters, input));
        return ExitCode.Done;
    }

    private static LayerLine Line(LayerShape layer, Tensor value)
    {
        var statistics = TensorStatistics.Of(value);
        return new(
            "layer", layer.Path, Summary.Text(layer.Layer), [.. value.Shape], Finite(statistics.Minimum), Finite(statistics.Maximum), Finite(statistics.Mean), Finite(statistics.Deviation),
            Convert.ToHexStringLower(value.Sha256()));
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
