using FunctionalLeNet.Core.Optimizers;
using FunctionalLeNet.Core.Random;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Experiments.Training;

/// <summary>A moment of a run, whole: what is needed to go on from it to the same bits.</summary>
/// <param name="Parameters">The network's parameters.</param>
/// <param name="Optimizer">What the optimizer remembers.</param>
/// <param name="Random">The generator of everything random that is still to come.</param>
/// <param name="Position">Where in the data the run stands.</param>
public sealed record TrainingState(Tree<Tensor> Parameters, OptimizerState Optimizer, TorchGenerator Random, Position Position)
{
    /// <summary>Splittable keys by name, where an experiment draws from them in an order that its position does not fix.</summary>
    public EquatableArray<(string Name, Key Key)> Keys { get; init; } = [];
}

/// <summary>Where in the data a run stands.</summary>
/// <param name="Step">Updates made since the start.</param>
/// <param name="Epoch">Epochs finished.</param>
/// <param name="Order">The order of the samples in the epoch that is under way; empty between epochs.</param>
/// <param name="Totals">What was counted in the epoch that is under way; zero between epochs.</param>
public sealed record Position(long Step, int Epoch, EquatableArray<int> Order, EpochTotals Totals)
{
    /// <summary>Before the first step.</summary>
    public static Position Start { get; } = new(0, 0, [], default);
}

/// <summary>What was counted in an epoch.</summary>
/// <param name="Samples">Samples seen.</param>
/// <param name="Loss">The sum of their losses.</param>
/// <param name="Correct">How many were classified correctly when they were seen.</param>
public readonly record struct EpochTotals(long Samples, double Loss, long Correct)
{
    /// <summary>The mean loss of a sample.</summary>
    public double MeanLoss => Loss / Samples;

    /// <summary>The share of samples classified correctly.</summary>
    public double Accuracy => (double)Correct / Samples;
}

/// <summary>A step that was made.</summary>
/// <param name="Step">Its number, from 1.</param>
/// <param name="Epoch">The epoch that it belongs to, from 1.</param>
/// <param name="Loss">The batch's loss as the optimizer saw it: mean or sum.</param>
/// <param name="Totals">What was counted in this epoch so far, this step included.</param>
/// <param name="EndsEpoch">Whether the epoch ends with it.</param>
/// <param name="Order">The order of the samples in this epoch.</param>
/// <param name="State">Copies the run's state after the step; call it before the next step is asked for.</param>
public sealed record TrainingStep(long Step, int Epoch, float Loss, EpochTotals Totals, bool EndsEpoch, EquatableArray<int> Order, Func<TrainingState> State);
