using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Data;
using FunctionalLeNet.Experiments.Training;

namespace FunctionalLeNet.Experiments.Bench;

/// <summary>An experiment's network as a whole: steps of training, inference, one image alone.</summary>
internal static class NetworkBench
{
    /// <summary>How many images are computed at once where latency does not matter.</summary>
    public const int InferenceBatch = 1_000;

    /// <summary>Images to train on and to classify: the embedded digits, each in nine positions, as the experiment's pipeline makes numbers of them.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="digits">The embedded digits.</param>
    public static Samples Images(Experiment experiment, ImageSet digits)
    {
        var images = digits.Shifted(1);
        return Train.Prepare(experiment, images.Take(Math.Max(1, images.Count / experiment.Batch) * experiment.Batch));
    }

    /// <summary>The three measurements.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="samples">What <see cref="Images"/> returned.</param>
    /// <param name="workspace">The threads and the exact products.</param>
    /// <param name="twin">The same threads and MathNet's products.</param>
    /// <param name="budget">About how long to measure each.</param>
    public static IEnumerable<Measurement> Measure(Experiment experiment, Samples samples, Workspace workspace, Workspace twin, TimeSpan budget)
    {
        var parameters = Train.Start(experiment, seed: 0).Parameters;
        using (var steps = Steps(experiment, samples, workspace))
        using (var twins = Steps(experiment, samples, twin))
            yield return new($"{experiment.Name}/training", workspace.Threads, experiment.Batch,
                Clock.Median(budget, () => steps.MoveNext()), 0,
                Clock.Slow(budget / 4, () => twins.MoveNext()));
        yield return new($"{experiment.Name}/inference", workspace.Threads, InferenceBatch,
            Clock.Median(budget, Classify(experiment, parameters, samples, InferenceBatch, workspace)));
        yield return new($"{experiment.Name}/one image", workspace.Threads, 1,
            Clock.Median(budget, Classify(experiment, parameters, samples, 1, workspace)));
    }

    /// <summary>
    /// Steps of training without end, each from bytes to updated parameters, as a run makes them. After an epoch it begins again: a few hundred images
    /// are soon learned by heart, and then vanishing gradients are slow subnormal numbers.
    /// </summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="samples">What <see cref="Images"/> returned.</param>
    /// <param name="workspace">Threads and products.</param>
    public static IEnumerator<TrainingStep> Steps(Experiment experiment, Samples samples, Workspace workspace) =>
        Enumerable.Repeat(Train.Start(experiment, seed: 0), int.MaxValue)
            .SelectMany(start => Train.Unfold(experiment with { Limit = Limit.OfEpochs(1) }, samples, start, workspace)).GetEnumerator();

    /// <summary>From bytes to logits.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="samples">What <see cref="Images"/> returned.</param>
    /// <param name="count">How many images at once.</param>
    /// <param name="workspace">The threads.</param>
    public static Action Classify(Experiment experiment, Tree<Tensor> parameters, Samples samples, int count, Workspace workspace)
    {
        var batch = samples.Batch(Math.Min(count, samples.Count)).First();
        var network = Inference.Prepare(experiment.Network, parameters);
        return () =>
        {
            network.Inside(Train.Assemble(batch, workspace).Held, workspace);
            workspace.Evaluation.Empty();
        };
    }
}
