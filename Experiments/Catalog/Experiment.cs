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
/// <param name="Padding">Rows and columns of background put around each image.</param>
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

    /// <summary>Whether every epoch has the samples in the same random order.</summary>
    public bool SameOrder { get; init; }

    /// <summary>What <c>show</c> says besides, a sentence or two each: choices that a reader should know of, and why.</summary>
    public EquatableArray<string> Notes { get; init; } = [];

    /// <summary>How training images are distorted, or not.</summary>
    public Distortion? Distortion { get; init; }

    /// <summary>What the parameters are drawn from.</summary>
    public Initialisation Initialisation { get; init; } = Initialisation.Torch;

    /// <summary>The first of so many equal parts of the training images is held out for validation and not trained on; 0 for none.</summary>
    public int HeldOut { get; init; }

    /// <summary>When the network is measured on the test set before the end.</summary>
    public Evaluations Evaluations { get; init; } = new Evaluations.EachEpoch();
}

/// <summary>What numbers a pixel's byte stands for: background + byte / 255 · (ink − background), each operation rounded; for 0 and 1, byte / 255.</summary>
/// <param name="Background">The number for 0.</param>
/// <param name="Ink">The number for 255.</param>
public readonly record struct GreyScale(float Background, float Ink);

/// <summary>When a network is measured on the whole test set. Measuring draws no randomness and changes nothing.</summary>
public abstract record Evaluations
{
    private Evaluations() { }

    /// <summary>After each epoch.</summary>
    public sealed record EachEpoch : Evaluations;

    /// <summary>
    /// After each epoch and by steps, ever more seldom: after step 1 and every so many steps, ten times; then ten times as far apart, and so on.
    /// By tens: 1, 11, 21, …, 91, 101, 201, …, 901, 1001, 2001, …
    /// </summary>
    /// <param name="Every">Steps between the first ones, at least 1.</param>
    public sealed record BySteps(int Every) : Evaluations;

    /// <summary>Whether there is one after a step, whatever the epoch.</summary>
    /// <param name="step">The step's number, from 1.</param>
    public bool After(long step) => this is BySteps(var every) && (step - 1) % Distance(step - 1, every) == 0;

    private static long Distance(long done, long every) => done < 10 * every ? every : Distance(done, 10 * every);
}

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
