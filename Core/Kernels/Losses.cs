using System.Runtime.CompilerServices;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>Losses of a batch and their derivatives, together.</summary>
/// <remarks>A batch's loss is the sum of its elements' in row-major order, in double, for a mean divided by their number in double, and rounded once.</remarks>
internal static unsafe class Losses
{
    /// <summary>
    /// The squared error Σ (x − t)² over all elements, each difference and square rounded, and its derivative (x − t) · 2, or for a mean
    /// (x − t) · (float)(2/count).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (Tensor Loss, Tensor Gradient) SquaredError(Workspace workspace, Tensor x, Tensor target, bool mean)
    {
        var (total, gradient, features) = (0.0, Zeros(workspace, x.Shape), x.Shape.Rest.Count);
        var factor = (float)(mean ? 2.0 / x.Count : 2);
        for (var n = 0; n < x.Shape.First; n++)
            for (var f = 0; f < features; f++)
            {
                var difference = x.Block.Address[Copies.Offset(x, n, f)] - target.Block.Address[Copies.Offset(target, n, f)];
                total += difference * difference;
                gradient.Block.Address[Copies.Offset(gradient, n, f)] = difference * factor;
            }

        Jobs.KeepAlive(x, target);
        return (Scalar(workspace, mean ? total / x.Count : total), gradient);
    }

    /// <summary>The negative log-likelihood −Σ y[n, label n] of log-probabilities y: [N, K], and its derivative −1, or for a mean −(float)(1/N), at the labels.</summary>
    /// <exception cref="ArgumentException">The number of labels is not N, or a label is not below K.</exception>
    public static (Tensor Loss, Tensor Gradient) NegativeLogLikelihood(Workspace workspace, Tensor y, ReadOnlyMemory<byte> labels, bool mean)
    {
        var right = SoftmaxCrossEntropy.Checked(labels, y.Shape).Span;
        var (total, gradient) = (0.0, Zeros(workspace, y.Shape));
        var factor = (float)(mean ? -1.0 / y.Shape.First : -1);
        for (var n = 0; n < right.Length; n++)
        {
            total -= y.Block.Address[Copies.Offset(y, n, right[n])];
            gradient.Block.Address[Copies.Offset(gradient, n, right[n])] = factor;
        }

        GC.KeepAlive(y);
        return (Scalar(workspace, mean ? total / y.Shape.First : total), gradient);
    }

    private static Tensor Scalar(Workspace workspace, double value)
    {
        var result = workspace.Parameter(Shape.Scalar);
        *result.Block.Address = (float)value;
        return result;
    }

    private static Tensor Zeros(Workspace workspace, Shape batch)
    {
        var result = workspace.Batch(batch);
        new Span<float>(result.Block.Address, result.Block.Length).Clear();
        return result;
    }
}
