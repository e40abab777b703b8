using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>Convolution with sixteen samples in the lanes, four pixels × up to six channels in registers; a ReLU and a 2 × 2 maximum while they are there.</summary>
internal static unsafe class ForwardTiles
{
    /// <summary>Groups that are padded and used before the next: their border copies stay in the second-level cache.</summary>
    private const int Wave = 8;

    /// <summary>Whether a border of zeros, where there is one, gives the bits of skipped taps.</summary>
    public static bool Exact(Tensor w, Tensor b, ConvolutionGeometry g) => !PaddedImages.Needed(g) || Vanish(w, b);

    /// <summary>
    /// Whether taps on zeros may be added or left out as one likes. A finite weight times 0 is ±0, and adding that can only turn a sum of −0 (all terms
    /// underflowed) into +0; the bias then hides it unless it is −0 itself.
    /// </summary>
    private static bool Vanish(Tensor w, Tensor b)
    {
        foreach (var bias in new ReadOnlySpan<float>(b.Block.Address, b.Count))
            if (BitConverter.SingleToInt32Bits(bias) == int.MinValue)
                return false;
        GC.KeepAlive(b);
        return Finite.All(w);
    }

    /// <summary>The convolution, rectified where asked: [N, O, OH, OW].</summary>
    public static Tensor Values(Workspace workspace, Tensor x, Tensor w, Tensor b, ConvolutionGeometry g, Shape output, bool rectify)
    {
        if (x.Block.Lanes == 1)
            return FewConvolution.Values(workspace, x, w, b, g, output, rectify);
        var y = workspace.Batch(output);
        if (Hardware.Has512)
            Values<Lanes512>(workspace, x, w, b, g, y, rectify);
        else if (Hardware.Has256)
            Values<Lanes256>(workspace, x, w, b, g, y, rectify);
        else if (Hardware.Has128)
            Values<Lanes128>(workspace, x, w, b, g, y, rectify);
        else
            Values<Lanes1>(workspace, x, w, b, g, y, rectify);
        GC.KeepAlive(b);
        return y;
    }

    /// <summary>The maxima over windows of four cells, and which cell each is (0 to 3, in floats).</summary>
    /// <param name="workspace">Threads and memory.</param>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="w">[O, C, KH, KW].</param>
    /// <param name="b">[O].</param>
    /// <param name="g">The convolution.</param>
    /// <param name="pool">The pool: windows of four cells without padding.</param>
    /// <param name="rectify">Whether a ReLU stands between.</param>
    public static (Tensor Values, Tensor Choices) Pooled(Workspace workspace, Tensor x, Tensor w, Tensor b, ConvolutionGeometry g, ConvolutionGeometry pool, bool rectify)
    {
        if (x.Block.Lanes == 1)
            return FewConvolution.Pooled(workspace, x, w, b, g, pool, rectify);
        var shape = pool.Output(x.Shape.First, w.Shape.First);
        var (values, choices) = (workspace.Batch(shape), workspace.Batch(shape));
        if (Hardware.Has512)
            Pooled<Lanes512>(workspace, x, w, b, g, pool, values, choices, rectify);
        else if (Hardware.Has256)
            Pooled<Lanes256>(workspace, x, w, b, g, pool, values, choices, rectify);
        else if (Hardware.Has128)
            Pooled<Lanes128>(workspace, x, w, b, g, pool, values, choices, rectify);
        else
            Pooled<Lanes1>(workspace, x, w, b, g, pool, values, choices, rectify);
        GC.KeepAlive(b);
        return (values, choices);
    }

    private static void Values<T>(Workspace workspace, Tensor x, Tensor w, Tensor b, ConvolutionGeometry g, Tensor y, bool rectify) where T : struct, ILanes<T> =>
        Run<T, BiasEnd<T>>(
            workspace, x, w, b, g, null,
            new(
                y.Block.Address, b.Block.Address, w.Shape.First, (long)w.Shape.First * g.OutputPixels * Workspace.Lanes, (long)g.OutputPixels * Workspace.Lanes, rectify));

    private static void Pooled<T>(
        Workspace workspace, Tensor x, Tensor w, Tensor b, ConvolutionGeometry g, ConvolutionGeometry pool, Tensor values, Tensor choices, bool rectify)
        where T : struct, ILanes<T> =>
        Run<T, PoolEnd<T>>(
            workspace, x, w, b, g, pool,
            new(
                values.Block.Address, choices.Block.Address, b.Block.Address, w.Shape.First,
                (long)w.Shape.First * pool.OutputPixels * Workspace.Lanes, (long)pool.OutputPixels * Workspace.Lanes, rectify));

    private static void Run<T, TEnd>(Workspace workspace, Tensor x, Tensor w, Tensor b, ConvolutionGeometry g, ConvolutionGeometry? pool, TEnd end)
        where T : struct, ILanes<T>
        where TEnd : unmanaged, ITileEnd<T, TEnd>
    {
        using var scratch = workspace.Scratch.Begin();
        var groups = x.Groups;
        var tables = workspace.Plans.Of(g, pool ?? default, w.Shape.First, Plan);
        var weights = PackedWeights.ByOutput(workspace, w, g, tables.Blocks);
        var (group, plane) = ((long)g.Channels * g.Pixels * Workspace.Lanes, (long)tables.Rows * tables.Columns * Workspace.Lanes);
        var grid = TapGrid.Of(g.KernelHeight, g.KernelWidth, tables.Rows, tables.Columns, tables.Tiles[0]);
        // Maps of features are seldom zero, images often.
        var plan = new TilePlan(
            tables.Tiles, tables.Taps, g.Channels, plane, weights, g.KernelHeight * g.KernelWidth, tables.Blocks, g.Channels == 1 && grid.Fits && Vanish(w, b) ? grid : null);
        for (var first = 0; first < groups; first += Wave)
        {
            using var wave = workspace.Scratch.Begin();
            var count = Math.Min(Wave, groups - first);
            var images = PaddedImages.Of(workspace, x.Block.Address + (first * group), g, count);
            plan.Run<T, TEnd>(workspace.Workers, images.Address, g.Channels * plane, first, count, 1, end);
        }

        GC.KeepAlive(x);
        GC.KeepAlive(w);
    }

    /// <summary>The tiles and their taps, the blocks of output channels, and the size of the images with their borders.</summary>
    private sealed record Tables(Tile[] Tiles, Tap[] Taps, ChannelBlock[] Blocks, int Rows, int Columns);

    private static Tables Plan(ConvolutionGeometry g, ConvolutionGeometry pool, int outputs)
    {
        var (rows, columns) = PaddedImages.Needed(g) ? (PaddedImages.Rows(g), PaddedImages.Columns(g)) : (g.Height, g.Width);
        return new(
            pool != default ? Windows(g, pool, columns) : RunsOfFour(g, columns), Taps(g, columns), ChannelBlock.Of(outputs, Hardware.Registers), rows, columns);
    }

    /// <summary>Four pixels of the output after another.</summary>
    private static Tile[] RunsOfFour(ConvolutionGeometry g, int width)
    {
        var (down, across, last) = (g.StrideHeight * width * Workspace.Lanes, g.StrideWidth * Workspace.Lanes, g.OutputPixels - 1);
        var source = new int[g.OutputPixels];
        for (var (i, p) = (0, 0); i < g.OutputHeight; i++)
            for (var j = 0; j < g.OutputWidth; j++, p++)
                source[p] = (i * down) + (j * across);
        var tiles = new Tile[(g.OutputPixels + 3) / 4];
        for (var tile = 0; tile < tiles.Length; tile++)
        {
            var (a, b, c, d) = (4 * tile, Math.Min((4 * tile) + 1, last), Math.Min((4 * tile) + 2, last), Math.Min((4 * tile) + 3, last));
            tiles[tile] = new(
                source[a], source[b], source[c], source[d], a * Workspace.Lanes, b * Workspace.Lanes, c * Workspace.Lanes, d * Workspace.Lanes,
                0, g.KernelHeight * g.KernelWidth);
        }

        return tiles;
    }

    /// <summary>The four cells of each of a pool's windows; the target is the window's.</summary>
    private static Tile[] Windows(ConvolutionGeometry g, ConvolutionGeometry pool, int width)
    {
        var (down, across) = (g.StrideHeight * width * Workspace.Lanes, g.StrideWidth * Workspace.Lanes);
        var (b, c, d) = (Cell(1), Cell(2), Cell(3));
        var tiles = new Tile[pool.OutputPixels];
        for (var (i, window) = (0, 0); i < pool.OutputHeight; i++)
            for (var j = 0; j < pool.OutputWidth; j++, window++)
            {
                var (a, target) = ((i * pool.StrideHeight * down) + (j * pool.StrideWidth * across), window * Workspace.Lanes);
                tiles[window] = new(a, a + b, a + c, a + d, target, target, target, target, 0, g.KernelHeight * g.KernelWidth);
            }

        return tiles;
        int Cell(int cell) => (cell / pool.KernelWidth * down) + (cell % pool.KernelWidth * across);
    }

    private static Tap[] Taps(ConvolutionGeometry g, int width)
    {
        var taps = new Tap[g.KernelHeight * g.KernelWidth];
        for (var tap = 0; tap < taps.Length; tap++)
            taps[tap] = new(((tap / g.KernelWidth * width) + (tap % g.KernelWidth)) * Workspace.Lanes, tap);
        return taps;
    }
}
