using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Optimizers;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Data;

namespace FunctionalLeNet.Experiments.Catalog;

/// <summary>Everything that fixes an experiment's outcome but its seed and its data's bytes: a value, equal to another with equal parts.</summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="Line">What it is, in a line.</param>
/// <param name="Network">The network.</param>
/// <param name="Optimizer">The optimizer with its numbers.</param>
/// <param name="Reduction">Whether the loss of a batch is the mean or the sum over its samples.</param>
/// <param name="Batch">Samples in a step.</param>
/// <param name="Limit">When training ends.</param>
/// <param name="Data">The data set's name.</param>
/// <param name="Schedule">How the learning rate changes over the run.</param>
/// <param name="Padding">Rows and columns of zeros put around each image.</param>
/// <param name="Shifts">Every training image also comes moved by up to so many pixels in each direction.</param>
/// <param name="Constructions">How often the original program draws a set of initial weights; the first is kept.</param>
public sealed record Experiment(
    string Name,
    string Line,
    Network Network,
    OptimizerSettings Optimizer,
    Reduction Reduction,
    int Batch,
    Limit Limit,
    string Data,
    Schedule Schedule,
    int Padding = 0,
    int Shifts = 0,
    int Constructions = 1)
{
    /// <summary>What is made small.</summary>
    public Loss Loss { get; init; } = new Loss.CrossEntropy();

    /// <summary>What numbers the bytes 0 and 255 stand for.</summary>
    public GreyScale Greys { get; init; } = new(0, 1);

    /// <summary>The bound of initial weights and biases times their fan-in; 0 for PyTorch's default initialisation.</summary>
    public double InitialRange { get; init; }

    /// <summary>Whether every epoch has the samples in the same random order.</summary>
    public bool SameOrder { get; init; }

    /// <summary>What <c>show</c> says besides, a sentence or two each: choices that a reader should know of, and why.</summary>
    public EquatableArray<string> Notes { get; init; } = [];

    /// <summary>How training images are distorted, or not.</summary>
    public Distortion? Distortion { get; init; }
}

/// <summary>What numbers a pixel's byte stands for: background + byte / 255 · (ink − background), each operation rounded; for 0 and 1, byte / 255.</summary>
/// <param name="Background">The number for 0.</param>
/// <param name="Ink">The number for 255.</param>
public readonly record struct GreyScale(float Background, float Ink);

/// <summary>When training ends: after so many epochs or steps, whichever comes first.</summary>
/// <param name="Epochs">Passes over the training data; <see cref="int.MaxValue"/> for no limit.</param>
/// <param name="Steps">Updates of the parameters; <see cref="long.MaxValue"/> for no limit.</param>
public readonly record struct Limit(int Epochs, long Steps)
{
    /// <summary>So many passes over the training data.</summary>
    /// <param name="epochs">At least 1.</param>
    public static Limit OfEpochs(int epochs) => new(epochs, long.MaxValue);

    /// <summary>So many updates.</summary>
    /// <param name="steps">At least 1.</param>
    public static Limit OfSteps(long steps) => new(int.MaxValue, steps);
}
