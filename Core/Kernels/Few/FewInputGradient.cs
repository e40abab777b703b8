using System.Runtime.CompilerServices;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// The input gradient of a batch whose samples lie one after another: each ∂L/∂y[o, i, j] that is not zero, times all weights of its channel, is added to the
/// patch under its window, with the patch's columns and channels in the lanes.
/// </summary>
/// <remarks>
/// The chain of ∂L/∂x[c, h, k] runs over (o, u, v), and tap (u, v) belongs to the window with i·s = h + p − u and j·s = k + p − v. So windows taken from the
/// last to the first, channel after channel, add in just that order. Zeros that are left out, and the weights of 0 that fill up a vector, could change a sum
/// of −0 alone, one that underflowed; see <see cref="WeightGradient"/>. Sums that are zero and may be such are computed again, plainly.
/// </remarks>
internal static unsafe class FewInputGradient
{
    /// <summary>∂L/∂x: [N, C, H, W]; nothing where a number is not finite, whose product with 0 is NaN.</summary>
    public static Tensor? Of(Workspace workspace, Tensor dy, Tensor w, ConvolutionGeometry g, Shape input) =>
        !Finite.All(w) || !Finite.All(dy) ? null
        : Hardware.Has512 ? Of<Lanes512>(workspace, dy, w, g, input)
        : Hardware.Has256 ? Of<Lanes256>(workspace, dy, w, g, input)
        : Hardware.Has128 ? Of<Lanes128>(workspace, dy, w, g, input)
        : Of<Lanes1>(workspace, dy, w, g, input);

    private static Tensor Of<T>(Workspace workspace, Tensor dy, Tensor w, ConvolutionGeometry g, Shape input) where T : struct, ILanes<T>
    {
        var (dx, outputs, vectors) = (workspace.Batch(input), w.Shape.First, ((g.KernelWidth * g.Channels) + T.Count - 1) / T.Count);
        using var scratch = workspace.Scratch.Begin();
        var plan = WindowPlaces.Of(workspace, g);
        var (kernel, maps, images) = ((long)g.KernelHeight * vectors * T.Count, (long)outputs * g.OutputPixels, (long)g.Channels * g.Pixels);
        var weights = workspace.Scratch.Next(outputs * kernel);
        Pack(w.Block.Address, weights, g, outputs, vectors * T.Count);
        workspace.RunAlone(dy.Shape.First, (n, alone) =>
        {
            using var own = alone.Scratch.Begin();
            var image = alone.Scratch.Next(plan.Length + (vectors * T.Count));
            // Vectors are read and written whole.
            var room = g.OutputPixels + (2 * Workspace.Lanes);
            float* map = alone.Scratch.Next(room), gradients = alone.Scratch.Next(room);
            var list = (int*)alone.Scratch.Next(room);
            new Span<float>(image, plan.Length).Clear();
            fixed (int* places = plan.Windows)
                for (var o = 0; o < outputs; o++)
                {
                    new ReadOnlySpan<float>(dy.Block.Address + (n * maps) + ((long)o * g.OutputPixels), g.OutputPixels).CopyTo(new(map, g.OutputPixels));
                    var count = GradientLists.NonZeros(map, g.OutputPixels, places, list, gradients);
                    Scatter<T>(gradients, list, count, weights + (o * kernel), image, g.KernelHeight, vectors, plan.Row);
                }

            Take(image, plan, g, dx.Block.Address + (n * images));
        });
        Settle(dy, w, g, dx);
        Jobs.KeepAlive(dy, w);
        return dx;
    }

    /// <summary>Weights as [O][u][v, c], each row of them filled up with zeros to whole vectors.</summary>
    private static void Pack(float* w, float* weights, ConvolutionGeometry g, int outputs, int row)
    {
        for (var o = 0; o < outputs; o++)
            for (var u = 0; u < g.KernelHeight; u++, weights += row)
            {
                for (var c = 0; c < g.Channels; c++)
                    for (var v = 0; v < g.KernelWidth; v++)
                        weights[(v * g.Channels) + c] = w[(((((long)o * g.Channels) + c) * g.KernelHeight) + u) * g.KernelWidth + v];
                new Span<float>(weights + (g.KernelWidth * g.Channels), row - (g.KernelWidth * g.Channels)).Clear();
            }
    }

    /// <summary>Adds a channel's gradients, from the last to the first, to the patches under their windows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scatter<T>(float* gradients, int* list, int count, float* weights, float* image, int rows, int vectors, int imageRow)
        where T : struct, ILanes<T>
    {
        for (var entry = count - 1; entry >= 0; entry--)
        {
            var factor = T.Broadcast(gradients[entry]);
            float* patch = image + list[entry], w = weights;
            for (var u = 0; u < rows; u++, patch += imageRow)
                for (var place = patch; place < patch + (vectors * T.Count); place += T.Count, w += T.Count)
                    T.Store(T.MultiplyAdd(factor, T.Load(w), T.Load(place)), place);
        }
    }

    private static void Take(float* image, WindowPlaces plan, ConvolutionGeometry g, float* dx)
    {
        for (var c = 0; c < g.Channels; c++)
            for (var h = 0; h < g.Height; h++)
            {
                var source = image + ((long)(h + g.Top) * plan.Row) + ((long)g.Left * g.Channels) + c;
                for (var k = 0; k < g.Width; k++, source += g.Channels)
                    *dx++ = *source;
            }
    }

    private static void Settle(Tensor dy, Tensor w, ConvolutionGeometry g, Tensor dx)
    {
        var sums = new Span<float>(dx.Block.Address, dx.Count);
        if (!Magnitudes.HasZero(sums)
            || Magnitudes.Suffices(Magnitudes.Smallest(new(dy.Block.Address, dy.Count)), Magnitudes.Smallest(new(w.Block.Address, w.Count))))
            return;
        for (var pixel = 0; pixel < sums.Length; pixel++)
            if (sums[pixel] == 0)
                Lanes1.Store(Chain(dy, w, g, pixel), dx.Block.Address + pixel);
    }

    private static Lanes1 Chain(Tensor dy, Tensor w, ConvolutionGeometry g, int pixel)
    {
        var (map, place) = Math.DivRem(pixel, g.Pixels);
        var (n, c) = Math.DivRem(map, g.Channels);
        return PlainConvolution.InputGradient<Lanes1>(
            dy.Block.Address + ((long)n * w.Shape.First * g.OutputPixels), w.Block.Address, g, w.Shape.First, c, place / g.Width, place % g.Width, 1);
    }
}
