using System.Security.Cryptography;
using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Data;

namespace FunctionalLeNet.Experiments.Training;

/// <summary>What a network makes of data that it did not train on.</summary>
/// <param name="Loss">The mean loss of a sample, summed in double.</param>
/// <param name="Accuracy">The share of samples whose largest logit is that of their class.</param>
/// <param name="LogitsSha256">SHA-256 of all logits in order, sample by sample, as little-endian float32.</param>
/// <param name="Predictions">The class of the largest logit, for each sample.</param>
/// <param name="Logits">What the network puts out, <c>[N, K]</c>.</param>
public sealed record Evaluation(double Loss, double Accuracy, string LogitsSha256, EquatableArray<int> Predictions, Tensor Logits);

/// <summary>Evaluating draws no randomness and changes nothing.</summary>
public static class Evaluate
{
    /// <summary>How many samples are computed at once; a number of memory, which changes no result.</summary>
    private const int Chunk = 512;

    /// <summary>A network's loss, accuracy and logits on samples.</summary>
    /// <param name="network">The network.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="samples">The samples, in order.</param>
    /// <param name="workspace">Threads and memory.</param>
    /// <param name="of">Which loss; none for the cross-entropy.</param>
    public static Evaluation Of(Core.Layers.Network network, Tree<Tensor> parameters, Samples samples, Workspace workspace, Loss? of = null)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (loss, correct) = (0.0, 0L);
        var (predictions, all) = (new List<int>(samples.Count), new List<float>());
        var inside = workspace.In(workspace.Evaluation);
        var prepared = Inference.Prepare(network, parameters);
        foreach (var batch in samples.Batch(Chunk))
        {
            var logits = prepared.Inside(Train.Assemble(batch, workspace).Held, workspace);
            var (labels, values) = (Train.Labels(batch), logits.ToArray());
            loss += of is null or Loss.CrossEntropy
                ? SoftmaxCrossEntropy.Evaluate(inside, logits, labels).Losses.ToArray().Sum(sample => (double)sample)
                : values.Chunk(logits.Shape.Rest.Count).Zip(labels, of.OfSample).Sum();
            correct += Correct(logits, labels);
            predictions.AddRange(SoftmaxCrossEntropy.Predictions(logits));
            hash.AppendData(logits.ToBytes());
            all.AddRange(values);
            workspace.Evaluation.Empty();
        }

        return new Evaluation(
            loss / samples.Count, (double)correct / samples.Count, Convert.ToHexStringLower(hash.GetHashAndReset()), predictions.ToEquatableArray(),
            Tensor.Parameter(Shapes.Output(network).Prepend(samples.Count), all));
    }

    /// <summary>How many samples have their largest logit at their label.</summary>
    internal static int Correct(Tensor logits, ReadOnlyMemory<byte> labels)
    {
        var predictions = SoftmaxCrossEntropy.Predictions(logits);
        return Enumerable.Range(0, labels.Length).Count(sample => predictions[sample] == labels.Span[sample]);
    }
}
