using System.Globalization;
using FunctionalLeNet.Core.Formats;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Data;
using FunctionalLeNet.Experiments.Interop;

namespace FunctionalLeNet.Experiments.Records;

/// <summary>
/// The run inside the program, for those who have trained none yet: <c>lenet train fast</c>. Its files are in the folder <c>Experiments/Model</c> of the source, where
/// <c>lenet verify Experiments/Model</c> computes it again.
/// </summary>
internal static class ShippedModel
{
    /// <summary>What it is called.</summary>
    public const string Name = "built-in";

    /// <summary>The run: its manifest and metrics; it has no folder.</summary>
    public static StoredRun Run { get; } = new(
        "", Name, Manifest.OfBytes(Bytes(RunFolder.ManifestFile), $"{Name}/{RunFolder.ManifestFile}"), Metrics.OfBytes(Bytes(RunFolder.MetricsFile), $"{Name}/{RunFolder.MetricsFile}"));

    /// <summary>The network with its final parameters.</summary>
    public static TrainedModel Model => new(Name, Experiment, Weights(RunFolder.WeightsFile));

    /// <summary>The steps on the way after which the parameters were kept.</summary>
    public static EquatableArray<long> FilmSteps { get; } = [10, 40, 160, 640];

    /// <summary>The parameters after one of <see cref="FilmSteps"/>.</summary>
    /// <param name="step">Which.</param>
    public static Tree<Tensor> Film(long step) => Weights(step.ToString(CultureInfo.InvariantCulture) + ".safetensors");

    private static Experiment Experiment => Run.Experiment(Run.Manifest.Result.Data.Name);

    private static Tree<Tensor> Weights(string file) => ForeignWeights.Fitted(Experiment.Network, Experiment.Name, SafeTensors.Read(Bytes(file), file).Tensors, [], file);

    private static byte[] Bytes(string file) => Embedded.Bytes($"Model/{file}");
}
