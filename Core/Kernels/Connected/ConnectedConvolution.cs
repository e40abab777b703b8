using System.Runtime.CompilerServices;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// Convolution along a connection table and its derivatives: y[n, o, i, j] = b[o] + Σ over (the connections k of o, u, v) of
/// x[n, c(k), i·s − p + u, j·s − p + v] · w[k, u, v].
/// </summary>
/// <remarks>
/// Every sum is one chain of fused multiply-adds from 0, as for <see cref="Convolution"/>, over the connected maps alone: what is not connected has no term.
/// A single image with stride 1 and no padding is computed row by row (<see cref="SingleImage"/>), everything else by the loops of this file.
/// </remarks>
internal static unsafe class ConnectedConvolution
{
    /// <summary>y: [N, O, OH, OW] from x: [N, C, H, W], w: [connections, KH, KW], b: [O].</summary>
    public static Tensor Forward(Workspace workspace, Tensor x, Tensor w, Tensor b, Wiring wiring, ConvolutionGeometry g, Shape output)
    {
        if (SingleImage.Takes(x, g))
            return SingleImage.Forward(workspace, x, w, b, wiring, g, output);
        var y = workspace.Batch(output);
        var (lanes, area) = (x.Block.Lanes, g.KernelHeight * g.KernelWidth);
        fixed (int* inputs = wiring.Input)
        fixed (int* first = wiring.First)
            Jobs.Run(workspace, x.Groups * wiring.Outputs, lanes, new ForwardJob(
                x.Block.Address, w.Block.Address, b.Block.Address, y.Block.Address, inputs, first, wiring.Outputs, g, area, lanes));
        Jobs.KeepAlive(x, w, b);
        return y;
    }

    /// <summary>∂L/∂x: [N, C, H, W] from ∂L/∂y: [N, O, OH, OW]; each sum runs over (the outputs o that see c, u, v).</summary>
    public static Tensor InputGradient(Workspace workspace, Tensor dy, Tensor w, Wiring wiring, ConvolutionGeometry g, Shape input)
    {
        if (SingleImage.Takes(dy, g) && SingleImage.InputGradient(workspace, dy, w, wiring, g, input) is { } certain)
            return certain;
        var dx = workspace.Batch(input);
        new Span<float>(dx.Block.Address, dx.Block.Length).Clear();
        var (lanes, area) = (dy.Block.Lanes, g.KernelHeight * g.KernelWidth);
        fixed (int* connections = wiring.ByInput)
        fixed (int* outputs = wiring.Output)
        fixed (int* first = wiring.FirstByInput)
            Jobs.Run(workspace, dy.Groups * g.Channels, lanes, new InputJob(
                dy.Block.Address, w.Block.Address, dx.Block.Address, connections, outputs, first, wiring.Outputs, g, area, lanes));
        Jobs.KeepAlive(dy, w);
        return dx;
    }

    /// <summary>∂L/∂w: [connections, KH, KW] and ∂L/∂b: [O]; each sum runs over (n, i, j), samples outermost; that of the bias is a plain sum.</summary>
    public static (Tensor Weight, Tensor Bias) ParameterGradients(Workspace workspace, Tensor dy, Tensor x, Wiring wiring, ConvolutionGeometry g)
    {
        if (SingleImage.Takes(x, g))
            return SingleImage.ParameterGradients(workspace, dy, x, wiring, g, Shape.Of(wiring.Count, g.KernelHeight, g.KernelWidth));
        var area = g.KernelHeight * g.KernelWidth;
        var (dw, db) = (workspace.Parameter(Shape.Of(wiring.Count, g.KernelHeight, g.KernelWidth)), workspace.Parameter(Shape.Of(wiring.Outputs)));
        // As [o, n, i, j] and [c, n, h, k]: a chain runs over samples, and so along memory.
        using var scratch = workspace.Scratch.Begin();
        var samples = x.Shape.First;
        float* gradients = workspace.Scratch.Next((long)samples * wiring.Outputs * g.OutputPixels), images = workspace.Scratch.Next((long)samples * g.Channels * g.Pixels);
        Turn(dy, wiring.Outputs, g.OutputPixels, gradients);
        Turn(x, g.Channels, g.Pixels, images);
        fixed (int* inputs = wiring.Input)
        fixed (int* first = wiring.First)
            Jobs.Run(workspace, wiring.Outputs, 1, new ParameterJob(gradients, images, dw.Block.Address, db.Block.Address, inputs, first, samples, g, area));
        return (dw, db);
    }

    private static void Turn(Tensor batch, int maps, int pixels, float* target)
    {
        var (samples, lanes) = (batch.Shape.First, batch.Block.Lanes);
        for (var map = 0; map < maps; map++)
            for (var n = 0; n < samples; n++)
            {
                var source = batch.Block.Address + (((((long)(n / lanes) * maps) + map) * pixels) * lanes) + (n % lanes);
                for (var p = 0; p < pixels; p++, source += lanes)
                    *target++ = *source;
            }

        GC.KeepAlive(batch);
    }

    // An item is an output map of a group of samples.
    private readonly struct ForwardJob(float* x, float* w, float* b, float* y, int* inputs, int* first, int outputs, ConvolutionGeometry g, int area, int lanes) : ILaneJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<T>(int item) where T : struct, ILanes<T>
        {
            var (group, o) = Math.DivRem(item, outputs);
            float* images = x + ((long)group * g.Channels * g.Pixels * lanes), map = y + ((long)item * g.OutputPixels * lanes);
            var bias = T.Broadcast(b[o]);
            for (var i = 0; i < g.OutputHeight; i++)
                for (var j = 0; j < g.OutputWidth; j++)
                    for (var lane = 0; lane < lanes; lane += T.Count, map += T.Count)
                        T.Store(T.Add(Window<T>(images, o, (i * g.StrideHeight) - g.Top, (j * g.StrideWidth) - g.Left, lane), bias), map);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private T Window<T>(float* images, int o, int top, int left, int lane) where T : struct, ILanes<T>
        {
            var (u0, u1) = ConvolutionGeometry.Inside(top, g.KernelHeight, g.Height);
            var (v0, v1) = ConvolutionGeometry.Inside(left, g.KernelWidth, g.Width);
            var sum = T.Broadcast(0);
            for (var k = first[o]; k < first[o + 1]; k++)
                for (var u = u0; u < u1; u++)
                {
                    var row = images + (((((long)inputs[k] * g.Height) + top + u) * g.Width) + left) * lanes + lane;
                    for (var v = v0; v < v1; v++)
                        sum = T.MultiplyAdd(T.Load(row + (v * lanes)), T.Broadcast(w[(k * area) + (u * g.KernelWidth) + v]), sum);
                }

            return sum;
        }
    }

    // An item is an input map of a group of samples. Each pixel receives its terms in the order of the loops outside (i, j): (o, u, v).
    private readonly struct InputJob(
        float* dy, float* w, float* dx, int* connections, int* output, int* first, int outputs, ConvolutionGeometry g, int area, int lanes) : ILaneJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<T>(int item) where T : struct, ILanes<T>
        {
            var (group, c) = Math.DivRem(item, g.Channels);
            var image = dx + ((long)item * g.Pixels * lanes);
            for (var place = first[c]; place < first[c + 1]; place++)
            {
                var map = dy + ((((long)group * outputs) + output[connections[place]]) * g.OutputPixels * lanes);
                for (var tap = 0; tap < area; tap++)
                    Tap(image, map, tap / g.KernelWidth, tap % g.KernelWidth, T.Broadcast(w[(connections[place] * area) + tap]));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private void Tap<T>(float* image, float* map, int u, int v, T weight) where T : struct, ILanes<T>
        {
            for (var i = 0; i < g.OutputHeight; i++)
                for (var j = 0; j < g.OutputWidth; j++)
                {
                    var (h, k) = ((i * g.StrideHeight) - g.Top + u, (j * g.StrideWidth) - g.Left + v);
                    if ((uint)h >= (uint)g.Height || (uint)k >= (uint)g.Width)
                        continue;
                    float* cell = image + (((h * g.Width) + k) * lanes), gradient = map + (((i * g.OutputWidth) + j) * lanes);
                    for (var lane = 0; lane < lanes; lane += T.Count)
                        T.Store(T.MultiplyAdd(T.Load(gradient + lane), weight, T.Load(cell + lane)), cell + lane);
                }
        }
    }

    // An item is an output map.
    private readonly struct ParameterJob(float* gradients, float* images, float* dw, float* db, int* inputs, int* first, int samples, ConvolutionGeometry g, int area) : ILaneJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<T>(int o) where T : struct, ILanes<T>
        {
            var map = gradients + ((long)o * samples * g.OutputPixels);
            var bias = 0f;
            for (var p = 0L; p < (long)samples * g.OutputPixels; p++)
                bias += map[p];
            db[o] = bias;
            for (var k = first[o]; k < first[o + 1]; k++)
                for (var tap = 0; tap < area; tap++)
                    dw[(k * area) + tap] = Tap(map, images + ((long)inputs[k] * samples * g.Pixels), tap / g.KernelWidth, tap % g.KernelWidth);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private float Tap(float* map, float* image, int u, int v)
        {
            var sum = Lanes1.Broadcast(0);
            for (var n = 0; n < samples; n++, image += g.Pixels)
                for (var i = 0; i < g.OutputHeight; i++)
                    for (var j = 0; j < g.OutputWidth; j++, map++)
                    {
                        var (h, k) = ((i * g.StrideHeight) - g.Top + u, (j * g.StrideWidth) - g.Left + v);
                        if ((uint)h < (uint)g.Height && (uint)k < (uint)g.Width)
                            sum = Lanes1.MultiplyAdd(Lanes1.Load(map), Lanes1.Load(image + (h * g.Width) + k), sum);
                    }

            var result = 0f;
            Lanes1.Store(sum, &result);
            return result;
        }
    }
}
