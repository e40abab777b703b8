using System.Globalization;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Records;

namespace FunctionalLeNet.Experiments.Reports;

/// <summary>The command that makes a run again, from its manifest.</summary>
internal static class Reproduction
{
    /// <summary>The words after <c>lenet</c>; none where no single command makes the run again: where it began with foreign weights, or its limit was raised under a schedule that follows it.</summary>
    /// <param name="manifest">The run's manifest.</param>
    public static EquatableArray<string> Words(Manifest manifest)
    {
        var (result, configuration) = (manifest.Result, manifest.Result.Configuration);
        var distorted = AllExperiments.Variants.Any(variant => variant.Name == result.Experiment);
        var known = AllExperiments.Find(result.Experiment);
        if (known is null || result.ImportedWeightsSha256 is not null || result.EarlierLimits.Count > 0)
            return [];
        var usual = ManifestConfiguration.Of(known, null, null);
        var place = manifest.Environment.DataFolder.Length > 0 ? manifest.Environment.DataFolder : result.Data.Name;
        return
        [
            "train", distorted ? LeNet1998.Experiment.Name : result.Experiment,
            .. If(distorted, "--distort"),
            .. If(place != known.Data, "--data", place),
            .. If(true, "--seed", Text(result.Seed)),
            .. If(configuration.Batch != usual.Batch, "--batch", Text(configuration.Batch)),
            .. If(configuration.Optimizer.Rate is { } rate && rate != usual.Optimizer.Rate, "--lr", configuration.Optimizer.Rate?.ToString("R", CultureInfo.InvariantCulture) ?? ""),
            .. If(configuration.Limit != usual.Limit && configuration.Limit.Epochs is not null, "--epochs", Text(configuration.Limit.Epochs ?? 0)),
            .. If(configuration.Limit != usual.Limit && configuration.Limit.Steps is not null, "--steps", Text(configuration.Limit.Steps ?? 0)),
            .. If(configuration.TrainLimit is not null, "--train-limit", Text(configuration.TrainLimit ?? 0)),
            .. If(configuration.TestLimit is not null, "--test-limit", Text(configuration.TestLimit ?? 0)),
            .. If(result.Numerics != "exact", "--numerics", result.Numerics),
        ];
    }

    /// <summary>Words as a shell takes them.</summary>
    /// <param name="words">The words.</param>
    public static string Line(IEnumerable<string> words) => string.Join(' ', words.Select(word => word.Contains(' ', StringComparison.Ordinal) ? $"\"{word}\"" : word));

    private static string[] If(bool condition, params string[] words) => condition ? words : [];

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
