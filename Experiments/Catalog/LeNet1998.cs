using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Optimizers;
using FunctionalLeNet.Experiments.Data;

namespace FunctionalLeNet.Experiments.Catalog;

/// <summary>LeNet-5 as LeCun, Bottou, Bengio and Haffner published it: "Gradient-Based Learning Applied to Document Recognition", Proc. IEEE 86(11), 1998.</summary>
public static class LeNet1998
{
    /// <summary>Which of S2's maps each map of C3 sees: table I.</summary>
    public static ConnectionTable C3 { get; } = ConnectionTable.Of(
        6,
        [0, 1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 5], [0, 4, 5], [0, 1, 5],
        [0, 1, 2, 3], [1, 2, 3, 4], [2, 3, 4, 5], [0, 3, 4, 5], [0, 1, 4, 5], [0, 1, 2, 5],
        [0, 1, 3, 4], [1, 2, 4, 5], [0, 2, 3, 5],
        [0, 1, 2, 3, 4, 5]);

    /// <summary>The output layer's targets: the digits as stylised 7 × 12 bitmaps, figure 3.</summary>
    public static Bitmaps Digits { get; } = Bitmaps.OfRows(
        7,
        [0x3e, 0x00, 0x1c, 0x36, 0x63, 0x63, 0x63, 0x63, 0x36, 0x1c, 0x00, 0x00],
        [0x0c, 0x1c, 0x3c, 0x0c, 0x0c, 0x0c, 0x0c, 0x0c, 0x0c, 0x3f, 0x00, 0x00],
        [0x3e, 0x00, 0x3e, 0x63, 0x43, 0x06, 0x1c, 0x30, 0x60, 0x7f, 0x00, 0x00],
        [0x7f, 0x03, 0x06, 0x0c, 0x1e, 0x03, 0x03, 0x03, 0x63, 0x3e, 0x00, 0x00],
        [0x3e, 0x00, 0x00, 0x33, 0x33, 0x73, 0x63, 0x63, 0x67, 0x3f, 0x03, 0x03],
        [0x3e, 0x00, 0x7f, 0x60, 0x60, 0x3c, 0x1e, 0x03, 0x63, 0x3e, 0x00, 0x00],
        [0x1e, 0x30, 0x60, 0x60, 0x7e, 0x73, 0x63, 0x63, 0x73, 0x3e, 0x00, 0x00],
        [0x7f, 0x03, 0x03, 0x06, 0x0c, 0x0c, 0x18, 0x18, 0x18, 0x18, 0x00, 0x00],
        [0x3e, 0x63, 0x63, 0x63, 0x3e, 0x63, 0x63, 0x63, 0x63, 0x3e, 0x00, 0x00],
        [0x3e, 0x67, 0x63, 0x63, 0x67, 0x3f, 0x03, 0x03, 0x06, 0x3c, 0x00, 0x00]);

    /// <summary>The network of section II-B, layer by layer.</summary>
    public static Network Network { get; } = new([1, 32, 32], Core.Layers.Network.Sequence(
        ("c1", new Layer.Convolution(6, 5)),
        ("c1f", Layer.Tanh.Scaled),
        ("s2", new Layer.Subsampling(2)),
        ("s2f", Layer.Tanh.Scaled),
        ("c3", new Layer.Convolution(16, 5, Connections: C3)),
        ("c3f", Layer.Tanh.Scaled),
        ("s4", new Layer.Subsampling(2)),
        ("s4f", Layer.Tanh.Scaled),
        ("c5", new Layer.Convolution(120, 5)),
        ("c5f", Layer.Tanh.Scaled),
        ("flatten", new Layer.Flatten()),
        ("f6", new Layer.Linear(84)),
        ("f6f", Layer.Tanh.Scaled),
        ("output", new Layer.RadialBasis(Digits))));

    /// <summary>The experiment of section III-B.</summary>
    public static Experiment Experiment { get; } = new(
        "lenet-1998",
        "LeNet-5 as published in 1998; diagonal Levenberg-Marquardt",
        Network,
        new OptimizerSettings.LevenbergMarquardt(5e-4, Mu: 0.02),
        Reduction.Sum,
        Batch: 1,
        Limit.OfEpochs(20),
        "mnist",
        new Schedule.Passes([(2, 1), (3, 0.4), (3, 0.2), (4, 0.1), (8, 0.02)]),
        Padding: 2)
    {
        Loss = new Loss.Rubbish(5),
        Greys = new(-0.1f, 1.175f),
        Initialisation = Initialisation.ByRootOfFanIn,
        SameOrder = true,
        Notes =
        [
            "Where the paper is silent, or cannot be followed (docs/lenet-1998.md has the measurements, all on 10,000 training images held out):",
            "Weights begin with standard deviation 1/√fan-in ('Efficient BackProp', by three of the authors, the same year). From ±2.4/fan-in, as printed, the network diverges within a few hundred patterns at the printed rates; from here it learns with every printed number, and the range of its rates is near the printed one.",
            "Equation 9, which generalises better than equation 8, with j = 5: with 5, 10 and 20 it generalises alike, and with 5 the training error is the paper's too. The second derivatives are those of equation 8, because those of equation 9 vanish where a pattern is learned.",
            "S layers add their four inputs, as section II-B says, and their coefficients begin as if they multiplied the mean (section II-A). Their second derivative takes the sum as the one input of the coefficient.",
            "Biases begin as weights do; a bias does not count in the fan-in.",
            "h is estimated on the first 500 patterns of a pass; all passes have one random order.",
        ],
    };

    /// <summary>The same with the distorted images of section III-B: 60,000 originals and 540,000 distorted copies, each seen twice in twenty passes.</summary>
    public static Experiment Distorted { get; } = Experiment with
    {
        Name = "lenet-1998-distorted",
        Line = "the same, also on distorted images ('train lenet-1998 --distort')",
        Notes = [.. Experiment.Notes, "The amplitudes of the distortions are not in the paper: these were the best of thirteen on 10,000 training images held out; there j = 20 was better with them than 5."],
        Loss = new Loss.Rubbish(20),
        Distortion = new Distortion(Copies: 10, Translation: 1, Scaling: 0.1, Squeezing: 0.1, Shearing: 0.2),
    };
}
