using System.Text;
using System.Text.Json;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Data;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Experiments.Reports;

namespace FunctionalLeNet.Fuzzing.Targets;

/// <summary>The texts in a run's folder.</summary>
internal static class RunTargets
{
    private static readonly Manifest[] Manifests = [.. AllExperiments.InOrder.Select(experiment => new Manifest(
        ManifestResult.Of(experiment, 3, Numerics.Exact, Digits.Load(), 100, null), ManifestEnvironment.Here(2, "", ["train", experiment.Name], DateTimeOffset.UnixEpoch)))];

    private static readonly string[] ManifestTexts = [.. Manifests.Select(manifest => manifest.ToJson())];
    private static readonly string[] Words = ["step", "epoch", "start", "finished", "error", "summary", "sgd", "adam", "tensorflow_adam", "name", "exact", "mathnet", "conv1", "2026-13-01T00:00:00Z", "null"];

    private static readonly string MetricsText = string.Concat(new RunEvent[]
    {
        new RunEvent.Start("runs/x", "folk", 3, 61_610, new string('a', 64)),
        new RunEvent.Order(1, 1, new string('e', 64)),
        new RunEvent.Weights(0, [new("conv1.weight", new string('f', 64))]),
        new RunEvent.Histograms(0, [new("conv1.weight", Histogram.Of([1, -2, 0.5f]), Histogram.Of([]))]),
        new RunEvent.Step(1, 2.5f),
        new RunEvent.Evaluation(1, 1, 0.5),
        new RunEvent.Checkpoint(2, "checkpoints/2.safetensors"),
        new RunEvent.Step(2, 1.5f),
        new RunEvent.Epoch(1, 2, 2, 2, 0.5, 1.25, 0.75, 0.1, new string('b', 64)),
        new RunEvent.Step(3, 1),
        new RunEvent.Error("The loss is not finite."),
        new RunEvent.Summary(2, 0.5, 0.1, 0.9, null),
        new RunEvent.Finished(3, 1.125, 0.875, new string('c', 64), new string('d', 64), 1.5),
    }.Select(line => line.ToLine() + "\n"));

    public static Target Manifest { get; } = new(
        "manifest",
        120,
        draws => draws.MutateText(draws.Of(ManifestTexts), Words),
        input => IsObject(input, "result"),
        ReadManifest,
        input => input.Length);

    public static Target Metrics { get; } = new(
        "metrics",
        120,
        draws => draws.MutateText(MetricsText, Words),
        input => IsObject(input.AsSpan()[..(input.AsSpan().IndexOf((byte)'\n') is var end and >= 0 ? end : 0)], "event"),
        ReadMetrics,
        input => input.Length);

    private static bool IsObject(ReadOnlySpan<byte> json, string member)
    {
        try
        {
            using var document = JsonDocument.Parse(json.ToArray());
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(member, out _);
        }
        // Half of a surrogate pair is found when a name is read.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Reads a manifest and compares it with the one that it was.</summary>
    private static void ReadManifest(byte[] input)
    {
        var manifest = Experiments.Records.Manifest.OfBytes(input, "manifest.json");
        foreach (var (_, values) in Settings.Differences([Settings.Of(Manifests[0].Result), Settings.Of(manifest.Result)]))
            _ = values.Select(Settings.Text).ToList();
        if (Experiments.Records.Manifest.OfBytes(Encoding.UTF8.GetBytes(manifest.ToJson()), "manifest.json") != manifest)
            throw new InvalidOperationException("The manifest is another when it is written and read again.");
    }

    /// <summary>Reads metrics, and says and draws what they say.</summary>
    private static void ReadMetrics(byte[] input)
    {
        var metrics = Experiments.Records.Metrics.OfBytes(input, "metrics.jsonl");
        if (Experiments.Records.Metrics.OfBytes(Encoding.UTF8.GetBytes(metrics.ToText()), "metrics.jsonl") != metrics)
            throw new InvalidOperationException("The metrics are others when they are written and read again.");
        _ = (metrics.Until(2), metrics.RecordedSteps);
        var run = new RecordedRun("run", Manifests[0], metrics.Lines);
        _ = (run.State, run.Steps, run.TestLoss, run.TestAccuracy, run.TrainLoss, run.Seconds, run.WeightsSha256);
        var points = run.Events.SelectMany<RunEvent, (double, double)>(line => line switch
        {
            RunEvent.Step step => [(step.Number, step.Loss)],
            RunEvent.Epoch epoch => [(epoch.AfterStep, epoch.TestLoss)],
            _ => [],
        }).ToEquatableArray();
        _ = Chart.Lines([new('A', points)], 80, 16, logarithmic: true, "steps");
        _ = Chart.Lines([new('A', points), new('B', points)], 80, 16, logarithmic: false, "steps");
    }
}
