using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Autodiff;

public static partial class Op
{
    /// <summary>Squared error: the mean or sum over all elements of (x − t)². PyTorch's <c>MSELoss</c>.</summary>
    /// <remarks>∂L/∂x = 2 (x − t) · (1/count for the mean, 1 for the sum) · ∂L/∂y, and ∂L/∂t its negative; ∂²L/∂x² = ∂²L/∂t² = 2 · the same factor.</remarks>
    /// <param name="x">A batch, <c>[N, …]</c>.</param>
    /// <param name="target">What it should be, the same shape.</param>
    /// <param name="reduction">Mean over all elements, or sum.</param>
    /// <returns>A single number.</returns>
    public static Node SquaredError(Node x, Node target, Reduction reduction)
    {
        Require("squared error", "target", target, x.Shape);
        var (loss, gradient) = Losses.SquaredError(x.Workspace, x.Held, target.Held, reduction == Reduction.Mean);
        return Node.Of("squared error", loss, [x, target], (dy, give) =>
        {
            var dx = Times(x, gradient, dy);
            give(x, dx);
            if (target.IsVariable)
                give(target, Elementwise.Scale(x.Workspace, dx, -1));
        }, (dy, _, give) =>
        {
            var h = Copies.Filled(x.Workspace, x.Held, (float)(reduction == Reduction.Mean ? 2.0 / x.Shape.Count : 2) * dy.ToScalar());
            give(x, h);
            give(target, h);
        });
    }

    /// <summary>
    /// Negative log-likelihood: the mean or sum over samples of −y[n, label n]. PyTorch's <c>NLLLoss</c>; after <see cref="LogSoftmax"/> it is
    /// <see cref="SoftmaxCrossEntropy"/>.
    /// </summary>
    /// <remarks>∂L/∂y[n, k] = −[k = label] · (1/N for the mean, 1 for the sum) · ∂L; the second derivatives are 0.</remarks>
    /// <param name="logProbabilities">One row a sample, <c>[N, K]</c>.</param>
    /// <param name="labels">The right class of each sample, from 0 to K − 1.</param>
    /// <param name="reduction">Mean or sum.</param>
    /// <returns>A single number.</returns>
    public static Node NegativeLogLikelihood(Node logProbabilities, ReadOnlyMemory<byte> labels, Reduction reduction)
    {
        Require("negative log-likelihood", "log-probabilities", logProbabilities, [labels.Length, logProbabilities.Shape.Rest.Count]);
        var (loss, gradient) = Losses.NegativeLogLikelihood(logProbabilities.Workspace, logProbabilities.Held, labels, reduction == Reduction.Mean);
        return Node.Of("negative log-likelihood", loss, [logProbabilities], (dy, give) => give(logProbabilities, Times(logProbabilities, gradient, dy)), (_, _, give) =>
            give(logProbabilities, Copies.Filled(logProbabilities.Workspace, logProbabilities.Held, 0)));
    }

    private static Tensor Times(Node x, Tensor gradient, Tensor upstream) =>
        upstream.ToScalar() == 1 ? gradient : Elementwise.Scale(x.Workspace, gradient, upstream.ToScalar());
}
