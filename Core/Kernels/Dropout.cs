using System.Runtime.CompilerServices;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>The factors of dropout: each element is kept with probability q = 1 − p and then divided by q, so that its expectation stays.</summary>
internal static unsafe class Dropout
{
    /// <summary>
    /// Factors 0 and (float)(1/q) in a batch's shape. Element i in row-major order is kept where uniform number i lies below (float)q.
    /// </summary>
    /// <param name="workspace">Where the result is made.</param>
    /// <param name="shape">The batch's shape, [N, …].</param>
    /// <param name="probability">p, from 0 to below 1.</param>
    /// <param name="uniform">Uniform numbers in [0, 1), one for each element.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Tensor Factors(Workspace workspace, Shape shape, double probability, float[] uniform)
    {
        var (keep, factor) = ((float)(1 - probability), (float)(1 / (1 - probability)));
        var (factors, features) = (workspace.Batch(shape), shape.Rest.Count);
        new Span<float>(factors.Block.Address, factors.Block.Length).Clear();
        var lanes = factors.Block.Lanes;
        for (var n = 0; n < shape.First; n++)
        {
            var target = factors.Block.Address + Copies.Offset(factors, n, 0);
            // A product instead of a branch: which are kept cannot be predicted.
            foreach (var number in uniform.AsSpan(n * features, features))
            {
                *target = factor * (number < keep ? 1 : 0);
                target += lanes;
            }
        }

        return factors;
    }
}
