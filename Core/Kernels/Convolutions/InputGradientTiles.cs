using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// The input gradient as a gather: ∂L/∂x[c, h, k] sums ∂L/∂y[o, i, j] · w[o, c, u, v] over (o, u, v) with i·s = h + p − u and j·s = k + p − v, in that order.
/// (Scattering each ∂L/∂y over its window, as col2im does, would add in another order.)
/// </summary>
/// <remarks>
/// Which u and v exist depends on the row and the column. Pixels that share them form a class, a rectangle of the image (spread by the stride), and a tile
/// is any four of a class: so border pixels issue exactly their own taps, and no zeros are padded, which could turn a sum of −0 into +0.
/// A corner pixel is a class of its own, and its tile takes the same pixel of four groups.
/// </remarks>
internal static unsafe class InputGradientTiles
{
    /// <summary>Groups that share tiles: the pixels of a tile.</summary>
    private const int Span = 4;

    /// <summary>∂L/∂x: [N, C, H, W].</summary>
    public static Tensor Of(Workspace workspace, Tensor dy, Tensor w, ConvolutionGeometry g, Shape input)
    {
        var dx = workspace.Batch(input);
        if (Hardware.Has512)
            Run<Lanes512>(workspace, dy, w, g, dx);
        else if (Hardware.Has256)
            Run<Lanes256>(workspace, dy, w, g, dx);
        else if (Hardware.Has128)
            Run<Lanes128>(workspace, dy, w, g, dx);
        else
            Run<Lanes1>(workspace, dy, w, g, dx);
        return dx;
    }

    private static void Run<T>(Workspace workspace, Tensor dy, Tensor w, ConvolutionGeometry g, Tensor dx) where T : struct, ILanes<T>
    {
        using var scratch = workspace.Scratch.Begin();
        var (outputs, plane) = (w.Shape.First, (long)g.OutputPixels * Workspace.Lanes);
        var blocks = ChannelBlock.Of(g.Channels, Hardware.Registers);
        var weights = PackedWeights.ByInput(workspace, w, g, blocks);
        var (source, groups) = (outputs * plane, dy.Groups);
        var end = new StoreEnd<T>(dx.Block.Address, g.Channels, (long)g.Channels * g.Pixels * Workspace.Lanes, (long)g.Pixels * Workspace.Lanes);
        var whole = groups / Span * Span;
        Groups(0, whole, Span);
        Groups(whole, groups - whole, groups - whole);
        GC.KeepAlive(dy);
        GC.KeepAlive(w);

        void Groups(int first, int count, int span)
        {
            if (count == 0)
                return;
            var tables = workspace.Plans.Of(g, new ConvolutionGeometry { Channels = outputs }, span, static (g, target, groups) => Plan(g, target.Channels, groups));
            new TilePlan(tables.Tiles, tables.Taps, outputs, plane, weights, g.KernelHeight * g.KernelWidth, blocks)
                .Run<T, StoreEnd<T>>(workspace.Workers, dy.Block.Address + (first * source), source, first, count, span, end);
        }
    }

    /// <summary>The tiles of some groups and their taps.</summary>
    private sealed record Tables(Tile[] Tiles, Tap[] Taps);

    private static Tables Plan(ConvolutionGeometry g, int outputs, int groups)
    {
        var source = outputs * g.OutputPixels * Workspace.Lanes;
        var rows = Classes(g.Height, g.Top, g.KernelHeight, g.StrideHeight, g.OutputHeight);
        var columns = Classes(g.Width, g.Left, g.KernelWidth, g.StrideWidth, g.OutputWidth);
        var (tiles, taps) = (new List<Tile>(g.Pixels / 2), new List<Tap>());
        foreach (var (u0, us, hs) in rows)
            foreach (var (v0, vs, ks) in columns)
            {
                var first = taps.Count;
                for (var u = 0; u < us; u++)
                    for (var v = 0; v < vs; v++)
                        taps.Add(new(-((u * g.OutputWidth) + v) * Workspace.Lanes, ((u0 + (u * g.StrideHeight)) * g.KernelWidth) + v0 + (v * g.StrideWidth)));
                var pixels = hs.Count * ks.Count;
                for (var pixel = 0; pixel < groups * pixels; pixel += 4)
                {
                    var (a, b, c, d) = (At(pixel), At(pixel + 1), At(pixel + 2), At(pixel + 3));
                    tiles.Add(new(a.Source, b.Source, c.Source, d.Source, a.Target, b.Target, c.Target, d.Target, first, taps.Count));
                }

                (int Source, int Target) At(int pixel)
                {
                    var (group, place) = Math.DivRem(Math.Min(pixel, (groups * pixels) - 1), pixels);
                    var ((h, i), (k, j)) = (hs[place / ks.Count], ks[place % ks.Count]);
                    return ((group * source) + (((i * g.OutputWidth) + j) * Workspace.Lanes), ((group * g.Channels * g.Pixels) + (h * g.Width) + k) * Workspace.Lanes);
                }
            }

        return new([.. tiles], [.. taps]);
    }

    /// <summary>The rows (or columns) with the same taps: the first tap, how many (from one to the next a stride), and each row with the window of its first tap.</summary>
    private static List<(int First, int Count, List<(int Position, int Window)> Positions)> Classes(int size, int padding, int kernel, int stride, int windows)
    {
        var classes = new List<(int First, int Count, List<(int Position, int Window)> Positions)>();
        for (var position = 0; position < size; position++)
        {
            // Windows that contain the position: window·stride ≤ position + padding < window·stride + kernel. The first tap belongs to the last of them.
            var place = position + padding;
            var last = Math.Min(place / stride, windows - 1);
            var earliest = Math.Max(0, (place - kernel + stride) / stride);
            var (first, count) = last < earliest ? (0, 0) : (place - (last * stride), last - earliest + 1);
            var index = classes.FindIndex(found => found.First == first && found.Count == count);
            if (index < 0)
            {
                index = classes.Count;
                classes.Add((first, count, []));
            }

            classes[index].Positions.Add((position, count == 0 ? 0 : last));
        }

        return classes;
    }
}
