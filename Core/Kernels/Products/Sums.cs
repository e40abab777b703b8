using System.Runtime.CompilerServices;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>Up to twelve sums, each a chain of fused multiply-adds in a vector register of its own.</summary>
/// <remarks>
/// An AVX-512 core starts two multiply-adds a cycle and has each result four cycles later, so at least eight chains must be under way; it also loads
/// but two operands a cycle, so what is loaded must be used more than once. Two vectors × twelve rows fill 24 of 32 registers and load 14 operands for
/// 24 multiply-adds. Where there are only 16 registers (AVX2), it is two vectors × six rows. The fields are written out one by one because the compiler
/// keeps the fields of a struct in registers, but not the elements of an array.
/// </remarks>
/// <typeparam name="T">The lanes.</typeparam>
internal unsafe struct Sums<T> where T : struct, ILanes<T>
{
    private T _s0, _s1, _s2, _s3, _s4, _s5, _s6, _s7, _s8, _s9, _s10, _s11;

    /// <summary>Rows of a tile of two vectors; a constant to the compiler.</summary>
    public static int Rows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Hardware.Has512 || Hardware.Has128 ? 12 : 6;
    }

    /// <summary>Adds x · w to the sums of the first <see cref="Rows"/> rows, each with a w of its own.</summary>
    /// <param name="x">A vector.</param>
    /// <param name="w">The first row's number.</param>
    /// <param name="apart">From one row's to the next, in floats: the steps hide behind the multiply-adds.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(T x, float* w, long apart)
    {
        _s0 = T.MultiplyAdd(x, T.Broadcast(*w), _s0);
        w += apart;
        _s1 = T.MultiplyAdd(x, T.Broadcast(*w), _s1);
        w += apart;
        _s2 = T.MultiplyAdd(x, T.Broadcast(*w), _s2);
        w += apart;
        _s3 = T.MultiplyAdd(x, T.Broadcast(*w), _s3);
        w += apart;
        _s4 = T.MultiplyAdd(x, T.Broadcast(*w), _s4);
        w += apart;
        _s5 = T.MultiplyAdd(x, T.Broadcast(*w), _s5);
        if (Rows == 6)
            return;
        w += apart;
        _s6 = T.MultiplyAdd(x, T.Broadcast(*w), _s6);
        w += apart;
        _s7 = T.MultiplyAdd(x, T.Broadcast(*w), _s7);
        w += apart;
        _s8 = T.MultiplyAdd(x, T.Broadcast(*w), _s8);
        w += apart;
        _s9 = T.MultiplyAdd(x, T.Broadcast(*w), _s9);
        w += apart;
        _s10 = T.MultiplyAdd(x, T.Broadcast(*w), _s10);
        w += apart;
        _s11 = T.MultiplyAdd(x, T.Broadcast(*w), _s11);
    }

    /// <summary>Adds a · w to one tile's sums and b · w to another's.</summary>
    /// <param name="first">The sums of the first vector.</param>
    /// <param name="second">The sums of the second vector.</param>
    /// <param name="a">The first vector.</param>
    /// <param name="b">The second vector.</param>
    /// <param name="w">The first row's number.</param>
    /// <param name="apart">From one row's to the next, in floats.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(ref Sums<T> first, ref Sums<T> second, T a, T b, float* w, long apart)
    {
        var w0 = T.Broadcast(*w);
        first._s0 = T.MultiplyAdd(a, w0, first._s0);
        second._s0 = T.MultiplyAdd(b, w0, second._s0);
        w += apart;
        var w1 = T.Broadcast(*w);
        first._s1 = T.MultiplyAdd(a, w1, first._s1);
        second._s1 = T.MultiplyAdd(b, w1, second._s1);
        w += apart;
        var w2 = T.Broadcast(*w);
        first._s2 = T.MultiplyAdd(a, w2, first._s2);
        second._s2 = T.MultiplyAdd(b, w2, second._s2);
        w += apart;
        var w3 = T.Broadcast(*w);
        first._s3 = T.MultiplyAdd(a, w3, first._s3);
        second._s3 = T.MultiplyAdd(b, w3, second._s3);
        w += apart;
        var w4 = T.Broadcast(*w);
        first._s4 = T.MultiplyAdd(a, w4, first._s4);
        second._s4 = T.MultiplyAdd(b, w4, second._s4);
        w += apart;
        var w5 = T.Broadcast(*w);
        first._s5 = T.MultiplyAdd(a, w5, first._s5);
        second._s5 = T.MultiplyAdd(b, w5, second._s5);
        if (Rows == 6)
            return;
        w += apart;
        var w6 = T.Broadcast(*w);
        first._s6 = T.MultiplyAdd(a, w6, first._s6);
        second._s6 = T.MultiplyAdd(b, w6, second._s6);
        w += apart;
        var w7 = T.Broadcast(*w);
        first._s7 = T.MultiplyAdd(a, w7, first._s7);
        second._s7 = T.MultiplyAdd(b, w7, second._s7);
        w += apart;
        var w8 = T.Broadcast(*w);
        first._s8 = T.MultiplyAdd(a, w8, first._s8);
        second._s8 = T.MultiplyAdd(b, w8, second._s8);
        w += apart;
        var w9 = T.Broadcast(*w);
        first._s9 = T.MultiplyAdd(a, w9, first._s9);
        second._s9 = T.MultiplyAdd(b, w9, second._s9);
        w += apart;
        var w10 = T.Broadcast(*w);
        first._s10 = T.MultiplyAdd(a, w10, first._s10);
        second._s10 = T.MultiplyAdd(b, w10, second._s10);
        w += apart;
        var w11 = T.Broadcast(*w);
        first._s11 = T.MultiplyAdd(a, w11, first._s11);
        second._s11 = T.MultiplyAdd(b, w11, second._s11);
    }

    /// <summary>Adds x · w to the sums of twelve vectors w, three at each of four addresses.</summary>
    /// <param name="x">One number.</param>
    /// <param name="w0">The first three vectors.</param>
    /// <param name="w1">The next three.</param>
    /// <param name="w2">The next three.</param>
    /// <param name="w3">The last three.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddVectors(float x, float* w0, float* w1, float* w2, float* w3)
    {
        var factor = T.Broadcast(x);
        _s0 = T.MultiplyAdd(factor, T.Load(w0), _s0);
        _s1 = T.MultiplyAdd(factor, T.Load(w0 + T.Count), _s1);
        _s2 = T.MultiplyAdd(factor, T.Load(w0 + (2 * T.Count)), _s2);
        _s3 = T.MultiplyAdd(factor, T.Load(w1), _s3);
        _s4 = T.MultiplyAdd(factor, T.Load(w1 + T.Count), _s4);
        _s5 = T.MultiplyAdd(factor, T.Load(w1 + (2 * T.Count)), _s5);
        _s6 = T.MultiplyAdd(factor, T.Load(w2), _s6);
        _s7 = T.MultiplyAdd(factor, T.Load(w2 + T.Count), _s7);
        _s8 = T.MultiplyAdd(factor, T.Load(w2 + (2 * T.Count)), _s8);
        _s9 = T.MultiplyAdd(factor, T.Load(w3), _s9);
        _s10 = T.MultiplyAdd(factor, T.Load(w3 + T.Count), _s10);
        _s11 = T.MultiplyAdd(factor, T.Load(w3 + (2 * T.Count)), _s11);
    }

    /// <summary>Writes all twelve vectors, one after another.</summary>
    /// <param name="target">Where the first goes.</param>
    /// <param name="aside">Whether past the caches (<see cref="Aside"/>).</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* target, bool aside = false)
    {
        Aside.Store(_s0, target, aside);
        Aside.Store(_s1, target + T.Count, aside);
        Aside.Store(_s2, target + (2 * T.Count), aside);
        Aside.Store(_s3, target + (3 * T.Count), aside);
        Aside.Store(_s4, target + (4 * T.Count), aside);
        Aside.Store(_s5, target + (5 * T.Count), aside);
        Aside.Store(_s6, target + (6 * T.Count), aside);
        Aside.Store(_s7, target + (7 * T.Count), aside);
        Aside.Store(_s8, target + (8 * T.Count), aside);
        Aside.Store(_s9, target + (9 * T.Count), aside);
        Aside.Store(_s10, target + (10 * T.Count), aside);
        Aside.Store(_s11, target + (11 * T.Count), aside);
    }

    /// <summary>Writes the vectors of the first <see cref="Rows"/> rows, one after another.</summary>
    /// <param name="target">Where the first goes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void StoreRows(float* target)
    {
        T.Store(_s0, target);
        T.Store(_s1, target + T.Count);
        T.Store(_s2, target + (2 * T.Count));
        T.Store(_s3, target + (3 * T.Count));
        T.Store(_s4, target + (4 * T.Count));
        T.Store(_s5, target + (5 * T.Count));
        if (Rows == 6)
            return;
        T.Store(_s6, target + (6 * T.Count));
        T.Store(_s7, target + (7 * T.Count));
        T.Store(_s8, target + (8 * T.Count));
        T.Store(_s9, target + (9 * T.Count));
        T.Store(_s10, target + (10 * T.Count));
        T.Store(_s11, target + (11 * T.Count));
    }
}
