using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Autodiff;

/// <summary>
/// A second interpreter of the graph: the diagonal of the second derivatives, by the backward pass of LeCun et al. 1998, appendix C (Becker and LeCun 1988).
/// Like <see cref="Gradient"/> it walks once from the loss to the parameters, and each operation hands its parents their share, by the rule that stands beside its first.
/// </summary>
/// <remarks>
/// For a unit a = Σ u·x and y = f(a) the rules are ∂²E/∂a² = f′(a)² ∂²E/∂y², ∂²E/∂x² = Σ u² ∂²E/∂a² and ∂²E/∂u² = x² ∂²E/∂a², summed over all connections
/// that share a weight. Two things are left out, and so the result is never negative where the loss's own second derivatives are not: f″ (Gauss and Newton's
/// approximation) and all off-diagonal terms. For one linear layer under a squared error it is exact.
/// </remarks>
public static class Curvature
{
    /// <summary>The diagonal second derivatives of a loss by every parameter, in the parameters' structure. Of a mean over samples it is the mean.</summary>
    /// <param name="loss">From parameters to a single number, made of operations on nodes.</param>
    /// <param name="parameters">Where the derivatives are taken.</param>
    /// <param name="workspace">Threads and memory.</param>
    /// <returns>Second derivatives of each parameter's shape: zeros where the loss does not depend on it.</returns>
    /// <exception cref="ArgumentException">The loss is not a single number.</exception>
    /// <exception cref="NotSupportedException">The loss uses an operation that has no rule for second derivatives.</exception>
    public static Tree<Tensor> Of(Func<Tree<Node>, Node> loss, Tree<Tensor> parameters, Workspace workspace)
    {
        try
        {
            var inside = workspace.In(workspace.Evaluation);
            var variables = parameters.Map(parameter => Node.Variable(inside, parameter));
            var value = loss(variables);
            if (value.Shape.Count != 1)
                throw new ArgumentException($"A loss is a single number, but this one has shape {value.Shape}. Sum it or take its mean.", nameof(loss));
            var second = Backward(value, Copies.Filled(inside, value.Held, 1), Copies.Filled(inside, value.Held, 0));
            return variables.Map(variable => Copies.Own(second.TryGetValue(variable, out var h) ? h : Copies.Filled(inside, variable.Held, 0)));
        }
        finally
        {
            workspace.Evaluation.Empty();
        }
    }

    private static Dictionary<Node, Tensor> Backward(Node value, Tensor one, Tensor zero)
    {
        var (first, second) = (new Dictionary<Node, Tensor> { [value] = one }, new Dictionary<Node, Tensor> { [value] = zero });
        foreach (var node in Gradient.LastFirst(value))
            if (first.TryGetValue(node, out var gradient) && second.TryGetValue(node, out var curvature))
            {
                node.Derivative(gradient, (parent, share) => Gradient.Give(first, node, parent, share));
                var rule = node.SecondDerivative
                    ?? throw new NotSupportedException($"The operation '{node.Operation}' has no rule for second derivatives. Train with an optimizer that needs none, such as SGD.");
                rule(gradient, curvature, (parent, share) => Gradient.Give(second, node, parent, share));
            }

        return second;
    }
}
