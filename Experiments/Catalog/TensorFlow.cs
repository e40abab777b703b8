using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Optimizers;

namespace FunctionalLeNet.Experiments.Catalog;

/// <summary>
/// TensorFlow 1's "Deep MNIST for Experts": two SAME convolutions of 32 and 64 channels, 1,024 hidden units, dropout, 3,274,634 parameters.
/// </summary>
/// <remarks>
/// The original takes the logarithm of a softmax, which is −∞, and its loss NaN, where a probability rounds to 0. Here the two are one operation,
/// computed with the largest logit taken away, and no logit makes it NaN.
/// <c>input_data</c> shuffles the samples for each pass and cuts batches of 20; since 20 divides 55,000, none reaches over a pass's end.
/// </remarks>
public static class TensorFlow
{
    /// <summary>The experiment: a hundred steps, measured on the test set after steps 1, 11, …, 91. 20,000 steps (<c>--steps 20000</c>) are the original's.</summary>
    public static Experiment Experiment { get; } = new(
        "tensorflow",
        "TensorFlow 1's tutorial: SAME, dropout, its Adam; 100 steps",
        new Network([1, 28, 28], Network.Sequence(
            ("conv1", new Layer.Convolution(32, 5, Padding: Padding.Same)),
            ("relu1", new Layer.Rectifier()),
            ("pool1", new Layer.MaximumPooling(2, 2, Padding.Same)),
            ("conv2", new Layer.Convolution(64, 5, Padding: Padding.Same)),
            ("relu2", new Layer.Rectifier()),
            ("pool2", new Layer.MaximumPooling(2, 2, Padding.Same)),
            ("flatten", new Layer.Flatten(FlattenOrder.ChannelsLast)),
            ("fc1", new Layer.Linear(1024)),
            ("relu3", new Layer.Rectifier()),
            ("dropout", new Layer.Dropout(0.5)),
            ("fc2", new Layer.Linear(10)))),
        new OptimizerSettings.TensorFlowAdam(1e-3),
        Reduction.Mean,
        Batch: 20,
        Limit.OfSteps(100),
        "mnist",
        new Schedule.Constant())
    {
        Initialisation = new Initialisation(new Initialiser.TruncatedNormal(0.1), new Initialiser.Constant(0.1f)),
        HeldOut = 12,
        Evaluations = new Evaluations.BySteps(10),
    };
}
