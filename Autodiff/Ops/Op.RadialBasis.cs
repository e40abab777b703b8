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
}
