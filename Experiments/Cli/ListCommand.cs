using System.Text.Json;
using System.Text.Json.Serialization;
using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Experiments.Reports;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary>One experiment in <c>list --json</c>.</summary>
internal sealed record ListedExperiment(string Name, string Line, string Network, string Data, string Optimizer, long Parameters);

/// <summary><c>list</c>: the experiments.</summary>
internal static class ListCommand
{
    public static int Run(Session session)
    {
        foreach (var experiment in AllExperiments.InOrder)
            session.Screen.Event(
                new ListedExperiment(experiment.Name, experiment.Line, Tables.Text(experiment.Network), experiment.Data, Tables.Text(experiment.Optimizer), Cost.Of(experiment.Network).Parameters),
                CommandJson.Configured.ListedExperiment);
        session.Screen.Table(Tables.Of(AllExperiments.InOrder));
        session.Screen.Table(Tables.Of(AllExperiments.InOrder.Select(experiment => (experiment.Name, experiment.Line))));
        session.Screen.Note("'lenet show EXPERIMENT' prints a network layer by layer, 'lenet train EXPERIMENT' trains it.");
        return ExitCode.Done;
    }
}

[JsonSerializable(typeof(ListedExperiment))]
[JsonSerializable(typeof(ListedRun))]
[JsonSerializable(typeof(ComparedSetting))]
[JsonSerializable(typeof(ComparedRun))]
[JsonSerializable(typeof(SweptRun))]
[JsonSerializable(typeof(SweptGroup))]
[JsonSerializable(typeof(SweptAll))]
[JsonSerializable(typeof(ShownExperiment))]
[JsonSerializable(typeof(ReproCheck))]
[JsonSerializable(typeof(ReproLine))]
[JsonSerializable(typeof(ReproListed))]
[JsonSerializable(typeof(Tried))]
[JsonSerializable(typeof(VerifyCheck))]
[JsonSerializable(typeof(Verified))]
[JsonSerializable(typeof(Evaluated))]
[JsonSerializable(typeof(EvaluatedClass))]
[JsonSerializable(typeof(EvaluatedMistake))]
[JsonSerializable(typeof(LayerLine))]
[JsonSerializable(typeof(Listening))]
[JsonSerializable(typeof(PredictionLine))]
[JsonSerializable(typeof(RefusedRequest))]
[JsonSerializable(typeof(ExportedFile))]
[JsonSerializable(typeof(DataLine))]
[JsonSerializable(typeof(BenchLine))]
internal sealed partial class CommandJson : JsonSerializerContext
{
    // The generated Default has no encoder: an attribute cannot name one.
    public static CommandJson Configured { get; } = new(new JsonSerializerOptions(JsonLines.Options));
}
