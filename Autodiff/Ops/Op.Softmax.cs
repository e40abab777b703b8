namespace FunctionalLeNet.Autodiff;

public static partial class Op
{
    /// <summary>Softmax (Bridle 1990): y[n, k] = exp x[n, k] / Σ over j of exp x[n, j], computed with the largest x taken away.</summary>
    /// <remarks>∂L/∂xₖ = yₖ (∂L/∂yₖ − Σⱼ ∂L/∂yⱼ yⱼ); the second derivatives: Σⱼ hⱼ (∂yⱼ/∂xₖ)² = yₖ² (hₖ (1 − 2yₖ) + Σⱼ hⱼ yⱼ²).</remarks>
    /// <param name="x">One row of scores a sample, <c>[N, K]</c>.</param>
    /// <returns>Probabilities, <c>[N, K]</c>.</returns>
    public static Node Softmax(Node x)
    {
        var y = Core.Kernels.Softmax.Forward(x.Workspace, x.Held);
        return Node.Of(
            "softmax", y, [x],
            (dy, give) => give(x, Core.Kernels.Softmax.InputGradient(x.Workspace, dy, y)),
            (_, h, give) => give(x, Core.Kernels.Softmax.InputCurvature(x.Workspace, h, y)));
    }

    /// <summary>
    /// The logarithm of softmax: y[n, k] = x[n, k] − log Σ over j of exp x[n, j], computed with the largest x taken away; never log 0, where the logarithm
    /// of a softmax that rounded to 0 would be −∞.
    /// </summary>
    /// <remarks>With p = exp y: ∂L/∂xₖ = ∂L/∂yₖ − pₖ Σⱼ ∂L/∂yⱼ; the second derivatives: Σⱼ hⱼ (∂yⱼ/∂xₖ)² = hₖ (1 − 2pₖ) + pₖ² Σⱼ hⱼ.</remarks>
    /// <param name="x">One row of scores a sample, <c>[N, K]</c>.</param>
    /// <returns>Log-probabilities, <c>[N, K]</c>.</returns>
    public static Node LogSoftmax(Node x)
    {
        var y = Core.Kernels.Softmax.LogForward(x.Workspace, x.Held);
        return Node.Of(
            "log softmax", y, [x],
            (dy, give) => give(x, Core.Kernels.Softmax.LogInputGradient(x.Workspace, dy, y)),
            (_, h, give) => give(x, Core.Kernels.Softmax.LogInputCurvature(x.Workspace, h, y)));
    }
}
