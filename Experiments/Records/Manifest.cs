using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using FunctionalLeNet.Core.Formats;
using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Optimizers;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Data;

namespace FunctionalLeNet.Experiments.Records;

/// <summary>A run's <c>manifest.json</c>.</summary>
/// <param name="Result">Everything that fixes the outcome.</param>
/// <param name="Environment">What must not matter.</param>
public sealed record Manifest(ManifestResult Result, ManifestEnvironment Environment)
{
    /// <summary>The manifest as indented JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ManifestJson.Configured.Manifest) + "\n";

    /// <summary>Reads a manifest.</summary>
    /// <param name="json">Its JSON.</param>
    /// <exception cref="JsonException">It is no manifest.</exception>
    public static Manifest OfJson(string json) => JsonSerializer.Deserialize(json, ManifestJson.Configured.Manifest) ?? throw new JsonException("The manifest is null.");

    /// <summary>Reads a manifest's file.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="file">Its name, for the error.</param>
    /// <exception cref="DataException">It is no manifest, or one of a newer form.</exception>
    public static Manifest OfBytes(byte[] bytes, string file)
    {
        try
        {
            // The form's version first: a newer form may differ in anything else.
            using var document = JsonDocument.Parse(bytes);
            if (document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("result", out var result) && result.ValueKind == JsonValueKind.Object
                && result.TryGetProperty("schema_version", out var version) && version.TryGetInt64(out var schema) && schema > ManifestResult.Schema)
                throw new DataException(file, "this run was written by a newer program", $"a manifest of form {ManifestResult.Schema} or older", $"{schema}", "Use a program at least as new as the one that wrote the run.");
            var manifest = OfJson(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes));
            // JSON can say 1e999, which is read as infinity: a manifest that cannot be written again is none.
            _ = manifest.ToJson();
            return manifest;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NotSupportedException or ArgumentException)
        {
            throw new DataException(file, "this is no manifest of a run", found: e.Message.ReplaceLineEndings(" ").TrimEnd('.'));
        }
    }
}

/// <summary>Everything that fixes a run's outcome to the last bit.</summary>
/// <param name="SchemaVersion">The version of this form, <see cref="ManifestResult.Schema"/>.</param>
/// <param name="Experiment">The experiment's name.</param>
/// <param name="Seed">What fixes everything random.</param>
/// <param name="Numerics"><c>exact</c>, <c>mathnet</c> or <c>mkl</c>.</param>
/// <param name="Configuration">The experiment with every change made to it.</param>
/// <param name="Data">The data.</param>
/// <param name="EarlierLimits">Limits that were in force before they were raised, in order, where the schedule depends on the limit; empty for most runs.</param>
public sealed record ManifestResult(int SchemaVersion, string Experiment, long Seed, string Numerics, ManifestConfiguration Configuration, ManifestData Data, EquatableArray<ManifestEarlierLimit> EarlierLimits)
{
    /// <summary>The version that this program writes.</summary>
    public const int Schema = 1;

    /// <summary>The SHA-256 of the parameters that the run begins with, if another program made them; null where they were drawn.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ImportedWeightsSha256 { get; init; }

    /// <summary>What fixes a run.</summary>
    /// <param name="experiment">The experiment with every change made to it.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="numerics">Which products.</param>
    /// <param name="data">The data.</param>
    /// <param name="trainLimit">Only the first so many training samples.</param>
    /// <param name="testLimit">Only the first so many test samples.</param>
    public static ManifestResult Of(Experiment experiment, long seed, Numerics numerics, Dataset data, int? trainLimit, int? testLimit) => new(
        Schema,
        experiment.Name,
        seed,
        Name(numerics),
        ManifestConfiguration.Of(experiment, trainLimit, testLimit),
        new ManifestData(data.Name, data.Files.Select(file => new ManifestFile(file.Name, file.Sha256, file.Count)).ToEquatableArray()),
        []);

    /// <summary>Which products the run is computed with.</summary>
    /// <exception cref="DataException">The name is none of the three.</exception>
    public Numerics ToNumerics() => Enum.GetValues<Numerics>().Where(numerics => Name(numerics) == Numerics).Select(numerics => (Numerics?)numerics).FirstOrDefault()
        ?? throw new DataException(RunFolder.ManifestFile, "the numerics make no sense", string.Join(", ", Enum.GetValues<Numerics>().Select(Name)), Numerics);

    /// <summary>
    /// What a checkpoint after some step has to agree with: the SHA-256 of everything that fixed the run until then.
    /// A limit counts only where the schedule depends on it, so a run whose limit is raised keeps its checkpoints.
    /// </summary>
    /// <param name="step">Updates since the start.</param>
    public string IdentityAt(long step)
    {
        var limit = EarlierLimits.Where(earlier => earlier.UntilStep >= step).Select(earlier => earlier.Limit).FirstOrDefault(Configuration.Limit);
        var result = this with
        {
            Configuration = Configuration with { Limit = Configuration.Schedule == Reports.Tables.Text(new Schedule.Constant()) ? new(null, null) : limit },
            EarlierLimits = [],
        };
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(result, ManifestJson.Configured.ManifestResult)));
    }

    /// <summary>How a manifest calls the products that a network is computed with.</summary>
    /// <param name="numerics">Which products.</param>
    internal static string Name(Numerics numerics) => numerics switch { Core.Kernels.Numerics.Exact => "exact", Core.Kernels.Numerics.MathNet => "mathnet", _ => "mkl" };
}

/// <summary>A limit that was in force until it was raised.</summary>
/// <param name="UntilStep">The last step under it.</param>
/// <param name="Limit">The limit.</param>
public sealed record ManifestEarlierLimit(long UntilStep, ManifestLimit Limit);

/// <summary>An experiment with every change made to it.</summary>
/// <param name="Network">The network.</param>
/// <param name="Optimizer">The optimizer with all its numbers.</param>
/// <param name="Schedule">How the learning rate changes over the run, in words.</param>
/// <param name="Reduction">Whether the loss of a batch is the <c>mean</c> or the <c>sum</c> over its samples.</param>
/// <param name="Batch">Samples in a step.</param>
/// <param name="Limit">When training ends.</param>
/// <param name="Padding">Rows and columns of background put around each image.</param>
/// <param name="Shifts">Every training image also comes moved by up to so many pixels.</param>
/// <param name="Constructions">How often a set of initial weights is drawn; the first is kept.</param>
/// <param name="Loss">What is made small, in words.</param>
/// <param name="Greys">The numbers that the bytes 0 and 255 stand for.</param>
/// <param name="SameOrder">Whether every epoch has the samples in the same order.</param>
/// <param name="Distortion">How training images are distorted, in words; null for not at all.</param>
/// <param name="Initialisation">What the parameters are drawn from, in words.</param>
/// <param name="HeldOut">The first of so many equal parts of the training images is not trained on; 0 for none.</param>
/// <param name="TrainLimit">Only the first so many training samples; null for all.</param>
/// <param name="TestLimit">Only the first so many test samples; null for all.</param>
public sealed record ManifestConfiguration(
    ManifestNetwork Network,
    ManifestOptimizer Optimizer,
    string Schedule,
    string Reduction,
    int Batch,
    ManifestLimit Limit,
    int Padding,
    int Shifts,
    int Constructions,
    string Loss,
    EquatableArray<float> Greys,
    bool SameOrder,
    string? Distortion,
    string Initialisation,
    int HeldOut,
    int? TrainLimit,
    int? TestLimit)
{
    /// <summary>An experiment's description.</summary>
    /// <param name="experiment">The experiment with every change made to it.</param>
    /// <param name="trainLimit">Only the first so many training samples.</param>
    /// <param name="testLimit">Only the first so many test samples.</param>
    public static ManifestConfiguration Of(Experiment experiment, int? trainLimit, int? testLimit) => new(
        ManifestNetwork.Of(experiment.Network),
        ManifestOptimizer.Of(experiment.Optimizer),
        Reports.Tables.Text(experiment.Schedule),
        experiment.Reduction.ToString().ToLowerInvariant(),
        experiment.Batch,
        ManifestLimit.Of(experiment.Limit),
        experiment.Padding,
        experiment.Shifts,
        experiment.Constructions,
        experiment.Loss.Text,
        [experiment.Greys.Background, experiment.Greys.Ink],
        experiment.SameOrder,
        experiment.Distortion?.Text,
        Reports.Tables.Text(experiment.Initialisation),
        experiment.HeldOut,
        trainLimit,
        testLimit);
}

/// <summary>A network in words that say everything about it.</summary>
/// <param name="Input">The shape of one sample.</param>
/// <param name="Layers">The layers in order.</param>
public sealed record ManifestNetwork(EquatableArray<int> Input, EquatableArray<ManifestLayer> Layers)
{
    /// <summary>A network's description.</summary>
    /// <param name="network">The network.</param>
    public static ManifestNetwork Of(Core.Layers.Network network) => new(
        network.Input.Sizes,
        Summary.Of(network).Layers.Select(layer => new ManifestLayer(layer.Name, layer.Text, layer.Output.Sizes, layer.Cost.Parameters)).ToEquatableArray());
}

/// <summary>A layer in words.</summary>
/// <param name="Name">Its path, such as <c>conv/0</c>.</param>
/// <param name="Layer">What it is, with every setting: <c>Convolution 6@5x5 pad 1</c>.</param>
/// <param name="Output">The shape of what comes out, for one sample.</param>
/// <param name="Parameters">How many trainable numbers.</param>
public sealed record ManifestLayer(string Name, string Layer, EquatableArray<int> Output, long Parameters);

/// <summary>When training ends; null where that is no limit.</summary>
/// <param name="Epochs">Passes over the training data.</param>
/// <param name="Steps">Updates of the parameters.</param>
public sealed record ManifestLimit(int? Epochs, long? Steps)
{
    /// <summary>The limit.</summary>
    public Limit ToLimit() => new(Epochs ?? int.MaxValue, Steps ?? long.MaxValue);

    /// <summary>A limit's description.</summary>
    /// <param name="limit">The limit.</param>
    public static ManifestLimit Of(Limit limit) => new(limit.Epochs == int.MaxValue ? null : limit.Epochs, limit.Steps == long.MaxValue ? null : limit.Steps);
}

/// <summary>An optimizer with all its numbers.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "name")]
[JsonDerivedType(typeof(Sgd), "sgd")]
[JsonDerivedType(typeof(Adam), "adam")]
[JsonDerivedType(typeof(TensorFlowAdam), "tensorflow_adam")]
[JsonDerivedType(typeof(LevenbergMarquardt), "levenberg_marquardt")]
[JsonDerivedType(typeof(AdamW), "adamw")]
[JsonDerivedType(typeof(RmsProp), "rmsprop")]
[JsonDerivedType(typeof(AdaGrad), "adagrad")]
[JsonDerivedType(typeof(Clipped), "clipped")]
public abstract record ManifestOptimizer
{
    private ManifestOptimizer() { }

    /// <summary>The learning rate, whatever the optimizer; null where it has none of that name.</summary>
    [JsonIgnore]
    public double? Rate => (double?)JsonSerializer.SerializeToNode(this, ManifestJson.Configured.ManifestOptimizer)?["learning_rate"];

    /// <inheritdoc cref="OptimizerSettings.Sgd"/>
    public sealed record Sgd(double LearningRate, double Momentum, double Dampening, double WeightDecay, bool Nesterov) : ManifestOptimizer;

    /// <inheritdoc cref="OptimizerSettings.Adam"/>
    public sealed record Adam(double LearningRate, double Beta1, double Beta2, double Epsilon, double WeightDecay) : ManifestOptimizer;

    /// <inheritdoc cref="OptimizerSettings.TensorFlowAdam"/>
    public sealed record TensorFlowAdam(double LearningRate, double Beta1, double Beta2, double Epsilon) : ManifestOptimizer;

    /// <inheritdoc cref="OptimizerSettings.LevenbergMarquardt"/>
    public sealed record LevenbergMarquardt(double LearningRate, double Mu, int Patterns) : ManifestOptimizer;

    /// <inheritdoc cref="OptimizerSettings.AdamW"/>
    public sealed record AdamW(double LearningRate, double Beta1, double Beta2, double Epsilon, double WeightDecay) : ManifestOptimizer;

    /// <inheritdoc cref="OptimizerSettings.RmsProp"/>
    public sealed record RmsProp(double LearningRate, double Alpha, double Epsilon, double WeightDecay, double Momentum, bool Centered) : ManifestOptimizer;

    /// <inheritdoc cref="OptimizerSettings.AdaGrad"/>
    public sealed record AdaGrad(double LearningRate, double LearningRateDecay, double WeightDecay, double InitialAccumulator, double Epsilon) : ManifestOptimizer;

    /// <inheritdoc cref="OptimizerSettings.Clipped"/>
    public sealed record Clipped(ManifestOptimizer Inner, double Norm) : ManifestOptimizer;

    /// <summary>An optimizer's description.</summary>
    /// <param name="settings">The optimizer.</param>
    public static ManifestOptimizer Of(OptimizerSettings settings) => settings.Match<ManifestOptimizer>(
        sgd => new Sgd(sgd.LearningRate, sgd.Momentum, sgd.Dampening, sgd.WeightDecay, sgd.Nesterov),
        adam => new Adam(adam.LearningRate, adam.Beta1, adam.Beta2, adam.Epsilon, adam.WeightDecay),
        adam => new TensorFlowAdam(adam.LearningRate, adam.Beta1, adam.Beta2, adam.Epsilon),
        levenberg => new LevenbergMarquardt(levenberg.LearningRate, levenberg.Mu, levenberg.Patterns),
        adam => new AdamW(adam.LearningRate, adam.Beta1, adam.Beta2, adam.Epsilon, adam.WeightDecay),
        rmsProp => new RmsProp(rmsProp.LearningRate, rmsProp.Alpha, rmsProp.Epsilon, rmsProp.WeightDecay, rmsProp.Momentum, rmsProp.Centered),
        adaGrad => new AdaGrad(adaGrad.LearningRate, adaGrad.LearningRateDecay, adaGrad.WeightDecay, adaGrad.InitialAccumulator, adaGrad.Epsilon),
        clipped => new Clipped(Of(clipped.Inner), clipped.Norm));
}

/// <summary>The data, identified by its bytes.</summary>
/// <param name="Name">The known name where the bytes are the known ones, else the folder's.</param>
/// <param name="Files">The files.</param>
public sealed record ManifestData(string Name, EquatableArray<ManifestFile> Files);

/// <summary>A file of a data set.</summary>
/// <param name="Name">Its usual name, without <c>.gz</c>.</param>
/// <param name="Sha256">Of its uncompressed bytes.</param>
/// <param name="Count">Its samples.</param>
public sealed record ManifestFile(string Name, string Sha256, int Count);

/// <summary>What must not matter to a run's outcome.</summary>
/// <param name="Commit">The commit that the program was built from; empty where that is unknown.</param>
/// <param name="TreeIsClean">Whether the source tree was the commit's when it was built; null where that is unknown.</param>
/// <param name="Version">The program's version.</param>
/// <param name="DotNet">The runtime.</param>
/// <param name="OperatingSystem">The operating system and its architecture.</param>
/// <param name="Processor">The processor's name.</param>
/// <param name="VectorBits">The width of its vectors as they are used.</param>
/// <param name="Threads">Worker threads.</param>
/// <param name="DataFolder">Where the data lay, absolute, if a folder was named; empty for a data set of a known name.</param>
/// <param name="CommandLine">The words after the program's name.</param>
/// <param name="Start">When the run began.</param>
/// <param name="End">When it ended; null while it runs, or where it was killed.</param>
public sealed record ManifestEnvironment(
    string Commit,
    bool? TreeIsClean,
    string Version,
    [property: JsonPropertyName("dotnet")] string DotNet,
    string OperatingSystem,
    string Processor,
    int VectorBits,
    int Threads,
    string DataFolder,
    EquatableArray<string> CommandLine,
    DateTimeOffset Start,
    DateTimeOffset? End)
{
    /// <summary>Steps between checkpoints; null for a checkpoint an epoch.</summary>
    public required long? CheckpointEvery { get; init; }

    /// <summary>This program on this machine.</summary>
    /// <param name="threads">Worker threads.</param>
    /// <param name="dataFolder">Where the data lies, if a folder was named.</param>
    /// <param name="commandLine">The words after the program's name.</param>
    /// <param name="start">When the run began.</param>
    public static ManifestEnvironment Here(int threads, string dataFolder, IReadOnlyList<string> commandLine, DateTimeOffset start) => new(
        ProgramIdentity.Commit, ProgramIdentity.TreeIsClean, ProgramIdentity.Version,
        Machine.Runtime, Machine.OperatingSystem, Machine.Processor, Machine.VectorBits,
        threads, dataFolder, commandLine.ToEquatableArray(), start, null)
    {
        CheckpointEvery = null,
    };
}

[JsonSerializable(typeof(Manifest))]
[JsonSerializable(typeof(ManifestOptimizer))]
internal sealed partial class ManifestJson : JsonSerializerContext
{
    // The generated Default has no encoder: an attribute cannot name one.
    public static ManifestJson Configured { get; } = new(new JsonSerializerOptions(JsonLines.Options)
    {
        WriteIndented = true,
        NewLine = "\n",
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new SizesConverter(), new EquatableArrayConverter<string>(), new EquatableArrayConverter<float>(), new EquatableArrayConverter<ManifestLayer>(), new EquatableArrayConverter<ManifestFile>(), new EquatableArrayConverter<ManifestEarlierLimit>() },
    });
}
