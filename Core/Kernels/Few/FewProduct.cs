using System.Runtime.CompilerServices;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// A linear layer for some samples that lie one after another, its large weights read once for all of them: <see cref="ProductTiles"/> with outputs (in the
/// input gradient, features) in the lanes and samples for rows.
/// </summary>
internal static unsafe class FewProduct
{
    // Vectors of outputs that are packed and used together: with their weights they stay in the second-level cache.
    private const int Outputs = 2 * Workspace.Lanes;

    /// <summary>Whether so many samples are worth it: a tile has twelve rows.</summary>
    /// <param name="samples">N.</param>
    public static bool Takes(int samples) => samples > Workspace.Few;

    /// <summary>y: [N, O] from x: [N, F…] and w: [O, F…]; a bias, of O numbers, may be null.</summary>
    public static void Forward(Workspace workspace, Tensor x, Tensor w, float* bias, Tensor y)
    {
        var (samples, features, outputs) = (x.Shape.First, w.Shape.Rest.Count, w.Shape.First);
        using var scratch = workspace.Scratch.Begin();
        var turned = Turned(workspace, x.Block.Address, samples, features);
        workspace.RunAlone((outputs + Outputs - 1) / Outputs, (item, alone) =>
        {
            using var own = alone.Scratch.Begin();
            var first = item * Outputs;
            var packed = alone.Scratch.Next((long)Outputs * features);
            for (var group = 0; group < Outputs && first + group < outputs; group += Workspace.Lanes)
                for (var f = 0; f < features; f += Transpose.Side)
                    Transpose.Block(
                        w.Block.Address + ((long)(first + group) * features) + f, features,
                        Math.Min(Transpose.Side, outputs - first - group), Math.Min(Transpose.Side, features - f), packed + ((long)group * features) + (f * Workspace.Lanes), Workspace.Lanes);
            Run(new ProductTiles
            {
                A = packed,
                AGroup = (long)features * Workspace.Lanes,
                AStep = Workspace.Lanes,
                B = Panels.Packed(turned, features, samples),
                C = y.Block.Address + first,
                CGroup = Workspace.Lanes,
                CRow = outputs,
                Length = features,
                Width = Math.Min(Outputs, outputs - first),
                Rows = samples,
            });
            if (bias != null)
                Add(bias + first, y.Block.Address + first, Math.Min(Outputs, outputs - first), samples, outputs);
        });
        Jobs.KeepAlive(x, w);
    }

    /// <summary>∂L/∂x: [N, F…] from ∂L/∂y: [N, O]; each sum runs over o.</summary>
    public static void InputGradient(Workspace workspace, Tensor dy, Tensor w, Tensor dx)
    {
        var (samples, features, outputs) = (dx.Shape.First, w.Shape.Rest.Count, w.Shape.First);
        using var scratch = workspace.Scratch.Begin();
        var turned = Turned(workspace, dy.Block.Address, samples, outputs);
        var weights = w.Block.Address;
        if (features % Workspace.Lanes != 0)
        {
            // The last row's last vector reaches past its end.
            weights = workspace.Scratch.Next(w.Count);
            new ReadOnlySpan<float>(w.Block.Address, w.Count).CopyTo(new(weights, w.Count));
        }

        workspace.RunAlone((features + Outputs - 1) / Outputs, (item, _) => Run(new ProductTiles
        {
            A = weights + (item * Outputs),
            AGroup = Workspace.Lanes,
            AStep = features,
            B = Panels.Packed(turned, outputs, samples),
            C = dx.Block.Address + (item * Outputs),
            CGroup = Workspace.Lanes,
            CRow = features,
            Length = outputs,
            Width = Math.Min(Outputs, features - (item * Outputs)),
            Rows = samples,
        }));
        Jobs.KeepAlive(dy, w);
    }

    private static void Run(ProductTiles tiles) => Jobs.RunHere(tiles.Items, Workspace.Lanes, tiles);

    /// <summary>Rows, [N][K], as panels of columns, [K][48] for every 48 samples.</summary>
    private static float* Turned(Workspace workspace, float* rows, int samples, int length)
    {
        var turned = workspace.Scratch.Next((long)Panels.For(samples) * length * Panels.Width);
        workspace.RunAlone((length + 255) / 256, (item, _) =>
        {
            for (var n = 0; n < Panels.For(samples) * Panels.Width; n += Transpose.Side)
                for (var k = item * 256; k < Math.Min(length, (item + 1) * 256); k += Transpose.Side)
                    Transpose.Block(
                        rows + ((long)Math.Min(n, samples - 1) * length) + k, length, Math.Clamp(samples - n, 0, Transpose.Side), Math.Min(Transpose.Side, length - k),
                        turned + ((long)(n / Panels.Width) * length * Panels.Width) + ((long)k * Panels.Width) + (n % Panels.Width), Panels.Width);
        });
        return turned;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(float* bias, float* y, int count, int samples, int stride)
    {
        for (var n = 0; n < samples; n++, y += stride)
            for (var o = 0; o < count; o++)
                y[o] += bias[o];
    }
}
