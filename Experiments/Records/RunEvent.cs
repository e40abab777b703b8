using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Experiments.Records;

/// <summary>A line of <c>metrics.jsonl</c> and, all but the steps, of standard output with <c>--json</c>. Accuracies are fractions; numbers are written so that they read back to the same bits.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(Start), "start")]
[JsonDerivedType(typeof(Step), "step")]
[JsonDerivedType(typeof(Epoch), "epoch")]
[JsonDerivedType(typeof(Evaluation), "evaluation")]
[JsonDerivedType(typeof(Order), "order")]
[JsonDerivedType(typeof(Weights), "weights")]
[JsonDerivedType(typeof(Histograms), "histograms")]
[JsonDerivedType(typeof(Checkpoint), "checkpoint")]
[JsonDerivedType(typeof(Resume), "resume")]
[JsonDerivedType(typeof(Finished), "finished")]
[JsonDerivedType(typeof(Error), "error")]
[JsonDerivedType(typeof(Summary), "summary")]
public abstract record RunEvent
{
    private RunEvent() { }

    /// <summary>A run begins.</summary>
    /// <param name="Run">The run's folder, as it was given.</param>
    /// <param name="Experiment">The experiment's name.</param>
    /// <param name="Seed">What fixes everything random.</param>
    /// <param name="Parameters">How many trainable numbers.</param>
    /// <param name="WeightsSha256">Of the initial parameters.</param>
    public sealed record Start(string Run, string Experiment, long Seed, long Parameters, [property: JsonPropertyName("weights_sha256")] string WeightsSha256) : RunEvent;

    /// <summary>The parameters were updated. Only in <c>metrics.jsonl</c>.</summary>
    /// <param name="Number">From 1.</param>
    /// <param name="Loss">The batch's loss as the optimizer saw it: mean or sum.</param>
    public sealed record Step([property: JsonPropertyName("step")] long Number, float Loss) : RunEvent;

    /// <summary>An epoch ended and the network was evaluated.</summary>
    /// <param name="Number">From 1.</param>
    /// <param name="Epochs">How many there will be.</param>
    /// <param name="AfterStep">Updates since the start.</param>
    /// <param name="TrainLoss">The mean loss of a sample when it was seen.</param>
    /// <param name="TrainAccuracy">The share of samples classified correctly when they were seen.</param>
    /// <param name="TestLoss">The mean loss of a test sample.</param>
    /// <param name="TestAccuracy">The share of test samples classified correctly.</param>
    /// <param name="Seconds">Of training alone.</param>
    /// <param name="WeightsSha256">Of the parameters.</param>
    public sealed record Epoch(
        [property: JsonPropertyName("epoch")] int Number,
        int Epochs,
        [property: JsonPropertyName("step")] long AfterStep,
        double TrainLoss,
        double TrainAccuracy,
        double TestLoss,
        double TestAccuracy,
        double Seconds,
        [property: JsonPropertyName("weights_sha256")] string WeightsSha256) : RunEvent;

    /// <summary>The network was evaluated between two steps, in an experiment that measures by steps.</summary>
    /// <param name="AfterStep">Updates since the start.</param>
    /// <param name="TestLoss">The mean loss of a test sample.</param>
    /// <param name="TestAccuracy">The share of test samples classified correctly.</param>
    public sealed record Evaluation([property: JsonPropertyName("step")] long AfterStep, double TestLoss, double TestAccuracy) : RunEvent;

    /// <summary>An epoch began: the order of its samples. Only in <c>metrics.jsonl</c>.</summary>
    /// <param name="Number">The epoch, from 1.</param>
    /// <param name="FirstStep">The epoch's first step.</param>
    /// <param name="OrderSha256">Of the samples' indices as little-endian 32-bit numbers.</param>
    public sealed record Order([property: JsonPropertyName("epoch")] int Number, [property: JsonPropertyName("step")] long FirstStep, [property: JsonPropertyName("order_sha256")] string OrderSha256) : RunEvent;

    /// <summary>The parameters one by one, at the start and after each epoch, so that a difference has a layer. Only in <c>metrics.jsonl</c>.</summary>
    /// <param name="AfterStep">Updates since the start.</param>
    /// <param name="Tensors">Each parameter's name in <c>weights.safetensors</c> and the SHA-256 of its bytes there.</param>
    public sealed record Weights([property: JsonPropertyName("step")] long AfterStep, EquatableArray<TensorHash> Tensors) : RunEvent;

    /// <summary>How the weights of each layer and the gradient by them are spread, at the start and after each epoch. Only in <c>metrics.jsonl</c>.</summary>
    /// <param name="AfterStep">Updates since the start.</param>
    /// <param name="Layers">Each layer's weights, biases left out.</param>
    public sealed record Histograms([property: JsonPropertyName("step")] long AfterStep, EquatableArray<WeightHistograms> Layers) : RunEvent;

    /// <summary>A checkpoint is on the disk.</summary>
    /// <param name="AfterStep">Updates since the start.</param>
    /// <param name="File">Its name from the run's folder.</param>
    public sealed record Checkpoint([property: JsonPropertyName("step")] long AfterStep, string File) : RunEvent;

    /// <summary>A run goes on from a checkpoint. Only on standard output: the run's metrics are those of a run that never stopped.</summary>
    /// <param name="Run">The run's folder, as it was given.</param>
    /// <param name="AfterStep">Updates since the start.</param>
    /// <param name="WeightsSha256">Of the parameters in the checkpoint.</param>
    public sealed record Resume(string Run, [property: JsonPropertyName("step")] long AfterStep, [property: JsonPropertyName("weights_sha256")] string WeightsSha256) : RunEvent;

    /// <summary>The run reached its limit.</summary>
    /// <param name="Steps">Updates since the start.</param>
    /// <param name="TestLoss">The mean loss of a test sample.</param>
    /// <param name="TestAccuracy">The share of test samples classified correctly.</param>
    /// <param name="LogitsSha256">Of the test set's logits in order.</param>
    /// <param name="WeightsSha256">Of the final parameters.</param>
    /// <param name="Seconds">Of the whole run.</param>
    public sealed record Finished(
        long Steps,
        double TestLoss,
        double TestAccuracy,
        [property: JsonPropertyName("logits_sha256")] string LogitsSha256,
        [property: JsonPropertyName("weights_sha256")] string WeightsSha256,
        double Seconds) : RunEvent;

    /// <summary>The command could not go on.</summary>
    /// <param name="Message">One line.</param>
    public sealed record Error(string Message) : RunEvent;

    /// <summary>Several runs that differ in the seed alone are done.</summary>
    /// <param name="Runs">How many.</param>
    /// <param name="TestLossMean">Mean of the runs' test losses.</param>
    /// <param name="TestLossDeviation">Their standard deviation (n − 1); absent for one run.</param>
    /// <param name="TestAccuracyMean">Mean of the runs' test accuracies.</param>
    /// <param name="TestAccuracyDeviation">Their standard deviation (n − 1); absent for one run.</param>
    public sealed record Summary(int Runs, double TestLossMean, double? TestLossDeviation, double TestAccuracyMean, double? TestAccuracyDeviation) : RunEvent;

    /// <summary>The event as one line of JSON, without the line's end.</summary>
    public string ToLine() => JsonSerializer.Serialize(this, RunEventJson.Configured.RunEvent);

    /// <summary>Reads a line.</summary>
    /// <param name="line">One line of JSON.</param>
    /// <exception cref="JsonException">It is no event.</exception>
    public static RunEvent OfLine(string line) => JsonSerializer.Deserialize(line, RunEventJson.Configured.RunEvent) ?? throw new JsonException("The line is null, not an event.");
}

/// <summary>A parameter's fingerprint.</summary>
/// <param name="Name">Its name in <c>weights.safetensors</c>.</param>
/// <param name="Sha256">Of its little-endian float32 in PyTorch's order.</param>
public sealed record TensorHash(string Name, string Sha256);

/// <summary>How the program writes JSON: one line, snake_case, readable text, invariant numbers.</summary>
internal static class JsonLines
{
    /// <summary>Options for a line; characters beyond ASCII stay readable, since the lines are UTF-8 and never stand in a web page.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };
}

[JsonSerializable(typeof(RunEvent))]
[JsonSerializable(typeof(TensorHash))]
[JsonSerializable(typeof(WeightHistograms))]
internal sealed partial class RunEventJson : JsonSerializerContext
{
    // The generated Default has no encoder: an attribute cannot name one.
    public static RunEventJson Configured { get; } = new(new JsonSerializerOptions(JsonLines.Options) { Converters = { new EquatableArrayConverter<TensorHash>(), new EquatableArrayConverter<WeightHistograms>(), new SizesConverter(), new FiniteDoubleConverter(), new FiniteSingleConverter() } });
}
