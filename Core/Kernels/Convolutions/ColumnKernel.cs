using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// Two columns of an image's gradient in registers, fourteen rows of them, eight channels in the lanes, through all output channels. Letters are the two columns,
/// numbers the rows.
/// </summary>
/// <remarks>
/// A window of the pool adds to six rows and two columns, always the same ones: which of its cells was chosen says only where in the weights they begin. So the
/// weights of an output channel stand among zeros: a row of them above, and in each row a pixel of them before (and, being before the next, after).
/// </remarks>
internal static unsafe class ColumnKernel
{
    /// <summary>Input channels, one in each lane.</summary>
    public const int Channels = 8;

    /// <summary>The most rows and columns of a kernel.</summary>
    public const int Reach = 5;

    /// <summary>The most rows of windows.</summary>
    public const int Windows = 5;

    /// <summary>Floats of a row of weights: a pixel of zeros, then the kernel's.</summary>
    public const int Row = (1 + Reach) * Channels;

    /// <summary>Floats of an output channel's weights: a row of zeros, then the kernel's. Behind the last channel's there is another row and a pixel.</summary>
    public const int Weights = (1 + Reach) * Row;

    /// <summary>Rows of the image.</summary>
    public const int Rows = (2 * Windows) + Reach - 1;

    /// <summary>Floats of a pixel's channels in the two columns.</summary>
    public const int Pair = 2 * Channels;

    /// <summary>All sums of a pair of columns.</summary>
    /// <param name="terms">The pair's terms in the first row of windows of the first output channel, from <see cref="SortedTerms"/>.</param>
    /// <param name="count">How many they are.</param>
    /// <param name="weights">The first output channel's weights.</param>
    /// <param name="outputs">How many output channels.</param>
    /// <param name="target">[<see cref="Rows"/>][<see cref="Pair"/>].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sums(long* terms, int count, float* weights, int outputs, float* target)
    {
        const int Stride = SortedTerms.Stride;
        Vector256<float> a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13;
        Vector256<float> b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12, b13;
        a0 = a1 = a2 = a3 = a4 = a5 = a6 = a7 = a8 = a9 = a10 = a11 = a12 = a13 = Vector256<float>.Zero;
        b0 = b1 = b2 = b3 = b4 = b5 = b6 = b7 = b8 = b9 = b10 = b11 = b12 = b13 = Vector256<float>.Zero;
        for (var end = weights + (outputs * Weights); weights < end; weights += Weights, terms += Windows * Stride)
        {
            for (var t = 4 * Stride; t < (4 * Stride) + count; t++)
                Add(terms[t], weights, ref a8, ref a9, ref a10, ref a11, ref a12, ref a13, ref b8, ref b9, ref b10, ref b11, ref b12, ref b13);
            for (var t = 3 * Stride; t < (3 * Stride) + count; t++)
                Add(terms[t], weights, ref a6, ref a7, ref a8, ref a9, ref a10, ref a11, ref b6, ref b7, ref b8, ref b9, ref b10, ref b11);
            for (var t = 2 * Stride; t < (2 * Stride) + count; t++)
                Add(terms[t], weights, ref a4, ref a5, ref a6, ref a7, ref a8, ref a9, ref b4, ref b5, ref b6, ref b7, ref b8, ref b9);
            for (var t = Stride; t < Stride + count; t++)
                Add(terms[t], weights, ref a2, ref a3, ref a4, ref a5, ref a6, ref a7, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
            for (var t = 0; t < count; t++)
                Add(terms[t], weights, ref a0, ref a1, ref a2, ref a3, ref a4, ref a5, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5);
        }

        Store(target, a0, b0, a1, b1, a2, b2, a3, b3);
        Store(target + (4 * Pair), a4, b4, a5, b5, a6, b6, a7, b7);
        Store(target + (8 * Pair), a8, b8, a9, b9, a10, b10, a11, b11);
        Store(target + (10 * Pair), a10, b10, a11, b11, a12, b12, a13, b13);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        long term, float* weights,
        ref Vector256<float> a0, ref Vector256<float> a1, ref Vector256<float> a2, ref Vector256<float> a3, ref Vector256<float> a4, ref Vector256<float> a5,
        ref Vector256<float> b0, ref Vector256<float> b1, ref Vector256<float> b2, ref Vector256<float> b3, ref Vector256<float> b4, ref Vector256<float> b5)
    {
        var w = weights + (term >> 32);
        var g = Avx2.BroadcastScalarToVector256(Vector128.CreateScalarUnsafe((int)term).AsSingle());
        a0 = Fma.MultiplyAdd(g, Vector256.Load(w), a0);
        b0 = Fma.MultiplyAdd(g, Vector256.Load(w + Channels), b0);
        a1 = Fma.MultiplyAdd(g, Vector256.Load(w + Row), a1);
        b1 = Fma.MultiplyAdd(g, Vector256.Load(w + Row + Channels), b1);
        a2 = Fma.MultiplyAdd(g, Vector256.Load(w + (2 * Row)), a2);
        b2 = Fma.MultiplyAdd(g, Vector256.Load(w + (2 * Row) + Channels), b2);
        a3 = Fma.MultiplyAdd(g, Vector256.Load(w + (3 * Row)), a3);
        b3 = Fma.MultiplyAdd(g, Vector256.Load(w + (3 * Row) + Channels), b3);
        a4 = Fma.MultiplyAdd(g, Vector256.Load(w + (4 * Row)), a4);
        b4 = Fma.MultiplyAdd(g, Vector256.Load(w + (4 * Row) + Channels), b4);
        a5 = Fma.MultiplyAdd(g, Vector256.Load(w + (5 * Row)), a5);
        b5 = Fma.MultiplyAdd(g, Vector256.Load(w + (5 * Row) + Channels), b5);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(
        float* target, Vector256<float> a0, Vector256<float> b0, Vector256<float> a1, Vector256<float> b1, Vector256<float> a2, Vector256<float> b2, Vector256<float> a3,
        Vector256<float> b3)
    {
        a0.Store(target);
        b0.Store(target + Channels);
        a1.Store(target + Pair);
        b1.Store(target + Pair + Channels);
        a2.Store(target + (2 * Pair));
        b2.Store(target + (2 * Pair) + Channels);
        a3.Store(target + (3 * Pair));
        b3.Store(target + (3 * Pair) + Channels);
    }
}
