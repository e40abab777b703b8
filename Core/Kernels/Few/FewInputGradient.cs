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
        var (kernel, maps) = ((long)g.KernelHeight * vectors * T.Count, (long)outputs * g.OutputPixels);
        float* weights = workspace.Scratch.Next(outputs * kernel), image = workspace.Scratch.Next(plan.Length + (vectors * T.Count));
        var row = (g.OutputPixels + 15) / 16 * 16;
        float* gradients = workspace.Scratch.Next(row), found = workspace.Scratch.Next(row + 16);
        var list = (int*)workspace.Scratch.Next(row + 16);
        Pack(w.Block.Address, weights, g, outputs, vectors * T.Count);
        new Span<float>(gradients, row).Clear();
        fixed (int* places = plan.Windows)
            for (var n = 0; n < dy.Shape.First; n++)
            {
                new Span<float>(image, plan.Length).Clear();
                for (var o = 0; o < outputs; o++)
                {
                    new ReadOnlySpan<float>(dy.Block.Address + (n * maps) + ((long)o * g.OutputPixels), g.OutputPixels).CopyTo(new(gradients, g.OutputPixels));
                    for (var entry = GradientLists.NonZeros(gradients, g.OutputPixels, list, found) - 1; entry >= 0; entry--)
                        Add<T>(found[entry], weights + (o * kernel), image + places[list[entry]], g.KernelHeight, vectors, plan.Row);
                }

                Take(image, plan, g, dx.Block.Address + ((long)n * g.Channels * g.Pixels));
            }

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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add<T>(float gradient, float* weights, float* image, int rows, int vectors, int imageRow) where T : struct, ILanes<T>
    {
        var factor = T.Broadcast(gradient);
        for (var u = 0; u < rows; u++, image += imageRow)
            for (var vector = 0; vector < vectors; vector++, weights += T.Count)
            {
                var place = image + (vector * T.Count);
                T.Store(T.MultiplyAdd(factor, T.Load(weights), T.Load(place)), place);
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
