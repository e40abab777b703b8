using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Optimizers;

/// <summary>
/// The stochastic diagonal Levenberg–Marquardt method (LeCun et al. 1998, appendix C): w_k ← w_k − ε_k ∂E/∂w_k with ε_k = η / (μ + h_kk). It remembers the second
/// derivatives h as a tree <c>curvature</c>, which whoever trains renews before each pass: they follow from the loss, not from gradients.
/// </summary>
internal static class LevenbergMarquardt
{
    /// <summary>The optimizer that settings describe.</summary>
    public static Optimizer Of(OptimizerSettings.LevenbergMarquardt settings) => new(
        parameters => new OptimizerState(0, [("curvature", parameters.Map(parameter => Tensor.Zeros(parameter.Shape)))]),
        (workspace, parameters, state, gradients) => (
            parameters.Zip(gradients, (p, g) => (p, g)).Zip(state.Moments[0].Values, (leaf, h) =>
                DiagonalUpdate.Step(workspace, leaf.p, leaf.g, h, settings.LearningRate, settings.Mu)),
            state with { Steps = state.Steps + 1 }));

    /// <summary>The state with second derivatives that hold from now on.</summary>
    public static OptimizerState Renewed(OptimizerState state, Tree<Tensor> curvature) => state with { Moments = [("curvature", curvature)] };
}
