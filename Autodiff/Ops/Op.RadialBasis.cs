using FunctionalLeNet.Core.Layers;

namespace FunctionalLeNet.Autodiff;

public static partial class Op
{
    /// <summary>Euclidean radial basis functions (LeCun et al. 1998, equation 7): z[n, k] = −y[n, k] = −Σ over j of (x[n, j] − w[k, j])², with fixed w.</summary>
    /// <remarks>
    /// ∂L/∂xⱼ = 2 Σₖ ∂L/∂zₖ (wₖⱼ − xⱼ). ∂²L/∂xⱼ² = 4 Σₖ ∂²L/∂zₖ² (wₖⱼ − xⱼ)² − 2 Σₖ ∂L/∂zₖ: the layer's own second derivative, ∂²y/∂x² = 2, is kept. Under
    /// equation 8, where ∂L/∂z is −1 at the right class, it is all there is.
    /// </remarks>
    /// <param name="x">The features, <c>[N, F]</c>.</param>
    /// <param name="targets">The w, K pictures of F pixels.</param>
    /// <returns><c>[N, K]</c>.</returns>
    public static Node RadialBasis(Node x, Bitmaps targets)
    {
        Require("radial basis", "x", x, [x.Shape.First, targets.Pixels]);
        var (workspace, codes) = (x.Workspace, targets.Codes);
        return Node.Of(
            "radial basis",
            Core.Kernels.RadialBasis.Forward(workspace, x.Held, codes),
            [x],
            (dz, give) => give(x, Core.Kernels.RadialBasis.InputGradient(workspace, dz, x.Held, codes)),
            (dz, h, give) => give(x, Core.Kernels.RadialBasis.Curvature(workspace, dz, h, x.Held, codes)));
    }

    /// <summary>
    /// The loss of LeCun et al. 1998, equation 9, on logits z = −y: the mean or sum over samples of −z_label + log(e^−j + Σₖ e^zₖ). It is the cross-entropy of a
    /// softmax with one class more, the "rubbish", whose logit is −j; classes that are already further away than j are not pushed further.
    /// </summary>
    /// <remarks>With p = softmax: ∂L/∂zₖ = pₖ − [k = label], ∂²L/∂zₖ² = pₖ (1 − pₖ), each times 1/N for a mean.</remarks>
    /// <param name="logits">One row of scores a sample, <c>[N, K]</c>.</param>
    /// <param name="labels">The right class of each sample, from 0 to K − 1.</param>
    /// <param name="j">The rubbish class's distance, positive.</param>
    /// <param name="reduction">Mean or sum.</param>
    /// <returns>A single number.</returns>
    public static Node RubbishCrossEntropy(Node logits, ReadOnlyMemory<byte> labels, double j, Reduction reduction)
    {
        Require("rubbish cross-entropy", "logits", logits, [labels.Length, logits.Shape.Rest.Count]);
        var (loss, first, second) = Core.Kernels.RubbishCrossEntropy.Forward(logits.Workspace, logits.Held, labels, j, reduction == Reduction.Mean);
        return Node.Of(
            "rubbish cross-entropy", loss, [logits], (dy, give) => give(logits, Times(logits, first, dy)), (dy, _, give) => give(logits, Times(logits, second, dy)));
    }
}
