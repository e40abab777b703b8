using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Optimizers;

namespace FunctionalLeNet.Experiments.Catalog;

/// <summary>
/// The "folk" LeNet of many PyTorch tutorials: LeNet-5's sizes on 28×28 images, max-pooling, and no activation at all, so that what bends the function is the pooling alone.
/// Plain SGD on the summed cross-entropy reaches 98.3 % in ten epochs.
/// </summary>
public static class Folk
{
    /// <summary>The experiment.</summary>
    public static Experiment Experiment { get; } = new(
        "folk",
        "the tutorial's LeNet, no activations; SGD on summed losses",
        new Network([1, 28, 28], Network.Sequence(
            ("conv", Network.Sequence(
                ("0", new Layer.Convolution(6, 3, Padding: 1)),
                ("1", new Layer.MaximumPooling(2)),
                ("2", new Layer.Convolution(16, 5)),
                ("3", new Layer.MaximumPooling(2)))),
            ("flatten", new Layer.Flatten()),
            ("fc", Network.Sequence(
                ("0", new Layer.Linear(120)),
                ("1", new Layer.Linear(84)),
                ("2", new Layer.Linear(10)))))),
        new OptimizerSettings.Sgd(1e-3),
        Reduction.Sum,
        Batch: 64,
        Limit.OfEpochs(10),
        "mnist",
        new Schedule.Constant());
}
