using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>Turns blocks of 16 × 16 numbers about their diagonal, in registers: sixteen loads, sixteen stores, and shuffles between.</summary>
internal static unsafe class Transpose
{
    /// <summary>The side of a block.</summary>
    public const int Side = 16;

    /// <summary>Writes target[column, row] = source[row, column] for a block, zeros for the rows that it lacks.</summary>
    /// <param name="source">The block's first number.</param>
    /// <param name="sourceStride">From one of its rows to the next, in floats.</param>
    /// <param name="rows">Its rows, 1 to 16; no others are read.</param>
    /// <param name="columns">Its columns, 1 to 16; no others are read.</param>
    /// <param name="target">Where its first column goes, as a row of sixteen; as many rows are written as the block has columns.</param>
    /// <param name="targetStride">From one row of the target to the next, in floats.</param>
    public static void Block(float* source, long sourceStride, int rows, int columns, float* target, long targetStride)
    {
        if (rows == Side && columns == Side)
            Whole(source, sourceStride, target, targetStride);
        else
            Part(source, sourceStride, rows, columns, target, targetStride);
    }

    /// <summary>Writes target[column, row] = source[rows[row] + column] for a whole block whose rows lie anywhere.</summary>
    /// <param name="source">What the rows' places are counted from.</param>
    /// <param name="rows">Where each of sixteen rows begins, in floats.</param>
    /// <param name="target">Where its first column goes, as a row of sixteen.</param>
    /// <param name="targetStride">From one row of the target to the next, in floats.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Gathered(float* source, int* rows, float* target, long targetStride)
    {
        if (Avx512F.IsSupported)
            Gathered512(source, rows, target, targetStride);
        else
            for (var row = 0; row < Side; row += 4, rows += 4)
                for (var column = 0; column < Side; column += 4)
                {
                    var first = source + column;
                    Four(first + rows[0], first + rows[1], first + rows[2], first + rows[3], target + (column * targetStride) + row, targetStride);
                }
    }

    // A block at an edge is made whole on the stack.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Part(float* source, long sourceStride, int rows, int columns, float* target, long targetStride)
    {
        float* whole = stackalloc float[Side * Side], turned = stackalloc float[Side * Side];
        for (var row = 0; row < rows; row++)
            new ReadOnlySpan<float>(source + (row * sourceStride), columns).CopyTo(new Span<float>(whole + (row * Side), Side));
        Whole(whole, Side, turned, Side);
        for (var column = 0; column < columns; column++)
            new ReadOnlySpan<float>(turned + (column * Side), Side).CopyTo(new Span<float>(target + (column * targetStride), Side));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Whole(float* source, long sourceStride, float* target, long targetStride)
    {
        if (Hardware.Has512)
            Whole512(source, sourceStride, target, targetStride);
        else
            for (var row = 0; row < Side; row += 4)
                for (var column = 0; column < Side; column += 4)
                {
                    var first = source + (row * sourceStride) + column;
                    Four(first, first + sourceStride, first + (2 * sourceStride), first + (3 * sourceStride), target + (column * targetStride) + row, targetStride);
                }
    }

    /// <summary>Four rows of four numbers become four columns.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="second">The second.</param>
    /// <param name="third">The third.</param>
    /// <param name="fourth">The fourth.</param>
    /// <param name="target">Where the first column goes, as a row.</param>
    /// <param name="targetStride">From one row of the target to the next, in floats.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Four(float* first, float* second, float* third, float* fourth, float* target, long targetStride)
    {
        if (!Sse2.IsSupported && !AdvSimd.Arm64.IsSupported)
        {
            for (var column = 0; column < 4; column++, target += targetStride)
                (target[0], target[1], target[2], target[3]) = (first[column], second[column], third[column], fourth[column]);
            return;
        }

        Vector128<float> a = Vector128.Load(first), b = Vector128.Load(second), c = Vector128.Load(third), d = Vector128.Load(fourth);
        Vector128<double> abLow = ZipLow(a, b).AsDouble(), abHigh = ZipHigh(a, b).AsDouble();
        Vector128<double> cdLow = ZipLow(c, d).AsDouble(), cdHigh = ZipHigh(c, d).AsDouble();
        ZipLow(abLow, cdLow).AsSingle().Store(target);
        ZipHigh(abLow, cdLow).AsSingle().Store(target + targetStride);
        ZipLow(abHigh, cdHigh).AsSingle().Store(target + (2 * targetStride));
        ZipHigh(abHigh, cdHigh).AsSingle().Store(target + (3 * targetStride));
    }

    // First 4 × 4 blocks inside each 128-bit part, four rows at a time; then the parts themselves, as a 4 × 4 block.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Whole512(float* source, long sourceStride, float* target, long targetStride)
    {
        var (a0, a1, a2, a3) = Inside(source, source + sourceStride, source + (2 * sourceStride), source + (3 * sourceStride));
        var (b0, b1, b2, b3) = Inside(source + (4 * sourceStride), source + (5 * sourceStride), source + (6 * sourceStride), source + (7 * sourceStride));
        var (c0, c1, c2, c3) = Inside(source + (8 * sourceStride), source + (9 * sourceStride), source + (10 * sourceStride), source + (11 * sourceStride));
        var (d0, d1, d2, d3) = Inside(source + (12 * sourceStride), source + (13 * sourceStride), source + (14 * sourceStride), source + (15 * sourceStride));
        Across(a0, b0, c0, d0, target, 4 * targetStride);
        Across(a1, b1, c1, d1, target + targetStride, 4 * targetStride);
        Across(a2, b2, c2, d2, target + (2 * targetStride), 4 * targetStride);
        Across(a3, b3, c3, d3, target + (3 * targetStride), 4 * targetStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Gathered512(float* source, int* rows, float* target, long targetStride)
    {
        var (a0, a1, a2, a3) = Inside(source + rows[0], source + rows[1], source + rows[2], source + rows[3]);
        var (b0, b1, b2, b3) = Inside(source + rows[4], source + rows[5], source + rows[6], source + rows[7]);
        var (c0, c1, c2, c3) = Inside(source + rows[8], source + rows[9], source + rows[10], source + rows[11]);
        var (d0, d1, d2, d3) = Inside(source + rows[12], source + rows[13], source + rows[14], source + rows[15]);
        Across(a0, b0, c0, d0, target, 4 * targetStride);
        Across(a1, b1, c1, d1, target + targetStride, 4 * targetStride);
        Across(a2, b2, c2, d2, target + (2 * targetStride), 4 * targetStride);
        Across(a3, b3, c3, d3, target + (3 * targetStride), 4 * targetStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float>, Vector512<float>, Vector512<float>, Vector512<float>) Inside(float* first, float* second, float* third, float* fourth)
    {
        Vector512<float> a = Vector512.Load(first), b = Vector512.Load(second), c = Vector512.Load(third), d = Vector512.Load(fourth);
        Vector512<double> abLow = Avx512F.UnpackLow(a, b).AsDouble(), abHigh = Avx512F.UnpackHigh(a, b).AsDouble();
        Vector512<double> cdLow = Avx512F.UnpackLow(c, d).AsDouble(), cdHigh = Avx512F.UnpackHigh(c, d).AsDouble();
        return (
            Avx512F.UnpackLow(abLow, cdLow).AsSingle(), Avx512F.UnpackHigh(abLow, cdLow).AsSingle(),
            Avx512F.UnpackLow(abHigh, cdHigh).AsSingle(), Avx512F.UnpackHigh(abHigh, cdHigh).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Across(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, float* target, long stride)
    {
        // The control names two parts of the first operand and two of the second, two bits each.
        const byte FirstTwo = 0b01_00_01_00, LastTwo = 0b11_10_11_10, Even = 0b10_00_10_00, Odd = 0b11_01_11_01;
        Vector512<float> abFirst = Avx512F.Shuffle4x128(a, b, FirstTwo), cdFirst = Avx512F.Shuffle4x128(c, d, FirstTwo);
        Vector512<float> abLast = Avx512F.Shuffle4x128(a, b, LastTwo), cdLast = Avx512F.Shuffle4x128(c, d, LastTwo);
        Avx512F.Shuffle4x128(abFirst, cdFirst, Even).Store(target);
        Avx512F.Shuffle4x128(abFirst, cdFirst, Odd).Store(target + stride);
        Avx512F.Shuffle4x128(abLast, cdLast, Even).Store(target + (2 * stride));
        Avx512F.Shuffle4x128(abLast, cdLast, Odd).Store(target + (3 * stride));
    }

    private static Vector128<float> ZipLow(Vector128<float> a, Vector128<float> b) => Sse2.IsSupported ? Sse.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    private static Vector128<float> ZipHigh(Vector128<float> a, Vector128<float> b) => Sse2.IsSupported ? Sse.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);

    private static Vector128<double> ZipLow(Vector128<double> a, Vector128<double> b) => Sse2.IsSupported ? Sse2.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    private static Vector128<double> ZipHigh(Vector128<double> a, Vector128<double> b) => Sse2.IsSupported ? Sse2.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);
}
