using System.Runtime.CompilerServices;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// The sums of a tile, four pixels × two, four or six channels, each sum one chain of fused multiply-adds in a register of its own.
/// Letters a to d are the tile's pixels, digits its channels.
/// </summary>
/// <remarks>
/// An AVX-512 core starts two multiply-adds a cycle and has each result four cycles later, so eight chains must be under way; it loads two vectors a cycle,
/// so a loaded vector must serve more than one multiply-add. 4 × 6 sums take 24 of 32 registers and 10 loads for 24 multiply-adds, 4 × 4 take 8 for 16.
/// With AVX2's 16 registers 4 × 2 is what fits. The three bodies are written out because the compiler keeps locals in registers, not arrays.
/// </remarks>
internal static unsafe class TileKernels
{
    /// <summary>Four pixels × six channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Six<T, TEnd>(Tile* tile, Sum* sum, float* source, float* weights, TEnd* end)
        where T : struct, ILanes<T>
        where TEnd : unmanaged, ITileEnd<T, TEnd>
    {
        float* pa = source + tile->SourceA, pb = source + tile->SourceB, pc = source + tile->SourceC, pd = source + tile->SourceD;
        Tap* first = sum->Taps + tile->FirstTap, last = sum->Taps + tile->LastTap;
        var zero = T.Broadcast(0);
        T a0 = zero, a1 = zero, a2 = zero, a3 = zero, a4 = zero, a5 = zero;
        T b0 = zero, b1 = zero, b2 = zero, b3 = zero, b4 = zero, b5 = zero;
        T c0 = zero, c1 = zero, c2 = zero, c3 = zero, c4 = zero, c5 = zero;
        T d0 = zero, d1 = zero, d2 = zero, d3 = zero, d4 = zero, d5 = zero;
        for (var plane = 0; plane < sum->Planes; plane++)
        {
            for (var tap = first; tap < last; tap++)
            {
                var at = tap->Source;
                var w = weights + (6 * tap->Weight);
                T xa = T.Load(pa + at), xb = T.Load(pb + at), xc = T.Load(pc + at), xd = T.Load(pd + at);
                var w0 = T.Broadcast(w[0]);
                a0 = T.MultiplyAdd(xa, w0, a0);
                b0 = T.MultiplyAdd(xb, w0, b0);
                c0 = T.MultiplyAdd(xc, w0, c0);
                d0 = T.MultiplyAdd(xd, w0, d0);
                var w1 = T.Broadcast(w[1]);
                a1 = T.MultiplyAdd(xa, w1, a1);
                b1 = T.MultiplyAdd(xb, w1, b1);
                c1 = T.MultiplyAdd(xc, w1, c1);
                d1 = T.MultiplyAdd(xd, w1, d1);
                var w2 = T.Broadcast(w[2]);
                a2 = T.MultiplyAdd(xa, w2, a2);
                b2 = T.MultiplyAdd(xb, w2, b2);
                c2 = T.MultiplyAdd(xc, w2, c2);
                d2 = T.MultiplyAdd(xd, w2, d2);
                var w3 = T.Broadcast(w[3]);
                a3 = T.MultiplyAdd(xa, w3, a3);
                b3 = T.MultiplyAdd(xb, w3, b3);
                c3 = T.MultiplyAdd(xc, w3, c3);
                d3 = T.MultiplyAdd(xd, w3, d3);
                var w4 = T.Broadcast(w[4]);
                a4 = T.MultiplyAdd(xa, w4, a4);
                b4 = T.MultiplyAdd(xb, w4, b4);
                c4 = T.MultiplyAdd(xc, w4, c4);
                d4 = T.MultiplyAdd(xd, w4, d4);
                var w5 = T.Broadcast(w[5]);
                a5 = T.MultiplyAdd(xa, w5, a5);
                b5 = T.MultiplyAdd(xb, w5, b5);
                c5 = T.MultiplyAdd(xc, w5, c5);
                d5 = T.MultiplyAdd(xd, w5, d5);
            }

            pa += sum->SourceStride;
            pb += sum->SourceStride;
            pc += sum->SourceStride;
            pd += sum->SourceStride;
            weights += sum->WeightStride;
        }

        end->Finish(0, tile, a0, b0, c0, d0);
        end->Finish(1, tile, a1, b1, c1, d1);
        end->Finish(2, tile, a2, b2, c2, d2);
        end->Finish(3, tile, a3, b3, c3, d3);
        end->Finish(4, tile, a4, b4, c4, d4);
        end->Finish(5, tile, a5, b5, c5, d5);
    }

    /// <summary>Four pixels × four channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Four<T, TEnd>(Tile* tile, Sum* sum, float* source, float* weights, TEnd* end)
        where T : struct, ILanes<T>
        where TEnd : unmanaged, ITileEnd<T, TEnd>
    {
        float* pa = source + tile->SourceA, pb = source + tile->SourceB, pc = source + tile->SourceC, pd = source + tile->SourceD;
        Tap* first = sum->Taps + tile->FirstTap, last = sum->Taps + tile->LastTap;
        var zero = T.Broadcast(0);
        T a0 = zero, a1 = zero, a2 = zero, a3 = zero;
        T b0 = zero, b1 = zero, b2 = zero, b3 = zero;
        T c0 = zero, c1 = zero, c2 = zero, c3 = zero;
        T d0 = zero, d1 = zero, d2 = zero, d3 = zero;
        for (var plane = 0; plane < sum->Planes; plane++)
        {
            for (var tap = first; tap < last; tap++)
            {
                var at = tap->Source;
                var w = weights + (4 * tap->Weight);
                T xa = T.Load(pa + at), xb = T.Load(pb + at), xc = T.Load(pc + at), xd = T.Load(pd + at);
                var w0 = T.Broadcast(w[0]);
                a0 = T.MultiplyAdd(xa, w0, a0);
                b0 = T.MultiplyAdd(xb, w0, b0);
                c0 = T.MultiplyAdd(xc, w0, c0);
                d0 = T.MultiplyAdd(xd, w0, d0);
                var w1 = T.Broadcast(w[1]);
                a1 = T.MultiplyAdd(xa, w1, a1);
                b1 = T.MultiplyAdd(xb, w1, b1);
                c1 = T.MultiplyAdd(xc, w1, c1);
                d1 = T.MultiplyAdd(xd, w1, d1);
                var w2 = T.Broadcast(w[2]);
                a2 = T.MultiplyAdd(xa, w2, a2);
                b2 = T.MultiplyAdd(xb, w2, b2);
                c2 = T.MultiplyAdd(xc, w2, c2);
                d2 = T.MultiplyAdd(xd, w2, d2);
                var w3 = T.Broadcast(w[3]);
                a3 = T.MultiplyAdd(xa, w3, a3);
                b3 = T.MultiplyAdd(xb, w3, b3);
                c3 = T.MultiplyAdd(xc, w3, c3);
                d3 = T.MultiplyAdd(xd, w3, d3);
            }

            pa += sum->SourceStride;
            pb += sum->SourceStride;
            pc += sum->SourceStride;
            pd += sum->SourceStride;
            weights += sum->WeightStride;
        }

        end->Finish(0, tile, a0, b0, c0, d0);
        end->Finish(1, tile, a1, b1, c1, d1);
        end->Finish(2, tile, a2, b2, c2, d2);
        end->Finish(3, tile, a3, b3, c3, d3);
    }

    /// <summary>Four pixels × two channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Two<T, TEnd>(Tile* tile, Sum* sum, float* source, float* weights, TEnd* end)
        where T : struct, ILanes<T>
        where TEnd : unmanaged, ITileEnd<T, TEnd>
    {
        float* pa = source + tile->SourceA, pb = source + tile->SourceB, pc = source + tile->SourceC, pd = source + tile->SourceD;
        Tap* first = sum->Taps + tile->FirstTap, last = sum->Taps + tile->LastTap;
        var zero = T.Broadcast(0);
        T a0 = zero, a1 = zero;
        T b0 = zero, b1 = zero;
        T c0 = zero, c1 = zero;
        T d0 = zero, d1 = zero;
        for (var plane = 0; plane < sum->Planes; plane++)
        {
            for (var tap = first; tap < last; tap++)
            {
                var at = tap->Source;
                var w = weights + (2 * tap->Weight);
                T xa = T.Load(pa + at), xb = T.Load(pb + at), xc = T.Load(pc + at), xd = T.Load(pd + at);
                var w0 = T.Broadcast(w[0]);
                a0 = T.MultiplyAdd(xa, w0, a0);
                b0 = T.MultiplyAdd(xb, w0, b0);
                c0 = T.MultiplyAdd(xc, w0, c0);
                d0 = T.MultiplyAdd(xd, w0, d0);
                var w1 = T.Broadcast(w[1]);
                a1 = T.MultiplyAdd(xa, w1, a1);
                b1 = T.MultiplyAdd(xb, w1, b1);
                c1 = T.MultiplyAdd(xc, w1, c1);
                d1 = T.MultiplyAdd(xd, w1, d1);
            }

            pa += sum->SourceStride;
            pb += sum->SourceStride;
            pc += sum->SourceStride;
            pd += sum->SourceStride;
            weights += sum->WeightStride;
        }

        end->Finish(0, tile, a0, b0, c0, d0);
        end->Finish(1, tile, a1, b1, c1, d1);
    }
}
