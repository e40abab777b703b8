using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Experiments.Reports;
using Spectre.Console;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary>A layer in <c>show --json</c>.</summary>
internal sealed record ShownLayer(string Name, string Layer, IReadOnlyList<int> Output, long Parameters, long Connections, long MultiplyAdds);

/// <summary>The one object of <c>show --json</c>.</summary>
internal sealed record ShownExperiment(
    string Experiment,
    string Line,
    IReadOnlyList<int> Input,
    long Parameters,
    long Connections,
    long MultiplyAdds,
    IReadOnlyList<ShownLayer> Layers,
    ManifestOptimizer Optimizer,
    string Reduction,
    string Loss,
    int Batch,
    ManifestLimit Limit,
    string Schedule,
    string Data,
    int Padding,
    int Shifts,
    int Constructions,
    string Initialisation,
    IReadOnlyList<float> Greys,
    bool SameOrder,
    string? Distortion,
    int HeldOut,
    long Seed);

/// <summary><c>show EXPERIMENT</c>: the network layer by layer, and the settings.</summary>
internal static class ShowCommand
{
    private const int Width = 80;

    public static int Run(Invocation.Show command, Session session)
    {
        var experiment = command.Experiment;
        if (command.Try)
            return TryCommand.Run(experiment, session);
        var summary = Summary.Of(experiment.Network);
        session.Screen.Event(Shown(experiment, summary), CommandJson.Configured.ShownExperiment);
        session.Screen.Table(new Text($"{experiment.Name}: {experiment.Line}"), Width);
        session.Screen.Table(experiment.Network == LeNet1998.Network ? PaperTable.Of(experiment.Network) : Tables.Of(summary), Width);
        session.Screen.Table(Tables.Of(Tables.Settings(experiment)), Width);
        return ExitCode.Done;
    }

    private static ShownExperiment Shown(Experiment experiment, NetworkSummary summary) => new(
        experiment.Name,
        experiment.Line,
        [.. summary.Input],
        summary.Total.Parameters,
        summary.Total.Connections,
        summary.Total.MultiplyAdds,
        [.. summary.Layers.Select(layer => new ShownLayer(layer.Name, layer.Text, [.. layer.Output], layer.Cost.Parameters, layer.Cost.Connections, layer.Cost.MultiplyAdds))],
        ManifestOptimizer.Of(experiment.Optimizer),
        experiment.Reduction.ToString().ToLowerInvariant(),
        experiment.Loss.Text,
        experiment.Batch,
        ManifestLimit.Of(experiment.Limit),
        Tables.Text(experiment.Schedule),
        experiment.Data,
        experiment.Padding,
        experiment.Shifts,
        experiment.Constructions,
        Tables.Text(experiment.Initialisation),
        [experiment.Greys.Background, experiment.Greys.Ink],
        experiment.SameOrder,
        experiment.Distortion?.Text,
        experiment.HeldOut,
        Seed: 0);
}
