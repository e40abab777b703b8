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
        sgd => LeafByLeaf(sgd.Momentum == 0 ? [] : ["velocity"], (workspace, p, g, moments, t) =>
        {
            var (next, velocity) = Updates.Sgd(
                workspace, p, g, moments is [var v] ? v : p, sgd.LearningRate, sgd.Momentum, sgd.Dampening, sgd.Nesterov, sgd.WeightDecay, first: t == 1);
            return (next, moments is [] ? [] : [velocity]);
        }),
        adam => Adaptive((workspace, p, g, m, v, t) => Updates.Adam(
            workspace, p, g, m, v, t, adam.LearningRate, adam.Beta1, adam.Beta2, adam.Epsilon, adam.WeightDecay)),
        adam => Adaptive((workspace, p, g, m, v, t) => Updates.AdamEpsilonFirst(
            workspace, p, g, m, v, t, adam.LearningRate, adam.Beta1, adam.Beta2, adam.Epsilon, 0)),
        LevenbergMarquardt.Of,
        adam => Adaptive((workspace, p, g, m, v, t) => Updates.AdamW(
            workspace, p, g, m, v, t, adam.LearningRate, adam.Beta1, adam.Beta2, adam.Epsilon, adam.WeightDecay)),
        rmsProp => LeafByLeaf(MomentsOf(rmsProp), (workspace, p, g, moments, _) => Updates.RmsProp(
            workspace, p, g, moments, rmsProp.LearningRate, rmsProp.Alpha, rmsProp.Epsilon, rmsProp.WeightDecay, rmsProp.Momentum, rmsProp.Centered)),
        adaGrad => LeafByLeaf(["sum_of_squares"], (workspace, p, g, moments, t) =>
        {
            var (next, sum) = Updates.AdaGrad(
                workspace, p, g, moments[0], adaGrad.LearningRate / (1 + ((t - 1) * adaGrad.LearningRateDecay)), adaGrad.WeightDecay, adaGrad.Epsilon);
            return (next, [sum]);
        }, (float)adaGrad.InitialAccumulator),
        clipped => Of(clipped.Inner).ClippedByNorm(clipped.Norm));

    /// <summary>This optimizer on gradients scaled by min(1, norm/(‖g‖ + 10⁻⁶)), ‖g‖ taken over all parameters together.</summary>
    /// <remarks>‖g‖² is the sum of the squares in double, leaves in order and row-major; the factor is rounded once to float32.</remarks>
    /// <param name="norm">The longest norm.</param>
    public Optimizer ClippedByNorm(double norm) => this with
    {
        Step = (workspace, parameters, state, gradients) =>
        {
            var square = gradients.Leaves.Aggregate(0.0, (sum, leaf) => Updates.AddSquares(sum, leaf.Value));
            var factor = (float)Math.Min(1, norm / (Math.Sqrt(square) + 1e-6));
            return Step(workspace, parameters, state, gradients.Map(gradient => Elementwise.Scale(workspace, gradient, factor)));
        },
    };

    private static EquatableArray<string> MomentsOf(OptimizerSettings.RmsProp settings) => (settings.Centered, settings.Momentum != 0) switch
    {
        (false, false) => ["mean_square"],
        (true, false) => ["mean_square", "mean"],
        (false, true) => ["mean_square", "velocity"],
        (true, true) => ["mean_square", "mean", "velocity"],
    };

    private static Optimizer Adaptive(Func<Workspace, Tensor, Tensor, Tensor, Tensor, int, (Tensor Parameter, Tensor First, Tensor Second)> leafStep) =>
        LeafByLeaf(["first_moment", "second_moment"], (workspace, p, g, moments, t) =>
        {
            var (next, first, second) = leafStep(workspace, p, g, moments[0], moments[1], t);
            return (next, [first, second]);
        });

    /// <summary>An optimizer from its formula for one parameter: from p, its gradient, its moments and the step's number, from 1, to the next p and moments.</summary>
    private static Optimizer LeafByLeaf(
        EquatableArray<string> moments,
        Func<Workspace, Tensor, Tensor, EquatableArray<Tensor>, int, (Tensor Parameter, EquatableArray<Tensor> Moments)> leafStep,
        float initial = 0) => new(
            parameters => new OptimizerState(0, moments.Select(name => (name, parameters.Map(parameter => Constant(parameter.Shape, initial)))).ToEquatableArray()),
            (workspace, parameters, state, gradients) =>
            {
                var leaves = state.Moments.Aggregate(
                    parameters.Zip(gradients, (p, g) => (p, g, m: (EquatableArray<Tensor>)[])),
                    (leaves, moment) => leaves.Zip(moment.Values, (leaf, value) => (leaf.p, leaf.g, (EquatableArray<Tensor>)[.. leaf.m, value])));
                var next = Jobs.Together(workspace, inside => leaves.Map(leaf => leafStep(inside, leaf.p, leaf.g, leaf.m, checked((int)state.Steps + 1))));
                return (next.Map(leaf => leaf.Parameter), new OptimizerState(
                    state.Steps + 1, moments.Select((name, index) => (name, next.Map(leaf => leaf.Moments[index]))).ToEquatableArray()));
            });

    private static Tensor Constant(Shape shape, float value) => value == 0 ? Tensor.Zeros(shape) : Tensor.Parameter(shape, Enumerable.Repeat(value, shape.Count).ToArray());
}
