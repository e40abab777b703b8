using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// Convolution and its derivatives as loops over the indices of their sums: for what the fast kernels leave out, such as weights that are not finite
/// (a padding of zeros would make NaN of them).
/// </summary>
internal static unsafe class PlainConvolution
{
    /// <summary>y: [N, O, OH, OW] from x: [N, C, H, W], w: [O, C, KH, KW], b: [O].</summary>
    public static Tensor Forward(Workspace workspace, Tensor x, Tensor w, Tensor b, ConvolutionGeometry g, Shape output)
    {
        var y = workspace.Batch(output);
        var (lanes, outputs) = (x.Block.Lanes, w.Shape.First);
        var groups = x.Groups;
        float* px = x.Block.Address, pw = w.Block.Address, pb = b.Block.Address, py = y.Block.Address;
        workspace.Workers.Run(groups * outputs, item =>
        {
            var (group, o) = (item / outputs, item % outputs);
            var image = px + ((long)group * g.Channels * g.Pixels * lanes);
            var map = py + ((((long)group * outputs) + o) * g.OutputPixels * lanes);
            var kernel = pw + ((long)o * g.Taps);
            if (lanes == 1)
                Map<Lanes1>(image, kernel, pb[o], map, g, lanes);
            else if (Hardware.Has512)
                Map<Lanes512>(image, kernel, pb[o], map, g, lanes);
            else if (Hardware.Has256)
                Map<Lanes256>(image, kernel, pb[o], map, g, lanes);
            else if (Hardware.Has128)
                Map<Lanes128>(image, kernel, pb[o], map, g, lanes);
            else
                Map<Lanes1>(image, kernel, pb[o], map, g, lanes);
        });
        GC.KeepAlive(x);
        GC.KeepAlive(w);
        GC.KeepAlive(b);
        return y;
    }

    /// <summary>∂L/∂x: [N, C, H, W] from ∂L/∂y: [N, O, OH, OW]; each sum runs over (o, u, v).</summary>
    public static Tensor InputGradient(Workspace workspace, Tensor dy, Tensor w, ConvolutionGeometry g, Shape input)
    {
        var dx = workspace.Batch(input);
        var (lanes, outputs) = (dy.Block.Lanes, w.Shape.First);
        float* pd = dy.Block.Address, pw = w.Block.Address, px = dx.Block.Address;
        workspace.Workers.Run(dy.Groups * g.Channels, item =>
        {
            var (group, c) = (item / g.Channels, item % g.Channels);
            var maps = pd + ((long)group * outputs * g.OutputPixels * lanes);
            var image = px + ((((long)group * g.Channels) + c) * g.Pixels * lanes);
            if (lanes == 1)
                Image<Lanes1>(maps, pw, image, g, outputs, c, lanes);
            else if (Hardware.Has512)
                Image<Lanes512>(maps, pw, image, g, outputs, c, lanes);
            else if (Hardware.Has256)
                Image<Lanes256>(maps, pw, image, g, outputs, c, lanes);
            else if (Hardware.Has128)
                Image<Lanes128>(maps, pw, image, g, outputs, c, lanes);
            else
                Image<Lanes1>(maps, pw, image, g, outputs, c, lanes);
        });
        GC.KeepAlive(dy);
        GC.KeepAlive(w);
        return dx;
    }

    /// <summary>
    /// ∂L/∂w: [O, C, KH, KW] and ∂L/∂b: [O]; each sum runs over (n, i, j), samples outermost. So the weight gradient is not the product of two matrices
    /// in row order, which would be (i, j, n). The bias gradient is a plain sum.
    /// </summary>
    public static (Tensor Weight, Tensor Bias) ParameterGradients(Workspace workspace, Tensor dy, Tensor x, ConvolutionGeometry g, Shape weight)
    {
        var (dw, db) = (workspace.Parameter(weight), workspace.Parameter(Shape.Of(weight.First)));
        var (samples, lanes, outputs) = (x.Shape.First, x.Block.Lanes, weight.First);
        using var scratch = workspace.Scratch.Begin();
        // Lanes run over output channels, because a chain runs over samples: [n, i, j, o] with o side by side, rounded up to whole vectors.
        var padded = Workspace.Rounded(outputs);
        var (pixels, features) = (g.OutputPixels, g.Channels * g.Pixels);
        var turned = workspace.Scratch.Next((long)samples * pixels * padded);
        var images = workspace.Scratch.Next((long)samples * features);
        var sums = workspace.Scratch.Next((long)g.Taps * padded);
        float* pd = dy.Block.Address, px = x.Block.Address, pw = dw.Block.Address, pb = db.Block.Address;
        workspace.Workers.Run(samples, n =>
        {
            var (group, lane) = (n / lanes, n % lanes);
            var target = turned + ((long)n * pixels * padded);
            for (var o = 0; o < outputs; o++)
                for (var p = 0; p < pixels; p++)
                    target[((long)p * padded) + o] = pd[(((((long)group * outputs) + o) * pixels) + p) * lanes + lane];
            for (var p = 0; p < pixels; p++)
                for (var o = outputs; o < padded; o++)
                    target[((long)p * padded) + o] = 0;
            for (var f = 0; f < features; f++)
                images[((long)n * features) + f] = px[((((long)group * features) + f) * lanes) + lane];
        });
        workspace.Workers.Run(g.Taps, tap =>
        {
            if (Hardware.Has512)
                Tap<Lanes512>(turned, images, sums, g, tap, samples, padded);
            else if (Hardware.Has256)
                Tap<Lanes256>(turned, images, sums, g, tap, samples, padded);
            else if (Hardware.Has128)
                Tap<Lanes128>(turned, images, sums, g, tap, samples, padded);
            else
                Tap<Lanes1>(turned, images, sums, g, tap, samples, padded);
        });
        for (var o = 0; o < outputs; o++)
        {
            for (var tap = 0; tap < g.Taps; tap++)
                pw[((long)o * g.Taps) + tap] = sums[((long)tap * padded) + o];
            var sum = 0f;
            for (var p = 0L; p < (long)samples * pixels; p++)
                sum += turned[(p * padded) + o];
            pb[o] = sum;
        }

        GC.KeepAlive(dy);
        GC.KeepAlive(x);
        return (dw, db);
    }

    private static void Map<T>(float* image, float* kernel, float bias, float* map, ConvolutionGeometry g, int lanes) where T : struct, ILanes<T>
    {
        for (var i = 0; i < g.OutputHeight; i++)
        {
            var top = (i * g.StrideHeight) - g.Top;
            var (u0, u1) = ConvolutionGeometry.Inside(top, g.KernelHeight, g.Height);
            for (var j = 0; j < g.OutputWidth; j++)
            {
                var left = (j * g.StrideWidth) - g.Left;
                var (v0, v1) = ConvolutionGeometry.Inside(left, g.KernelWidth, g.Width);
                for (var lane = 0; lane < lanes; lane += T.Count)
                {
                    var sum = T.Broadcast(0);
                    for (var c = 0; c < g.Channels; c++)
                        for (var u = u0; u < u1; u++)
                            for (var v = v0; v < v1; v++)
                                sum = T.MultiplyAdd(
                                    T.Load(image + ((((((long)c * g.Height) + top + u) * g.Width) + left + v) * lanes) + lane),
                                    T.Broadcast(kernel[(((c * g.KernelHeight) + u) * g.KernelWidth) + v]),
                                    sum);
                    T.Store(T.Add(sum, T.Broadcast(bias)), map + (((((long)i * g.OutputWidth) + j) * lanes) + lane));
                }
            }
        }
    }

    private static void Image<T>(float* maps, float* kernels, float* image, ConvolutionGeometry g, int outputs, int c, int lanes) where T : struct, ILanes<T>
    {
        for (var h = 0; h < g.Height; h++)
            for (var x = 0; x < g.Width; x++)
                for (var lane = 0; lane < lanes; lane += T.Count)
                    T.Store(InputGradient<T>(maps + lane, kernels, g, outputs, c, h, x, lanes), image + (((((long)h * g.Width) + x) * lanes) + lane));
    }

    /// <summary>∂L/∂x[c, h, x] of the samples in the lanes.</summary>
    public static T InputGradient<T>(float* maps, float* kernels, ConvolutionGeometry g, int outputs, int c, int h, int x, int lanes) where T : struct, ILanes<T>
    {
        var sum = T.Broadcast(0);
        for (var o = 0; o < outputs; o++)
            for (var u = 0; u < g.KernelHeight; u++)
            {
                var (i, downRest) = Math.DivRem(h + g.Top - u, g.StrideHeight);
                if (downRest != 0 || h + g.Top < u || i >= g.OutputHeight)
                    continue;
                for (var v = 0; v < g.KernelWidth; v++)
                {
                    var (j, acrossRest) = Math.DivRem(x + g.Left - v, g.StrideWidth);
                    if (acrossRest != 0 || x + g.Left < v || j >= g.OutputWidth)
                        continue;
                    sum = T.MultiplyAdd(
                        T.Load(maps + (((((long)o * g.OutputHeight) + i) * g.OutputWidth) + j) * lanes),
                        T.Broadcast(kernels[((long)o * g.Taps) + (((c * g.KernelHeight) + u) * g.KernelWidth) + v]),
                        sum);
                }
            }

        return sum;
    }

    private static void Tap<T>(float* turned, float* images, float* sums, ConvolutionGeometry g, int tap, int samples, int padded) where T : struct, ILanes<T>
    {
        var (c, rest) = Math.DivRem(tap, g.KernelHeight * g.KernelWidth);
        var (u, v) = Math.DivRem(rest, g.KernelWidth);
        for (var o = 0; o < padded; o += T.Count)
        {
            var sum = T.Broadcast(0);
            for (var n = 0; n < samples; n++)
            {
                var channel = images + ((((long)n * g.Channels) + c) * g.Pixels);
                var gradient = turned + ((long)n * g.OutputPixels * padded) + o;
                for (var i = 0; i < g.OutputHeight; i++)
                {
                    var h = (i * g.StrideHeight) - g.Top + u;
                    if ((uint)h >= (uint)g.Height)
                        continue;
                    for (var j = 0; j < g.OutputWidth; j++)
                    {
                        var x = (j * g.StrideWidth) - g.Left + v;
                        if ((uint)x < (uint)g.Width)
                            sum = T.MultiplyAdd(T.Load(gradient + ((((long)i * g.OutputWidth) + j) * padded)), T.Broadcast(channel[(h * g.Width) + x]), sum);
                    }
                }
            }

            T.Store(sum, sums + ((long)tap * padded) + o);
        }
    }
}
