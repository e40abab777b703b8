using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// Convolution (cross-correlation, as the field has it) and its three derivatives:
/// y[n, o, i, j] = b[o] + Σ over (c, u, v) of x[n, c, i·s − p + u, j·s − p + v] · w[o, c, u, v].
/// </summary>
/// <remarks>
/// Every sum is one chain of fused multiply-adds from 0 in the order of its indices as written, taps outside the image skipped; then the bias is added.
/// A linear layer is the case of one pixel. Where the workspace asks for other numerics, a product of explicit patches takes the place of the chains.
/// </remarks>
internal static class Convolution
{
    /// <summary>y: [N, O, OH, OW] from x: [N, C, H, W], w: [O, C, KH, KW], b: [O].</summary>
    public static Tensor Forward(Workspace workspace, Tensor x, Tensor w, Tensor b, ConvolutionGeometry g, Shape output) =>
        workspace.Numerics != Numerics.Exact ? PatchProduct.Forward(workspace, x, w, b, g, output)
            : IsWhole(g)
            ? Linear.Forward(workspace, x, Flat(w), b).Reshape(output)
            : SingleImage.Takes(x, g)
            ? SingleImage.Forward(workspace, x, w, b, Wiring.Full(g.Channels, w.Shape.First), g, output)
            : ForwardTiles.Exact(w, b, g)
            ? ForwardTiles.Values(workspace, x, w, b, g, output, rectify: false)
            : PlainConvolution.Forward(workspace, x, w, b, g, output);

    /// <summary>∂L/∂x: [N, C, H, W] from ∂L/∂y: [N, O, OH, OW]; each sum runs over (o, u, v).</summary>
    public static Tensor InputGradient(Workspace workspace, Tensor dy, Tensor w, ConvolutionGeometry g, Shape input) =>
        workspace.Numerics != Numerics.Exact ? PatchProduct.InputGradient(workspace, dy, w, g, input)
            : IsWhole(g)
            ? Linear.InputGradient(workspace, Flat(dy), Flat(w), input)
            : dy.Block.Lanes == Workspace.Lanes
            ? InputGradientTiles.Of(workspace, dy, w, g, input)
            : FewInputGradient.Of(workspace, dy, w, g, input) is { } dx
            ? dx
            : PlainConvolution.InputGradient(workspace, dy, w, g, input);

    /// <summary>
    /// ∂L/∂w: [O, C, KH, KW] and ∂L/∂b: [O]; each sum runs over (n, i, j), samples outermost. So the weight gradient is not the product of two matrices
    /// in row order, which would be (i, j, n). The bias gradient is a plain sum.
    /// </summary>
    public static (Tensor Weight, Tensor Bias) ParameterGradients(Workspace workspace, Tensor dy, Tensor x, ConvolutionGeometry g, Shape weight) =>
        workspace.Numerics != Numerics.Exact ? PatchProduct.ParameterGradients(workspace, dy, x, g, weight)
            : IsWhole(g)
            ? Whole(workspace, dy, x, weight)
            : SingleImage.Takes(x, g)
            ? SingleImage.ParameterGradients(workspace, dy, x, Wiring.Full(g.Channels, weight.First), g, weight)
            : WeightGradient.Of(workspace, OutputGradients.Of(dy), x, g, weight) is { } gradients
            ? gradients
            : PlainConvolution.ParameterGradients(workspace, dy, x, g, weight);

    /// <summary>Whether the one window is the whole image: then the layer is linear, and its sums are those of <see cref="Linear"/>, term by term.</summary>
    private static bool IsWhole(ConvolutionGeometry g) => g is { Top: 0, Left: 0, OutputPixels: 1 } && g.KernelHeight == g.Height && g.KernelWidth == g.Width;

    private static Tensor Flat(Tensor tensor) => tensor.Reshape(Shape.Of(tensor.Shape.First, tensor.Shape.Rest.Count));

    private static (Tensor Weight, Tensor Bias) Whole(Workspace workspace, Tensor dy, Tensor x, Shape weight)
    {
        var (dw, db) = Linear.ParameterGradients(workspace, Flat(dy), Flat(x), Shape.Of(weight.First, weight.Rest.Count));
        return (dw.Reshape(weight), db);
    }
}
