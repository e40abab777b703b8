using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// Images that lie one after another have no samples to fill the lanes with, but they have windows: an image is cut into small ones, what lies under 2 × 2 outputs each, sixteen of them
/// side by side, and the tiles of a batch do the rest.
/// </summary>
/// <remarks>
/// For a pool the small images are its windows, and their maxima come out side by side, in the order in which they are wanted. The overlap costs copies of the
/// image, (KH + 1)(KW + 1) / 4 of them for 2 × 2 windows of a convolution with stride 1, made with vectors along the rows.
/// </remarks>
internal static unsafe class SingleImage
{
    /// <summary>The convolution, rectified where asked: [N, O, OH, OW].</summary>
    public static Tensor Values(Workspace workspace, Tensor x, Tensor w, Tensor b, ConvolutionGeometry g, Shape output, bool rectify)
    {
        var y = workspace.Batch(output);
        using var scratch = workspace.Scratch.Begin();
        // Four outputs each, in the last row and column perhaps some beyond the edge, which are dropped.
        var cells = new ConvolutionGeometry(w.Shape.First, g.OutputHeight, g.OutputWidth, 2, 2, 2, 2, 0, 0, (g.OutputHeight + 1) / 2, (g.OutputWidth + 1) / 2);
        var windows = Padded(cells.OutputPixels);
        var quads = workspace.Scratch.Next(4L * w.Shape.First * windows);
        for (var n = 0; n < x.Shape.First; n++)
            One(x.Block.Address + ((long)n * g.Channels * g.Pixels), y.Block.Address + ((long)n * w.Shape.First * g.OutputPixels));
        Jobs.KeepAlive(x, b);
        return y;

        void One(float* x, float* target)
        {
            if (Hardware.Has512)
                Run<Lanes512, BiasEnd<Lanes512>>(workspace, x, w, g, cells, windows, new(quads, b.Block.Address, w.Shape.First, 16, 4 * windows, rectify));
            else if (Hardware.Has256)
                Run<Lanes256, BiasEnd<Lanes256>>(workspace, x, w, g, cells, windows, new(quads, b.Block.Address, w.Shape.First, 16, 4 * windows, rectify));
            else if (Hardware.Has128)
                Run<Lanes128, BiasEnd<Lanes128>>(workspace, x, w, g, cells, windows, new(quads, b.Block.Address, w.Shape.First, 16, 4 * windows, rectify));
            else
                Run<Lanes1, BiasEnd<Lanes1>>(workspace, x, w, g, cells, windows, new(quads, b.Block.Address, w.Shape.First, 16, 4 * windows, rectify));
            for (var o = 0; o < w.Shape.First; o++)
                for (var i = 0; i < g.OutputHeight; i++)
                {
                    var row = quads + ((((4L * o) + (i % 2 * 2)) * windows) + (i / 2 * cells.OutputWidth));
                    for (var j = 0; j < g.OutputWidth; j++)
                        *target++ = row[(j % 2 * windows) + (j / 2)];
                }
        }
    }

    /// <summary>The maxima over windows of four cells, and which cell each is: <see cref="ForwardTiles.Pooled"/> for few images.</summary>
    public static (Tensor Values, Tensor Choices) Pooled(Workspace workspace, Tensor x, Tensor w, Tensor b, ConvolutionGeometry g, ConvolutionGeometry pool, bool rectify)
    {
        var (outputs, pixels) = (w.Shape.First, pool.OutputPixels);
        var shape = pool.Output(x.Shape.First, outputs);
        var (values, choices) = (workspace.Batch(shape), workspace.Batch(shape));
        using var scratch = workspace.Scratch.Begin();
        var windows = Padded(pixels);
        float* maxima = workspace.Scratch.Next((long)outputs * windows), chosen = workspace.Scratch.Next((long)outputs * windows);
        for (var n = 0; n < x.Shape.First; n++)
            One(x.Block.Address + ((long)n * g.Channels * g.Pixels), values.Block.Address + ((long)n * outputs * pixels), choices.Block.Address + ((long)n * outputs * pixels));
        Jobs.KeepAlive(x, b);
        return (values, choices);

        void One(float* x, float* value, float* choice)
        {
            if (Hardware.Has512)
                Run<Lanes512, PoolEnd<Lanes512>>(workspace, x, w, g, pool, windows, new(maxima, chosen, b.Block.Address, outputs, 16, windows, rectify));
            else if (Hardware.Has256)
                Run<Lanes256, PoolEnd<Lanes256>>(workspace, x, w, g, pool, windows, new(maxima, chosen, b.Block.Address, outputs, 16, windows, rectify));
            else if (Hardware.Has128)
                Run<Lanes128, PoolEnd<Lanes128>>(workspace, x, w, g, pool, windows, new(maxima, chosen, b.Block.Address, outputs, 16, windows, rectify));
            else
                Run<Lanes1, PoolEnd<Lanes1>>(workspace, x, w, g, pool, windows, new(maxima, chosen, b.Block.Address, outputs, 16, windows, rectify));
            for (var o = 0; o < outputs; o++, value += pixels, choice += pixels)
            {
                new ReadOnlySpan<float>(maxima + ((long)o * windows), pixels).CopyTo(new(value, pixels));
                new ReadOnlySpan<float>(chosen + ((long)o * windows), pixels).CopyTo(new(choice, pixels));
            }
        }
    }

    private static int Padded(int windows) => (windows + 15) / 16 * 16;

    private static void Run<T, TEnd>(Workspace workspace, float* x, Tensor w, ConvolutionGeometry g, ConvolutionGeometry pool, int windows, TEnd end)
        where T : struct, ILanes<T>
        where TEnd : struct, ITileEnd<T, TEnd>
    {
        using var scratch = workspace.Scratch.Begin();
        // A small image: what lies under the window of a pool.
        var (height, width) = (((pool.KernelHeight - 1) * g.StrideHeight) + g.KernelHeight, ((pool.KernelWidth - 1) * g.StrideWidth) + g.KernelWidth);
        var small = workspace.Scratch.Next((long)g.Channels * height * width * windows);
        SmallImages.Cut(workspace, x, g, pool, height, width, windows, small);
        var blocks = ChannelBlock.Of(w.Shape.First, Hardware.Registers);
        var taps = new Tap[g.KernelHeight * g.KernelWidth];
        for (var tap = 0; tap < taps.Length; tap++)
            taps[tap] = new(((tap / g.KernelWidth * width) + (tap % g.KernelWidth)) * windows, tap);
        var tile = new Tile(0, Cell(1), Cell(2), Cell(3), 0, windows, 2 * windows, 3 * windows, 0, taps.Length);
        new TilePlan([tile], taps, g.Channels, (long)height * width * windows, PackedWeights.ByOutput(workspace, w, g, blocks), taps.Length, blocks)
            .RunHere<T, TEnd>(small, Workspace.Lanes, windows / Workspace.Lanes, end);
        GC.KeepAlive(w);

        int Cell(int cell) => ((cell / pool.KernelWidth * g.StrideHeight * width) + (cell % pool.KernelWidth * g.StrideWidth)) * windows;
    }
}
