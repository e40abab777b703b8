namespace FunctionalLeNet.Autodiff;

public static partial class Op
{
    /// <summary>Softmax (Bridle 1990): y[n, k] = exp x[n, k] / Σ over j of exp x[n, j], computed with the largest x taken away.</summary>
    /// <remarks>∂L/∂xₖ = yₖ (∂L/∂yₖ − Σⱼ ∂L/∂yⱼ yⱼ).</remarks>
    /// <param name="x">One row of scores a sample, <c>[N, K]</c>.</param>
    /// <returns>Probabilities, <c>[N, K]</c>.</returns>
    public static Node Softmax(Node x)
    {
        var y = Core.Kernels.Softmax.Forward(x.Workspace, x.Held);
        return Node.Of("softmax", y, [x], (dy, give) => give(x, Core.Kernels.Softmax.InputGradient(x.Workspace, dy, y)));
    }

    /// <summary>
    /// The logarithm of softmax: y[n, k] = x[n, k] − log Σ over j of exp x[n, j], computed with the largest x taken away; never log 0, where the logarithm
    /// of a softmax that rounded to 0 would be −∞.
    /// </summary>
    /// <remarks>∂L/∂xₖ = ∂L/∂yₖ − exp(yₖ) Σⱼ ∂L/∂yⱼ.</remarks>
    /// <param name="x">One row of scores a sample, <c>[N, K]</c>.</param>
    /// <returns>Log-probabilities, <c>[N, K]</c>.</returns>
    public static Node LogSoftmax(Node x)
    {
        var y = Core.Kernels.Softmax.LogForward(x.Workspace, x.Held);
        return Node.Of("log softmax", y, [x], (dy, give) => give(x, Core.Kernels.Softmax.LogInputGradient(x.Workspace, dy, y)));
    }
}
