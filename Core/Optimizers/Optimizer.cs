using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Optimizers;

/// <summary>What an optimizer remembers between steps.</summary>
/// <param name="Steps">How many steps were taken.</param>
/// <param name="Moments">Running sums by name, each in the parameters' structure: SGD's velocity, Adam's first and second moment.</param>
public sealed record OptimizerState(long Steps, EquatableArray<(string Name, Tree<Tensor> Values)> Moments)
{
    /// <summary>Single numbers by name, for an optimizer whose state is more than sums over the parameters.</summary>
    public EquatableArray<(string Name, double Value)> Numbers { get; init; } = [];
}

/// <summary>An optimizer: a pair of pure functions, as in optax. Neither writes to what it is given.</summary>
/// <param name="Start">The state before the first step, for parameters of a structure.</param>
/// <param name="Step">From parameters, state and gradients to the next parameters and state; threads and memory come from the workspace.</param>
public sealed record Optimizer(
    Func<Tree<Tensor>, OptimizerState> Start,
    Func<Workspace, Tree<Tensor>, OptimizerState, Tree<Tensor>, (Tree<Tensor> Parameters, OptimizerState State)> Step)
{
    /// <summary>The optimizer that settings describe.</summary>
    /// <param name="settings">Which, and with what numbers.</param>
    public static Optimizer Of(OptimizerSettings settings) => settings.Match(
        sgd => sgd.Momentum == 0 ? Plain(sgd) : WithMomentum(sgd),
        adam => Adaptive((workspace, p, g, m, v, t) => Updates.Adam(
            workspace, p, g, m, v, t, adam.LearningRate, adam.Beta1, adam.Beta2, adam.Epsilon, adam.WeightDecay)),
        adam => Adaptive((workspace, p, g, m, v, t) => Updates.AdamEpsilonFirst(
            workspace, p, g, m, v, t, adam.LearningRate, adam.Beta1, adam.Beta2, adam.Epsilon, 0)),
        LevenbergMarquardt.Of);

    private static Optimizer Plain(OptimizerSettings.Sgd sgd) => new(
        _ => new OptimizerState(0, []),
        (workspace, parameters, state, gradients) => (
            Jobs.Together(workspace, inside => parameters.Zip(gradients, (p, g) => Sgd(inside, sgd, p, g, p, state.Steps).Parameter)),
            state with { Steps = state.Steps + 1 }));

    private static Optimizer WithMomentum(OptimizerSettings.Sgd sgd) => new(
        parameters => new OptimizerState(0, [("velocity", Zeros(parameters))]),
        (workspace, parameters, state, gradients) =>
        {
            var next = Jobs.Together(workspace, inside =>
                parameters.Zip(gradients, (p, g) => (p, g)).Zip(state.Moments[0].Values, (leaf, v) => Sgd(inside, sgd, leaf.p, leaf.g, v, state.Steps)));
            return (next.Map(leaf => leaf.Parameter), new OptimizerState(state.Steps + 1, [("velocity", next.Map(leaf => leaf.Velocity))]));
        });

    private static (Tensor Parameter, Tensor Velocity) Sgd(Workspace workspace, OptimizerSettings.Sgd sgd, Tensor p, Tensor g, Tensor velocity, long steps) =>
        Updates.Sgd(workspace, p, g, velocity, sgd.LearningRate, sgd.Momentum, sgd.Dampening, sgd.Nesterov, sgd.WeightDecay, first: steps == 0);

    private static Optimizer Adaptive(Func<Workspace, Tensor, Tensor, Tensor, Tensor, int, (Tensor Parameter, Tensor First, Tensor Second)> leafStep) => new(
        parameters => new OptimizerState(0, [("first_moment", Zeros(parameters)), ("second_moment", Zeros(parameters))]),
        (workspace, parameters, state, gradients) =>
        {
            var moments = state.Moments[0].Values.Zip(state.Moments[1].Values, (m, v) => (m, v));
            var next = Jobs.Together(workspace, inside => parameters.Zip(gradients, (p, g) => (p, g)).Zip(moments, (leaf, moment) =>
                leafStep(inside, leaf.p, leaf.g, moment.m, moment.v, checked((int)state.Steps + 1))));
            return (next.Map(leaf => leaf.Parameter), new OptimizerState(
                state.Steps + 1, [("first_moment", next.Map(leaf => leaf.First)), ("second_moment", next.Map(leaf => leaf.Second))]));
        });

    private static Tree<Tensor> Zeros(Tree<Tensor> parameters) => parameters.Map(parameter => Tensor.Zeros(parameter.Shape));
}
