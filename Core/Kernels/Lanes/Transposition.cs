using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>Sixteen numbers of sixteen samples, from samples side by side to numbers side by side.</summary>
internal static unsafe class Transposition
{
    /// <summary>target[lane · stride + k] = source[offsets[k] + lane] for k and lane from 0 to 15.</summary>
    public static void Run(float* source, int* offsets, float* target, long stride)
    {
        if (Avx512F.IsSupported)
            Run512(source, offsets, target, stride);
        else
            Run128(source, offsets, target, stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run128(float* source, int* offsets, float* target, long stride)
    {
        for (var k = 0; k < 16; k += 4, offsets += 4, target += 4)
            for (var lane = 0; lane < 16; lane += 4)
                Transpose.Four(
                    source + offsets[0] + lane, source + offsets[1] + lane, source + offsets[2] + lane, source + offsets[3] + lane, target + (lane * stride), stride);
    }

    /// <summary>
    /// A 4 × 4 transposition within each 128 bits of four rows at a time (two rounds of unpacking), then one of the 128-bit pieces (two rounds of shuffling).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run512(float* source, int* offsets, float* target, long stride)
    {
        Four(0, out var a0, out var a1, out var a2, out var a3);
        Four(4, out var b0, out var b1, out var b2, out var b3);
        Four(8, out var c0, out var c1, out var c2, out var c3);
        Four(12, out var d0, out var d1, out var d2, out var d3);
        Pieces(0, a0, b0, c0, d0);
        Pieces(1, a1, b1, c1, d1);
        Pieces(2, a2, b2, c2, d2);
        Pieces(3, a3, b3, c3, d3);

        // Piece q of row r holds lane 4q + r of the four numbers.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        void Four(int k, out Vector512<float> r0, out Vector512<float> r1, out Vector512<float> r2, out Vector512<float> r3)
        {
            var (x0, x1) = (Vector512.Load(source + offsets[k]), Vector512.Load(source + offsets[k + 1]));
            var (x2, x3) = (Vector512.Load(source + offsets[k + 2]), Vector512.Load(source + offsets[k + 3]));
            var (low01, high01) = (Avx512F.UnpackLow(x0, x1).AsDouble(), Avx512F.UnpackHigh(x0, x1).AsDouble());
            var (low23, high23) = (Avx512F.UnpackLow(x2, x3).AsDouble(), Avx512F.UnpackHigh(x2, x3).AsDouble());
            r0 = Avx512F.UnpackLow(low01, low23).AsSingle();
            r1 = Avx512F.UnpackHigh(low01, low23).AsSingle();
            r2 = Avx512F.UnpackLow(high01, high23).AsSingle();
            r3 = Avx512F.UnpackHigh(high01, high23).AsSingle();
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        void Pieces(int lane, Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d)
        {
            var (ab02, ab13) = (Avx512F.Shuffle4x128(a, b, 0b10_00_10_00), Avx512F.Shuffle4x128(a, b, 0b11_01_11_01));
            var (cd02, cd13) = (Avx512F.Shuffle4x128(c, d, 0b10_00_10_00), Avx512F.Shuffle4x128(c, d, 0b11_01_11_01));
            Avx512F.Shuffle4x128(ab02, cd02, 0b10_00_10_00).Store(target + (lane * stride));
            Avx512F.Shuffle4x128(ab13, cd13, 0b10_00_10_00).Store(target + ((lane + 4) * stride));
            Avx512F.Shuffle4x128(ab02, cd02, 0b11_01_11_01).Store(target + ((lane + 8) * stride));
            Avx512F.Shuffle4x128(ab13, cd13, 0b11_01_11_01).Store(target + ((lane + 12) * stride));
        }
    }
}
