using System.Runtime.CompilerServices;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// sums[c, u, v, o] = Σ over (i, j) of dy[i, j, o] · x[c, i + u, j + v] for a single image, the output maps o in the lanes; and bias[o] = Σ dy[i, j, o].
/// An item is an input map c. Where o does not see c, a lane computes what nobody asks for: that costs no time.
/// </summary>
/// <param name="x">[C, H, W].</param>
/// <param name="dy">[OH, OW, o], whole vectors of o.</param>
/// <param name="sums">Room for [C, KH, KW, o].</param>
/// <param name="bias">Room for [o].</param>
/// <param name="pitch">How many o there are, rounded up to whole vectors.</param>
/// <param name="g">Stride 1, no padding.</param>
internal readonly unsafe struct OutputLanes(float* x, float* dy, float* sums, float* bias, int pitch, ConvolutionGeometry g) : ILaneJob
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Run<T>(int c) where T : struct, ILanes<T>
    {
        var image = x + ((long)c * g.Pixels);
        for (var o = 0; o < pitch; o += T.Count)
        {
            if (c == 0)
                Bias<T>(o);
            for (var v = 0; v < g.KernelWidth;)
            {
                var wide = g.KernelWidth - v >= 5;
                for (var u = 0; u < g.KernelHeight;)
                {
                    var target = sums + (((((long)c * g.KernelHeight) + u) * g.KernelWidth) + v) * pitch + o;
                    var corner = image + (u * g.Width) + v;
                    if (wide && g.KernelHeight - u >= 2)
                        Ten<T>(corner, dy + o, target);
                    else if (wide)
                        Five<T>(corner, dy + o, target);
                    else
                        One<T>(corner, dy + o, target);
                    u += wide && g.KernelHeight - u >= 2 ? 2 : 1;
                }

                v += wide ? 5 : 1;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Bias<T>(int o) where T : struct, ILanes<T>
    {
        var sum = T.Broadcast(0);
        for (var p = 0; p < g.OutputPixels; p++)
            sum = T.Add(sum, T.Load(dy + ((long)p * pitch) + o));
        T.Store(sum, bias + o);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Ten<T>(float* corner, float* gradient, float* target) where T : struct, ILanes<T>
    {
        T s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default, s8 = default, s9 = default;
        for (var i = 0; i < g.OutputHeight; i++, corner += g.Width)
        {
            float* upper = corner, lower = corner + g.Width, end = corner + g.OutputWidth;
            for (; upper < end; upper++, lower++, gradient += pitch)
            {
                var d = T.Load(gradient);
                s0 = T.MultiplyAdd(d, T.Broadcast(upper[0]), s0);
                s1 = T.MultiplyAdd(d, T.Broadcast(upper[1]), s1);
                s2 = T.MultiplyAdd(d, T.Broadcast(upper[2]), s2);
                s3 = T.MultiplyAdd(d, T.Broadcast(upper[3]), s3);
                s4 = T.MultiplyAdd(d, T.Broadcast(upper[4]), s4);
                s5 = T.MultiplyAdd(d, T.Broadcast(lower[0]), s5);
                s6 = T.MultiplyAdd(d, T.Broadcast(lower[1]), s6);
                s7 = T.MultiplyAdd(d, T.Broadcast(lower[2]), s7);
                s8 = T.MultiplyAdd(d, T.Broadcast(lower[3]), s8);
                s9 = T.MultiplyAdd(d, T.Broadcast(lower[4]), s9);
            }
        }

        Store(s0, s1, s2, s3, s4, target);
        Store(s5, s6, s7, s8, s9, target + ((long)g.KernelWidth * pitch));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Five<T>(float* corner, float* gradient, float* target) where T : struct, ILanes<T>
    {
        T s0 = default, s1 = default, s2 = default, s3 = default, s4 = default;
        for (var i = 0; i < g.OutputHeight; i++, corner += g.Width)
            for (float* pixel = corner, end = corner + g.OutputWidth; pixel < end; pixel++, gradient += pitch)
            {
                var d = T.Load(gradient);
                s0 = T.MultiplyAdd(d, T.Broadcast(pixel[0]), s0);
                s1 = T.MultiplyAdd(d, T.Broadcast(pixel[1]), s1);
                s2 = T.MultiplyAdd(d, T.Broadcast(pixel[2]), s2);
                s3 = T.MultiplyAdd(d, T.Broadcast(pixel[3]), s3);
                s4 = T.MultiplyAdd(d, T.Broadcast(pixel[4]), s4);
            }

        Store(s0, s1, s2, s3, s4, target);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void One<T>(float* corner, float* gradient, float* target) where T : struct, ILanes<T>
    {
        var sum = T.Broadcast(0);
        for (var i = 0; i < g.OutputHeight; i++, corner += g.Width)
            for (float* pixel = corner, end = corner + g.OutputWidth; pixel < end; pixel++, gradient += pitch)
                sum = T.MultiplyAdd(T.Load(gradient), T.Broadcast(*pixel), sum);
        T.Store(sum, target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Store<T>(T s0, T s1, T s2, T s3, T s4, float* target) where T : struct, ILanes<T>
    {
        T.Store(s0, target);
        T.Store(s1, target + pitch);
        T.Store(s2, target + (2L * pitch));
        T.Store(s3, target + (3L * pitch));
        T.Store(s4, target + (4L * pitch));
    }
}
