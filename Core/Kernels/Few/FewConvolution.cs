using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// A convolution of images that lie one after another, then perhaps a ReLU and a maximum over windows. Without samples to fill the lanes, output channels do,
/// where there are many, or the pixels of a row.
/// </summary>
/// <remarks>Zeros around an image are multiplied, not skipped: for the caller to say that it makes no difference (<see cref="ForwardTiles.Exact"/>).</remarks>
internal abstract class FewConvolution
{
    /// <summary>The way to compute it, for its sizes.</summary>
    /// <param name="workspace">Keeps it for the next time.</param>
    /// <param name="g">The convolution.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="pool">The pool, windows of four cells without padding, or none.</param>
    public static FewConvolution Of(Workspace workspace, ConvolutionGeometry g, int outputs, ConvolutionGeometry? pool) =>
        workspace.Plans.Of<FewConvolution>(g, pool ?? default, outputs, static (g, pool, outputs) =>
        {
            ConvolutionGeometry? windows = pool == default ? null : pool;
            var columns = windows?.OutputWidth ?? g.OutputWidth;
            return Used(outputs) >= Used(columns) ? new ChannelConvolution(g, outputs, windows) : new RowConvolution(g, outputs, windows);
        });

    /// <summary>The convolution, rectified where asked: [N, O, OH, OW].</summary>
    public static unsafe Tensor Values(Workspace workspace, Tensor x, Tensor w, Tensor b, ConvolutionGeometry g, Shape output, bool rectify)
    {
        var y = workspace.Batch(output);
        using var scratch = workspace.Scratch.Begin();
        var way = Of(workspace, g, w.Shape.First, null);
        var packed = way.Pack(workspace.Scratch, w);
        var (image, map) = (g.Channels * g.Pixels, output.Rest.Count);
        workspace.RunAlone(x.Shape.First, (n, alone) =>
            way.Run(alone, x.Block.Address + ((long)n * image), packed, b.Block.Address, rectify, y.Block.Address + ((long)n * map), null));
        Jobs.KeepAlive(x, w, b);
        return y;
    }

    /// <summary>The maxima over windows of four cells, and which cell each is: <see cref="ForwardTiles.Pooled"/> for few images.</summary>
    public static unsafe (Tensor Values, Tensor Choices) Pooled(
        Workspace workspace, Tensor x, Tensor w, Tensor b, ConvolutionGeometry g, ConvolutionGeometry pool, bool rectify)
    {
        var shape = pool.Output(x.Shape.First, w.Shape.First);
        var (values, choices, image, windows) = (workspace.Batch(shape), workspace.Batch(shape), g.Channels * g.Pixels, shape.Rest.Count);
        using var scratch = workspace.Scratch.Begin();
        var way = Of(workspace, g, w.Shape.First, pool);
        var packed = way.Pack(workspace.Scratch, w);
        workspace.RunAlone(x.Shape.First, (n, alone) =>
            way.Run(
                alone, x.Block.Address + ((long)n * image), packed, b.Block.Address, rectify,
                values.Block.Address + ((long)n * windows), choices.Block.Address + ((long)n * windows)));
        Jobs.KeepAlive(x, w, b);
        return (values, choices);
    }

    /// <summary>Weights as this way reads them.</summary>
    /// <param name="memory">Where they go.</param>
    /// <param name="w">[O, C, KH, KW].</param>
    public abstract unsafe float* Pack(Arena memory, Tensor w);

    /// <summary>One image.</summary>
    /// <param name="workspace">Whose scratch memory.</param>
    /// <param name="image">[C][H][W].</param>
    /// <param name="packed">What <see cref="Pack"/> returned.</param>
    /// <param name="bias">[O].</param>
    /// <param name="rectify">Whether a ReLU follows.</param>
    /// <param name="values">Room for [O][OH][OW], of the pool where there is one.</param>
    /// <param name="choices">Room for as many choices of the pool, or null.</param>
    public unsafe void Run(Workspace workspace, float* image, float* packed, float* bias, bool rectify, float* values, float* choices)
    {
        using var scratch = workspace.Scratch.Begin();
        if (Hardware.Has512)
            Run<Lanes512>(workspace, image, packed, bias, rectify, values, choices);
        else if (Hardware.Has256)
            Run<Lanes256>(workspace, image, packed, bias, rectify, values, choices);
        else if (Hardware.Has128)
            Run<Lanes128>(workspace, image, packed, bias, rectify, values, choices);
        else
            Run<Lanes1>(workspace, image, packed, bias, rectify, values, choices);
    }

    /// <inheritdoc cref="Run(Workspace, float*, float*, float*, bool, float*, float*)"/>
    protected abstract unsafe void Run<T>(Workspace workspace, float* image, float* packed, float* bias, bool rectify, float* values, float* choices)
        where T : struct, ILanes<T>;

    /// <summary>The part of the lanes that does useful work.</summary>
    private static float Used(int count) => (float)count / Workspace.Rounded(count);
}
