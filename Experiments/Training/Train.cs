using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Optimizers;
using FunctionalLeNet.Core.Random;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Data;

namespace FunctionalLeNet.Experiments.Training;

/// <summary>Training as a lazy sequence: each step is computed when it is asked for, so stopping early is taking fewer.</summary>
public static class Train
{
    /// <summary>What an experiment trains on: its images without those held out, and their shifts, as <see cref="Prepare"/> makes numbers of them.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="images">The training images.</param>
    public static Samples PrepareTraining(Experiment experiment, ImageSet images) =>
        Prepare(experiment, images.Split(experiment.HeldOut == 0 ? 0 : images.Count / experiment.HeldOut).Remainder.Shifted(experiment.Shifts));

    /// <summary>An experiment's data pipeline: bytes as numbers on the experiment's scale of greys, with its margin of background.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="images">The images.</param>
    public static Samples Prepare(Experiment experiment, ImageSet images) => (experiment.Greys == new GreyScale(0, 1)
        ? images.Divide(255)
        : images.Divide(255).Scale(experiment.Greys.Ink - experiment.Greys.Background).Map(value => value + experiment.Greys.Background))
        .Pad(experiment.Padding, experiment.Greys.Background);

    /// <summary>A run's first moment: parameters drawn as PyTorch draws after <c>manual_seed</c>.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="seed">The one number that fixes everything random.</param>
    public static TrainingState Start(Experiment experiment, long seed)
    {
        var (parameters, random) = Parameters.Initialise(experiment.Network, experiment.Initialisation, TorchGenerator.Seed(seed));
        var drawn = Cost.Of(experiment.Network).Parameters;
        return new TrainingState(
            parameters, Optimizer.Of(experiment.Optimizer).Start(parameters), random.Skip(drawn * (experiment.Constructions - 1)), Position.Start);
    }

    /// <summary>A run's first moment with parameters from elsewhere. Everything random that is still to come is as if they had been drawn.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="seed">The one number that fixes everything random.</param>
    /// <param name="parameters">The parameters, in the structure of the experiment's network.</param>
    public static TrainingState StartFrom(Experiment experiment, long seed, Tree<Tensor> parameters) =>
        Start(experiment, seed) with { Parameters = parameters, Optimizer = Optimizer.Of(experiment.Optimizer).Start(parameters) };

    /// <summary>The steps from a moment on, up to the experiment's limit.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="samples">The training data.</param>
    /// <param name="start">The moment: a start, or where a run was left.</param>
    /// <param name="workspace">Threads and memory.</param>
    public static IEnumerable<TrainingStep> Unfold(Experiment experiment, Samples samples, TrainingState start, Workspace workspace)
    {
        var (steps, drops) = (Steps(experiment, samples.Count), Drops(experiment.Network));
        var (parameters, moments, random, (step, epoch, order, totals)) = start;
        // The run owns two sets of parameters and moments and steps from one to the other. They are left to the collector:
        // the last step's state may still be asked for when the sequence has ended.
        var (here, there) = (new Arena(), new Arena());
        var (target, source) = (workspace.In(here), workspace.In(there));
        while (epoch < experiment.Limit.Epochs && step < experiment.Limit.Steps)
        {
            var isNew = order.Count == 0;
            if (isNew)
            {
                var (shuffled, after) = TorchDataLoader.Shuffled(random, samples.Count);
                (order, random) = (shuffled.ToEquatableArray(), experiment.SameOrder ? random : after);
            }

            var pass = Pass(experiment, samples, epoch).Shuffle(order);
            if (isNew && experiment.Optimizer is OptimizerSettings.LevenbergMarquardt levenberg)
                moments = LevenbergMarquardt.Renewed(moments, Curvatures(experiment, pass.Take(levenberg.Patterns), parameters, workspace));
            foreach (var batch in pass.Batch(experiment.Batch).Skip((int)(totals.Samples / experiment.Batch)))
            {
                var logits = default(Node);
                var labels = Labels(batch);
                (var key, random) = drops ? Drawn(random) : (default, random);
                var (loss, gradients) = Gradient.Inside(
                    variables =>
                    {
                        logits = Logits(experiment, variables, batch, workspace, new Mode.Training(key));
                        return experiment.Loss.Of(logits, labels, experiment.Reduction);
                    },
                    parameters,
                    workspace);
                var rate = experiment.Optimizer.Rate * experiment.Schedule.Factor(step, steps, epoch);
                (parameters, moments) = Optimizer.Of(experiment.Optimizer.At(rate)).Step(target, parameters, moments, gradients);
                var lossValue = loss.Held.ToScalar();
                step++;
                totals = new EpochTotals(
                    totals.Samples + batch.Count,
                    totals.Loss + (experiment.Reduction == Reduction.Mean ? (double)lossValue * batch.Count : lossValue),
                    totals.Correct + Evaluate.Correct(logits!.Held, labels));
                workspace.Evaluation.Empty();
                (target, source) = (source, target);
                target.Results.Empty();

                var (endsEpoch, now, seen) = (totals.Samples == samples.Count, step, totals);
                yield return new TrainingStep(step, epoch + 1, lossValue, totals, endsEpoch, order, () => start with
                {
                    Parameters = parameters.Map(Copies.Own),
                    Optimizer = moments with { Moments = moments.Moments.Select(moment => (moment.Name, moment.Values.Map(Copies.Own))).ToEquatableArray() },
                    Random = random,
                    Position = endsEpoch ? new Position(now, epoch + 1, [], default) : new Position(now, epoch, order, seen),
                });
                if (step >= experiment.Limit.Steps)
                    yield break;
            }

            (epoch, order, totals) = (epoch + 1, [], default);
        }
    }

    /// <summary>How many steps a whole run has.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="samples">Training samples.</param>
    public static long Steps(Experiment experiment, int samples)
    {
        var perEpoch = (samples + experiment.Batch - 1L) / experiment.Batch;
        return Math.Min(experiment.Limit.Steps, experiment.Limit.Epochs > long.MaxValue / perEpoch ? long.MaxValue : experiment.Limit.Epochs * perEpoch);
    }

    /// <summary>The samples of one pass, before they are put in order: distorted anew where the experiment says so.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="samples">The training data.</param>
    /// <param name="epoch">The pass, from 0.</param>
    internal static Samples Pass(Experiment experiment, Samples samples, int epoch) =>
        experiment.Distortion is { } distortion ? samples with { Images = distortion.Of(samples.Images, epoch) } : samples;

    private static Node Logits(Experiment experiment, Tree<Node> variables, SampleBatch batch, Workspace workspace, Mode mode) =>
        Forward.Apply(experiment.Network, variables, Assemble(batch, workspace), mode);

    /// <summary>The mean second derivatives over some samples, all in one batch.</summary>
    private static Tree<Tensor> Curvatures(Experiment experiment, Samples samples, Tree<Tensor> parameters, Workspace workspace)
    {
        var batch = samples.Batch(samples.Count).Single();
        return Curvature.Of(variables => experiment.Loss.OfCurvature.Of(Logits(experiment, variables, batch, workspace, new Mode.Evaluation()), Labels(batch), Reduction.Mean), parameters, workspace);
    }

    /// <summary>Of how many training samples <see cref="Gradients"/> takes the loss, at most.</summary>
    internal const int GradientSamples = 64;

    /// <summary>The gradient of the mean loss of the first training samples, in file order, without dropout and distortion: for looking at.</summary>
    internal static Tree<Tensor> Gradients(Experiment experiment, Samples samples, Tree<Tensor> parameters, Workspace workspace)
    {
        var batch = samples.Batch(GradientSamples).First();
        return Gradient.Of(variables => experiment.Loss.Of(Logits(experiment, variables, batch, workspace, new Mode.Evaluation()), Labels(batch), Reduction.Mean), parameters, workspace).Gradients;
    }

    /// <summary>Whether a network draws random numbers while it trains.</summary>
    private static bool Drops(Core.Layers.Network network) => Shapes.Of(network).Any(step => step.Layer is Core.Layers.Layer.Dropout);

    /// <summary>The key of one step's random numbers: its seed is the next number of the run's generator.</summary>
    private static (Key Key, TorchGenerator Random) Drawn(TorchGenerator random)
    {
        var (seed, next) = random.Int64();
        return (Key.Seed(seed), next);
    }

    /// <summary>The class of each sample of a batch.</summary>
    internal static byte[] Labels(SampleBatch batch)
    {
        var result = new byte[batch.Count];
        var labels = batch.Source.Images.Labels.Span;
        var indices = batch.Indices.Span;
        for (var sample = 0; sample < result.Length; sample++)
            result[sample] = labels[indices[sample]];
        return result;
    }

    /// <summary>A batch as the network's input, assembled from bytes.</summary>
    internal static Node Assemble(SampleBatch batch, Workspace workspace)
    {
        var (images, inside) = (batch.Source.Images, workspace.In(workspace.Evaluation));
        return Node.Constant(inside, Assembly.Images(
            inside, images.Pixels, images.Height, images.Width, batch.Indices.Span, batch.Source.Table.Items.AsSpan(),
            batch.Source.Margin, batch.Source.Margin, batch.Source.Height, batch.Source.Width, batch.Source.Background));
    }
}
