using System.Runtime.CompilerServices;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// Max-pooling of each channel: y[n, c, i, j] = max over (u, v) of x[n, c, i·s − p + u, j·s − p + v], cells outside the image skipped.
/// </summary>
/// <remarks>
/// The maximum begins at −∞ and takes, in row-major order, each v that is greater or NaN; so of equal values the first is chosen, and of several
/// NaN the last, as in PyTorch (aten/src/ATen/native/cpu/MaxPoolKernel.cpp).
/// </remarks>
internal static unsafe class MaximumPooling
{
    /// <summary>The maxima, [N, C, OH, OW], and of each the tap u·KW + v that was chosen, written as a number.</summary>
    public static (Tensor Values, Tensor Choices) Forward(Workspace workspace, Tensor x, ConvolutionGeometry g, Shape output)
    {
        var (values, choices, lanes) = (workspace.Batch(output), workspace.Batch(output), x.Block.Lanes);
        Jobs.Run(workspace, x.Groups * g.Channels, lanes, new ForwardJob(x.Block.Address, values.Block.Address, choices.Block.Address, g, lanes));
        GC.KeepAlive(x);
        return (values, choices);
    }

    /// <summary>
    /// ∂L/∂x: [N, C, H, W] from ∂L/∂y: [N, C, OH, OW]. The gradient goes to the chosen cell alone; where windows overlap, a cell's gradients are
    /// added from 0 in row-major order of the windows, and a cell under no window gets 0.
    /// </summary>
    public static Tensor InputGradient(Workspace workspace, Tensor dy, Tensor choices, ConvolutionGeometry g, Shape input)
    {
        var (dx, lanes) = (workspace.Batch(input), dy.Block.Lanes);
        Jobs.Run(workspace, dy.Groups * g.Channels, lanes, new InputJob(dy.Block.Address, choices.Block.Address, dx.Block.Address, g, lanes));
        Jobs.KeepAlive(dy, choices);
        return dx;
    }

    private readonly struct ForwardJob(float* x, float* values, float* choices, ConvolutionGeometry g, int lanes) : ILaneJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<T>(int item) where T : struct, ILanes<T>
        {
            var image = x + ((long)item * g.Pixels * lanes);
            var pairs = g is { KernelHeight: 2, KernelWidth: 2 } && !PaddedImages.Needed(g);
            for (var i = 0; i < g.OutputHeight; i++)
                for (var j = 0; j < g.OutputWidth; j++)
                    for (var lane = 0; lane < lanes; lane += T.Count)
                    {
                        var (maximum, choice) = pairs ? Pairs<T>(image + lane, i, j) : Window<T>(image + lane, i, j);
                        var pixel = ((((((long)item * g.OutputHeight) + i) * g.OutputWidth) + j) * lanes) + lane;
                        T.Store(maximum, values + pixel);
                        T.Store(choice, choices + pixel);
                    }
        }

        // The usual window, two by two and all inside the image, without loops.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private (T Maximum, T Choice) Pairs<T>(float* image, int i, int j) where T : struct, ILanes<T>
        {
            var corner = image + ((((long)i * g.StrideHeight * g.Width) + (j * g.StrideWidth)) * lanes);
            var below = corner + ((long)g.Width * lanes);
            var (maximum, choice) = (T.Broadcast(float.NegativeInfinity), T.Broadcast(0));
            Take(T.Load(corner), 0, ref maximum, ref choice);
            Take(T.Load(corner + lanes), 1, ref maximum, ref choice);
            Take(T.Load(below), 2, ref maximum, ref choice);
            Take(T.Load(below + lanes), 3, ref maximum, ref choice);
            return (maximum, choice);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private (T Maximum, T Choice) Window<T>(float* image, int i, int j) where T : struct, ILanes<T>
        {
            var (top, left) = ((i * g.StrideHeight) - g.Top, (j * g.StrideWidth) - g.Left);
            var (u0, u1) = ConvolutionGeometry.Inside(top, g.KernelHeight, g.Height);
            var (v0, v1) = ConvolutionGeometry.Inside(left, g.KernelWidth, g.Width);
            var (maximum, choice) = (T.Broadcast(float.NegativeInfinity), T.Broadcast((u0 * g.KernelWidth) + v0));
            for (var u = u0; u < u1; u++)
                for (var v = v0; v < v1; v++)
                    Take(T.Load(image + ((((long)(top + u) * g.Width) + left + v) * lanes)), (u * g.KernelWidth) + v, ref maximum, ref choice);
            return (maximum, choice);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Take<T>(T value, int tap, ref T maximum, ref T choice) where T : struct, ILanes<T>
        {
            choice = T.SelectGreaterOrNaN(value, maximum, T.Broadcast(tap), choice);
            maximum = T.SelectGreaterOrNaN(value, maximum, value, maximum);
        }
    }

    private readonly struct InputJob(float* dy, float* choices, float* dx, ConvolutionGeometry g, int lanes) : ILaneJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<T>(int item) where T : struct, ILanes<T>
        {
            var map = (long)item * g.OutputPixels * lanes;
            var image = dx + ((long)item * g.Pixels * lanes);
            if (g.StrideHeight >= g.KernelHeight && g.StrideWidth >= g.KernelWidth)
                Apart<T>(dy + map, choices + map, image);
            else
                Overlapping<T>(dy + map, choices + map, image);
        }

        // No cell lies under two windows: each window writes its own cells, and what lies under none is cleared before.
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private void Apart<T>(float* gradients, float* chosen, float* image) where T : struct, ILanes<T>
        {
            if (g.StrideHeight > g.KernelHeight || g.StrideWidth > g.KernelWidth || g.OutputHeight * g.KernelHeight < g.Height + g.Top || g.OutputWidth * g.KernelWidth < g.Width + g.Left)
                new Span<float>(image, g.Pixels * lanes).Clear();
            for (var i = 0; i < g.OutputHeight; i++)
            {
                var top = (i * g.StrideHeight) - g.Top;
                var (u0, u1) = ConvolutionGeometry.Inside(top, g.KernelHeight, g.Height);
                for (var j = 0; j < g.OutputWidth; j++)
                {
                    var left = (j * g.StrideWidth) - g.Left;
                    var (v0, v1) = ConvolutionGeometry.Inside(left, g.KernelWidth, g.Width);
                    for (var lane = 0; lane < lanes; lane += T.Count, gradients += T.Count, chosen += T.Count)
                    {
                        var (zero, choice) = (T.Broadcast(0), T.Load(chosen));
                        var gradient = T.Add(zero, T.Load(gradients));
                        for (var u = u0; u < u1; u++)
                        {
                            var cell = image + ((((long)(top + u) * g.Width) + left + v0) * lanes) + lane;
                            for (var v = v0; v < v1; v++, cell += lanes)
                                T.Store(T.SelectSameBits(choice, T.Broadcast((u * g.KernelWidth) + v), gradient, zero), cell);
                        }
                    }
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private void Overlapping<T>(float* gradients, float* chosen, float* image) where T : struct, ILanes<T>
        {
            for (var h = 0; h < g.Height; h++)
                for (var w = 0; w < g.Width; w++)
                    for (var lane = 0; lane < lanes; lane += T.Count)
                        T.Store(Cell<T>(gradients + lane, chosen + lane, h + g.Top, w + g.Left), image + ((((long)h * g.Width) + w) * lanes) + lane);
        }

        // Row and column are counted from the corner of the padded image.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private T Cell<T>(float* gradients, float* chosen, int row, int column) where T : struct, ILanes<T>
        {
            var sum = T.Broadcast(0);
            for (var i = FirstOver(row, g.KernelHeight, g.StrideHeight); i < g.OutputHeight && i * g.StrideHeight <= row; i++)
                for (var j = FirstOver(column, g.KernelWidth, g.StrideWidth); j < g.OutputWidth && j * g.StrideWidth <= column; j++)
                {
                    var tap = T.Broadcast(((row - (i * g.StrideHeight)) * g.KernelWidth) + column - (j * g.StrideWidth));
                    var window = (((long)i * g.OutputWidth) + j) * lanes;
                    sum = T.SelectSameBits(T.Load(chosen + window), tap, T.Add(sum, T.Load(gradients + window)), sum);
                }

            return sum;
        }

        // The first window that reaches down to a cell: the least i with i·stride + kernel > cell.
        private static int FirstOver(int cell, int kernel, int stride) => cell < kernel ? 0 : ((cell - kernel) / stride) + 1;
    }
}
