using System.Runtime.CompilerServices;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// Trainable subsampling: s[n, c, i, j] is the plain sum from 0, in row-major order, of the numbers under a window, and y = s · w[c] + b[c], each operation rounded.
/// </summary>
internal static unsafe class Subsampling
{
    /// <summary>y and the sums s, both [N, C, OH, OW], from x: [N, C, H, W], w: [C] and b: [C].</summary>
    public static (Tensor Values, Tensor Sums) Forward(Workspace workspace, Tensor x, Tensor w, Tensor b, ConvolutionGeometry g)
    {
        var shape = g.Output(x.Shape.First, g.Channels);
        var (y, sums, lanes) = (workspace.Batch(shape), workspace.Batch(shape), x.Block.Lanes);
        if (SinglePairs.Takes(x, g))
            SinglePairs.Forward(workspace, x, w, b, y, sums, g);
        else
            Run(workspace, x.Groups * g.Channels, lanes, new ForwardJob(x.Block.Address, w.Block.Address, b.Block.Address, y.Block.Address, sums.Block.Address, g, lanes));
        Jobs.KeepAlive(x, w, b);
        return (y, sums);
    }

    /// <summary>∂L/∂x: [N, C, H, W] from ∂L/∂y: [N, C, OH, OW]: for each pixel a chain of fused multiply-adds over its windows, in row-major order.</summary>
    public static Tensor InputGradient(Workspace workspace, Tensor dy, Tensor w, ConvolutionGeometry g)
    {
        var (dx, lanes) = (workspace.Batch(g.Input(dy.Shape.First)), dy.Block.Lanes);
        if (SinglePairs.Takes(dy, g))
            SinglePairs.InputGradient(workspace, dy, w, dx, g);
        else
            Run(workspace, dy.Groups * g.Channels, lanes, new InputJob(dy.Block.Address, w.Block.Address, dx.Block.Address, g, lanes));
        Jobs.KeepAlive(dy, w);
        return dx;
    }

    /// <summary>∂L/∂w: [C], a chain of ∂L/∂y · s over (n, i, j), and ∂L/∂b: [C], the plain sum of ∂L/∂y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (Tensor Weight, Tensor Bias) ParameterGradients(Workspace workspace, Tensor dy, Tensor sums, ConvolutionGeometry g)
    {
        var (dw, db, pixels, lanes) = (workspace.Parameter(Shape.Of(g.Channels)), workspace.Parameter(Shape.Of(g.Channels)), g.OutputPixels, dy.Block.Lanes);
        float* gradient = dy.Block.Address, sum = sums.Block.Address;
        for (var c = 0; c < g.Channels; c++)
        {
            var (weight, bias) = (Lanes1.Broadcast(0), Lanes1.Broadcast(0));
            for (var n = 0; n < dy.Shape.First; n++)
            {
                var start = ((((long)(n / lanes) * g.Channels) + c) * pixels * lanes) + (n % lanes);
                for (var place = start; place < start + ((long)pixels * lanes); place += lanes)
                {
                    weight = Lanes1.MultiplyAdd(Lanes1.Load(gradient + place), Lanes1.Load(sum + place), weight);
                    bias = Lanes1.Add(bias, Lanes1.Load(gradient + place));
                }
            }

            Lanes1.Store(weight, dw.Block.Address + c);
            Lanes1.Store(bias, db.Block.Address + c);
        }

        Jobs.KeepAlive(dy, sums);
        return (dw, db);
    }

    // A single image is too little to share between threads.
    private static void Run<TJob>(Workspace workspace, int items, int lanes, TJob job) where TJob : unmanaged, ILaneJob
    {
        if (lanes == 1)
            Jobs.RunHere(items, lanes, job);
        else
            Jobs.Run(workspace, items, lanes, job);
    }

    // An item is a channel of a group of samples.
    private readonly struct ForwardJob(float* x, float* w, float* b, float* y, float* sums, ConvolutionGeometry g, int lanes) : ILaneJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<T>(int item) where T : struct, ILanes<T>
        {
            var c = item % g.Channels;
            var (coefficient, bias) = (T.Broadcast(w[c]), T.Broadcast(b[c]));
            var image = x + ((long)item * g.Pixels * lanes);
            var place = (long)item * g.OutputPixels * lanes;
            for (var i = 0; i < g.OutputHeight; i++)
                for (var j = 0; j < g.OutputWidth; j++)
                {
                    var corner = image + ((((long)i * g.StrideHeight * g.Width) + (j * g.StrideWidth)) * lanes);
                    for (var lane = 0; lane < lanes; lane += T.Count, place += T.Count)
                    {
                        var sum = T.Broadcast(0);
                        for (var u = 0; u < g.KernelHeight; u++)
                            for (var v = 0; v < g.KernelWidth; v++)
                                sum = T.Add(sum, T.Load(corner + (((u * g.Width) + v) * lanes) + lane));
                        T.Store(sum, sums + place);
                        T.Store(T.Add(T.Multiply(sum, coefficient), bias), y + place);
                    }
                }
        }
    }

    private readonly struct InputJob(float* dy, float* w, float* dx, ConvolutionGeometry g, int lanes) : ILaneJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<T>(int item) where T : struct, ILanes<T>
        {
            var coefficient = T.Broadcast(w[item % g.Channels]);
            float* image = dx + ((long)item * g.Pixels * lanes), gradient = dy + ((long)item * g.OutputPixels * lanes);
            new Span<float>(image, g.Pixels * lanes).Clear();
            for (var i = 0; i < g.OutputHeight; i++)
                for (var j = 0; j < g.OutputWidth; j++)
                {
                    var corner = image + ((((long)i * g.StrideHeight * g.Width) + (j * g.StrideWidth)) * lanes);
                    for (var lane = 0; lane < lanes; lane += T.Count, gradient += T.Count)
                        for (var u = 0; u < g.KernelHeight; u++)
                            for (var v = 0; v < g.KernelWidth; v++)
                            {
                                var cell = corner + (((u * g.Width) + v) * lanes) + lane;
                                T.Store(T.MultiplyAdd(T.Load(gradient), coefficient, T.Load(cell)), cell);
                            }
                }
        }
    }
}
