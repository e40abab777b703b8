using System.Runtime.CompilerServices;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// The weight gradient's sums over one sample: each gradient that is not zero, in row-major order, times the patch of input under its window, lanes over taps.
/// Letters are output channels, digits vectors of taps; each sum is a register that a chain of fused multiply-adds goes through.
/// </summary>
/// <remarks>
/// A chain's next multiply-add waits four cycles for the last one, while other chains go on: those of other taps, or of other channels side by side, where
/// shorter lists are filled up with entries whose gradient is 0. Two loads of sixteen taps that lie across lines of the cache take those four cycles by themselves,
/// so two vectors of sixteen go alone, one goes with a second channel, and two narrower ones with two more. The bias's chain rides along on the adders that
/// multiply-adds leave idle.
/// </remarks>
internal static unsafe class SparseKernels
{
    /// <summary>Two channels, one vector of taps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TwoByOne<T>(int* list, int listStride, int count, float* gradients, float* patches, float* sums, int sumStride, float* bias)
        where T : struct, ILanes<T>
    {
        var la = list;
        float* ga = gradients, sa = sums;
        var lb = la + listStride;
        float* gb = ga + listStride, sb = sa + sumStride;
        var a0 = T.Load(sa);
        var biasA = T.Load(bias);
        var b0 = T.Load(sb);
        var biasB = T.Load(bias + 16);
        for (var entry = 0; entry < count; entry++)
        {
            var dA = T.Broadcast(ga[entry]);
            var xA = patches + la[entry];
            a0 = T.MultiplyAdd(dA, T.Load(xA), a0);
            biasA = T.Add(biasA, dA);
            var dB = T.Broadcast(gb[entry]);
            var xB = patches + lb[entry];
            b0 = T.MultiplyAdd(dB, T.Load(xB), b0);
            biasB = T.Add(biasB, dB);
        }

        T.Store(a0, sa);
        T.Store(biasA, bias);
        T.Store(b0, sb);
        T.Store(biasB, bias + 16);
    }

    /// <summary>Three channels, two vectors of taps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ThreeByTwo<T>(int* list, int listStride, int count, float* gradients, float* patches, float* sums, int sumStride, float* bias)
        where T : struct, ILanes<T>
    {
        var la = list;
        float* ga = gradients, sa = sums;
        var lb = la + listStride;
        float* gb = ga + listStride, sb = sa + sumStride;
        var lc = lb + listStride;
        float* gc = gb + listStride, sc = sb + sumStride;
        T a0 = T.Load(sa), a1 = T.Load(sa + T.Count);
        var biasA = T.Load(bias);
        T b0 = T.Load(sb), b1 = T.Load(sb + T.Count);
        var biasB = T.Load(bias + 16);
        T c0 = T.Load(sc), c1 = T.Load(sc + T.Count);
        var biasC = T.Load(bias + 32);
        for (var entry = 0; entry < count; entry++)
        {
            var dA = T.Broadcast(ga[entry]);
            var xA = patches + la[entry];
            a0 = T.MultiplyAdd(dA, T.Load(xA), a0);
            a1 = T.MultiplyAdd(dA, T.Load(xA + T.Count), a1);
            biasA = T.Add(biasA, dA);
            var dB = T.Broadcast(gb[entry]);
            var xB = patches + lb[entry];
            b0 = T.MultiplyAdd(dB, T.Load(xB), b0);
            b1 = T.MultiplyAdd(dB, T.Load(xB + T.Count), b1);
            biasB = T.Add(biasB, dB);
            var dC = T.Broadcast(gc[entry]);
            var xC = patches + lc[entry];
            c0 = T.MultiplyAdd(dC, T.Load(xC), c0);
            c1 = T.MultiplyAdd(dC, T.Load(xC + T.Count), c1);
            biasC = T.Add(biasC, dC);
        }

        T.Store(a0, sa);
        T.Store(a1, sa + T.Count);
        T.Store(biasA, bias);
        T.Store(b0, sb);
        T.Store(b1, sb + T.Count);
        T.Store(biasB, bias + 16);
        T.Store(c0, sc);
        T.Store(c1, sc + T.Count);
        T.Store(biasC, bias + 32);
    }

    /// <summary>One channel, two vectors of taps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OneByTwo<T>(int* list, int listStride, int count, float* gradients, float* patches, float* sums, int sumStride, float* bias)
        where T : struct, ILanes<T>
    {
        var la = list;
        float* ga = gradients, sa = sums;
        T a0 = T.Load(sa), a1 = T.Load(sa + T.Count);
        var biasA = T.Load(bias);
        for (var entry = 0; entry < count; entry++)
        {
            var dA = T.Broadcast(ga[entry]);
            var xA = patches + la[entry];
            a0 = T.MultiplyAdd(dA, T.Load(xA), a0);
            a1 = T.MultiplyAdd(dA, T.Load(xA + T.Count), a1);
            biasA = T.Add(biasA, dA);
        }

        T.Store(a0, sa);
        T.Store(a1, sa + T.Count);
        T.Store(biasA, bias);
    }

    /// <summary>One channel, six vectors of taps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OneBySix<T>(int* list, int listStride, int count, float* gradients, float* patches, float* sums, int sumStride, float* bias)
        where T : struct, ILanes<T>
    {
        var la = list;
        float* ga = gradients, sa = sums;
        T a0 = T.Load(sa), a1 = T.Load(sa + T.Count), a2 = T.Load(sa + (2 * T.Count)), a3 = T.Load(sa + (3 * T.Count)), a4 = T.Load(sa + (4 * T.Count)), a5 = T.Load(sa + (5 * T.Count));
        var biasA = T.Load(bias);
        for (var entry = 0; entry < count; entry++)
        {
            var dA = T.Broadcast(ga[entry]);
            var xA = patches + la[entry];
            a0 = T.MultiplyAdd(dA, T.Load(xA), a0);
            a1 = T.MultiplyAdd(dA, T.Load(xA + T.Count), a1);
            a2 = T.MultiplyAdd(dA, T.Load(xA + (2 * T.Count)), a2);
            a3 = T.MultiplyAdd(dA, T.Load(xA + (3 * T.Count)), a3);
            a4 = T.MultiplyAdd(dA, T.Load(xA + (4 * T.Count)), a4);
            a5 = T.MultiplyAdd(dA, T.Load(xA + (5 * T.Count)), a5);
            biasA = T.Add(biasA, dA);
        }

        T.Store(a0, sa);
        T.Store(a1, sa + T.Count);
        T.Store(a2, sa + (2 * T.Count));
        T.Store(a3, sa + (3 * T.Count));
        T.Store(a4, sa + (4 * T.Count));
        T.Store(a5, sa + (5 * T.Count));
        T.Store(biasA, bias);
    }

    /// <summary>One channel, ten vectors of taps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OneByTen<T>(int* list, int listStride, int count, float* gradients, float* patches, float* sums, int sumStride, float* bias)
        where T : struct, ILanes<T>
    {
        var la = list;
        float* ga = gradients, sa = sums;
        T a0 = T.Load(sa), a1 = T.Load(sa + T.Count), a2 = T.Load(sa + (2 * T.Count)), a3 = T.Load(sa + (3 * T.Count)), a4 = T.Load(sa + (4 * T.Count)), a5 = T.Load(sa + (5 * T.Count)), a6 = T.Load(sa + (6 * T.Count)), a7 = T.Load(sa + (7 * T.Count)), a8 = T.Load(sa + (8 * T.Count)), a9 = T.Load(sa + (9 * T.Count));
        var biasA = T.Load(bias);
        for (var entry = 0; entry < count; entry++)
        {
            var dA = T.Broadcast(ga[entry]);
            var xA = patches + la[entry];
            a0 = T.MultiplyAdd(dA, T.Load(xA), a0);
            a1 = T.MultiplyAdd(dA, T.Load(xA + T.Count), a1);
            a2 = T.MultiplyAdd(dA, T.Load(xA + (2 * T.Count)), a2);
            a3 = T.MultiplyAdd(dA, T.Load(xA + (3 * T.Count)), a3);
            a4 = T.MultiplyAdd(dA, T.Load(xA + (4 * T.Count)), a4);
            a5 = T.MultiplyAdd(dA, T.Load(xA + (5 * T.Count)), a5);
            a6 = T.MultiplyAdd(dA, T.Load(xA + (6 * T.Count)), a6);
            a7 = T.MultiplyAdd(dA, T.Load(xA + (7 * T.Count)), a7);
            a8 = T.MultiplyAdd(dA, T.Load(xA + (8 * T.Count)), a8);
            a9 = T.MultiplyAdd(dA, T.Load(xA + (9 * T.Count)), a9);
            biasA = T.Add(biasA, dA);
        }

        T.Store(a0, sa);
        T.Store(a1, sa + T.Count);
        T.Store(a2, sa + (2 * T.Count));
        T.Store(a3, sa + (3 * T.Count));
        T.Store(a4, sa + (4 * T.Count));
        T.Store(a5, sa + (5 * T.Count));
        T.Store(a6, sa + (6 * T.Count));
        T.Store(a7, sa + (7 * T.Count));
        T.Store(a8, sa + (8 * T.Count));
        T.Store(a9, sa + (9 * T.Count));
        T.Store(biasA, bias);
    }
}
