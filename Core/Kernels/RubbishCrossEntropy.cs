using System.Runtime.CompilerServices;
using FunctionalLeNet.Core.Numerics;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// Equation 9 of LeCun et al. 1998 for logits z = −y: the sum or mean over samples of −z_label + log(e^−j + Σₖ e^zₖ), its derivative and its second derivative.
/// </summary>
/// <remarks>
/// In double: m = max(−j, z₀, z₁, …) by comparing in this order; s = exp(−j − m), then + exp(zₖ − m) in order; the sample's loss is (m − z_label) + log s, and samples are
/// added in order, for a mean divided by N, rounded once. With p = exp(zₖ − m) / s the derivative is (p − [k = label]) · factor and the second derivative
/// p (1 − p) · factor, in double and rounded once, where the factor is 1, or 1/N for a mean.
/// </remarks>
internal static unsafe class RubbishCrossEntropy
{
    /// <summary>The loss, a single number, and its first and second derivatives by z, [N, K].</summary>
    /// <exception cref="ArgumentException">The number of labels is not N, or a label is not below K.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (Tensor Loss, Tensor First, Tensor Second) Forward(Workspace workspace, Tensor z, ReadOnlyMemory<byte> labels, double j, bool mean)
    {
        var right = SoftmaxCrossEntropy.Checked(labels, z.Shape).Span;
        var (first, second, loss) = (workspace.Like(z), workspace.Like(z), workspace.Parameter(Shape.Scalar));
        new Span<float>(first.Block.Address, first.Block.Length).Clear();
        new Span<float>(second.Block.Address, second.Block.Length).Clear();
        var (samples, classes, lanes, total) = (z.Shape.First, z.Shape.Rest.Count, z.Block.Lanes, 0.0);
        var factor = mean ? 1.0 / samples : 1;
        var powers = stackalloc double[classes];
        for (var n = 0; n < samples; n++)
        {
            // The sample's first number; the others lie a group's lanes apart.
            var start = ((long)(n / lanes) * classes * lanes) + (n % lanes);
            float* logits = z.Block.Address + start, slopes = first.Block.Address + start, curvatures = second.Block.Address + start;
            var largest = -j;
            for (var k = 0; k < classes; k++)
                largest = logits[k * lanes] is var value && (value > largest || float.IsNaN(value)) ? value : largest;
            var sum = ExactMath.Exp(-j - largest);
            for (var k = 0; k < classes; k++)
                sum += powers[k] = ExactMath.Exp(logits[k * lanes] - largest);
            total += largest - logits[right[n] * lanes] + ExactMath.Log(sum);
            for (var k = 0; k < classes; k++)
            {
                var p = powers[k] / sum;
                slopes[k * lanes] = (float)((p - (k == right[n] ? 1 : 0)) * factor);
                curvatures[k * lanes] = (float)(p * (1 - p) * factor);
            }
        }

        *loss.Block.Address = (float)(mean ? total / samples : total);
        GC.KeepAlive(z);
        return (loss, first, second);
    }
}
