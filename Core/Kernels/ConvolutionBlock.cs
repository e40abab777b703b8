using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// Convolution, then a ReLU where asked, then a maximum over windows where asked: one pass over memory instead of three, with the bits of the three.
/// </summary>
internal static unsafe class ConvolutionBlock
{
    /// <summary>Whether a pool can be part of a block: its windows lie side by side, or apart, without padding.</summary>
    public static bool Takes(ConvolutionGeometry pool) =>
        pool is { Top: 0, Left: 0 } && pool.StrideHeight >= pool.KernelHeight && pool.StrideWidth >= pool.KernelWidth
        && ((pool.OutputHeight - 1) * pool.StrideHeight) + pool.KernelHeight <= pool.Height
        && ((pool.OutputWidth - 1) * pool.StrideWidth) + pool.KernelWidth <= pool.Width;

    /// <summary>The values that come out, and for each of a pool which cell of its window it is.</summary>
    /// <param name="workspace">Threads and memory.</param>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="w">[O, C, KH, KW].</param>
    /// <param name="b">[O].</param>
    /// <param name="g">The convolution.</param>
    /// <param name="rectify">Whether a ReLU, x ≤ 0 ? 0 : x, follows the convolution.</param>
    /// <param name="pool">The windows of a maximum that follows that (O channels of OH × OW), or none.</param>
    /// <returns>
    /// Values, [N, O, OH, OW] or the pool's shape, and choices of the same shape, row-major indices in the window as floats;
    /// without a pool there is nothing to choose and they are the values once more.
    /// </returns>
    public static (Tensor Values, Tensor Choices) Forward(
        Workspace workspace, Tensor x, Tensor w, Tensor b, ConvolutionGeometry g, bool rectify, ConvolutionGeometry? pool)
    {
        if (pool is not { } windows)
        {
            var values = Rectified(workspace, x, w, b, g, rectify);
            return (values, values);
        }

        if (windows.KernelHeight * windows.KernelWidth == 4 && ForwardTiles.Exact(w, b, g))
            return ForwardTiles.Pooled(workspace, x, w, b, g, windows, rectify);
        using var scratch = workspace.Scratch.Begin();
        var images = Rectified(workspace.In(workspace.Scratch), x, w, b, g, rectify);
        return MaximumPooling.Forward(workspace, images, windows, windows.Output(x.Shape.First, windows.Channels));
    }

    /// <summary>The derivatives of a block.</summary>
    /// <param name="workspace">Threads and memory.</param>
    /// <param name="dValues">∂L/∂values.</param>
    /// <param name="values">What <see cref="Forward"/> returned.</param>
    /// <param name="choices">What it chose.</param>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="w">[O, C, KH, KW].</param>
    /// <param name="g">The convolution.</param>
    /// <param name="rectify">Whether a ReLU follows.</param>
    /// <param name="pool">The pool, or none.</param>
    /// <param name="wantInput">Whether ∂L/∂x is wanted: not for a network's first layer.</param>
    public static (Tensor? Input, Tensor Weight, Tensor Bias) Gradients(
        Workspace workspace, Tensor dValues, Tensor values, Tensor choices, Tensor x, Tensor w, ConvolutionGeometry g, bool rectify, ConvolutionGeometry? pool, bool wantInput)
    {
        var windows = pool ?? Single(g, w.Shape.First);
        using var scratch = workspace.Scratch.Begin();
        var inside = workspace.In(workspace.Scratch);
        if (pool is null && !rectify)
            return Separate(dValues);
        var together = wantInput && dValues.Block.Lanes == Workspace.Lanes;
        // Where samples lie side by side, the input gradient is computed along with the weight gradient, or from the ∂L/∂y that this writes while it has a group at hand.
        var sparse = together && SparseInputGradient.Takes(g, windows) ? new SparseInputGradient(workspace, workspace.Scratch, w, g, windows, x.Shape) : null;
        var dense = together && sparse is null ? inside.Batch(windows.Input(dValues.Shape.First)) : null;
        return (together || !wantInput)
            && WeightGradient.Of(workspace, new(dValues, values, choices, rectify, windows, dense), x, g, w.Shape, sparse) is (var weight, var bias)
            ? (wantInput ? sparse?.Result ?? Convolution.InputGradient(workspace, dense ?? Spread(), w, g, x.Shape) : null, weight, bias)
            : Separate(Spread());

        Tensor Spread() => PoolGradient.Of(inside, dValues, values, choices, windows, rectify);

        (Tensor? Input, Tensor Weight, Tensor Bias) Separate(Tensor dy)
        {
            var (weight, bias) = Convolution.ParameterGradients(workspace, dy, x, g, w.Shape);
            return (wantInput ? Convolution.InputGradient(workspace, dy, w, g, x.Shape) : null, weight, bias);
        }
    }

    private static Tensor Rectified(Workspace workspace, Tensor x, Tensor w, Tensor b, ConvolutionGeometry g, bool rectify)
    {
        var shape = g.Output(x.Shape.First, w.Shape.First);
        if (ForwardTiles.Exact(w, b, g))
            return ForwardTiles.Values(workspace, x, w, b, g, shape, rectify);
        var y = PlainConvolution.Forward(workspace, x, w, b, g, shape);
        return rectify ? Activations.Rectify(workspace, y) : y;
    }

    /// <summary>Windows of one cell: a pool that changes nothing.</summary>
    private static ConvolutionGeometry Single(ConvolutionGeometry g, int channels) =>
        new(channels, g.OutputHeight, g.OutputWidth, 1, 1, 1, 1, 0, 0, g.OutputHeight, g.OutputWidth);
}
