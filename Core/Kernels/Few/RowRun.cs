using System.Runtime.CompilerServices;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// The sums of up to fourteen neighbouring pixels of a row, output channels in the lanes, for windows of up to five columns that move by one: a row's weights lie
/// in registers, and every number of the row is broadcast once, to go into all the sums that it has a part in.
/// </summary>
/// <remarks>
/// Number k belongs to pixel k − v at column v of the window. So, numbers taken in order, each pixel has its columns in order: its sum is still one chain
/// over (c, u, v). There are 19 loads for the 50 multiply-adds of ten pixels; <see cref="PixelRun"/> has 55.
/// </remarks>
internal static unsafe class RowRun
{
    /// <summary>Whether there is code for a kernel.</summary>
    public static bool Takes(ConvolutionGeometry g) => g.StrideWidth == 1 && g.KernelWidth is >= 2 and <= 5 && Hardware.Registers == 32;

    /// <summary>Computes a run, bias and ReLU included.</summary>
    /// <param name="width">How many pixels, even, at most <see cref="PixelRun.Most"/>.</param>
    /// <param name="columns">Columns of the window, 2 to 5.</param>
    /// <param name="source">The first pixel's first number.</param>
    /// <param name="rows">Offsets of the window's rows in all channels.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="weights">[row][column][16].</param>
    /// <param name="bias">A number for each lane.</param>
    /// <param name="rectify">Whether a ReLU, x ≤ 0 ? 0 : x, follows.</param>
    /// <param name="target">[pixel][16].</param>
    public static void Compute<T>(int width, int columns, float* source, int* rows, int count, float* weights, float* bias, bool rectify, float* target)
        where T : struct, ILanes<T>
    {
        if (columns == 5)
            Compute<T, Run5>(width, source, rows, count, weights, bias, rectify, target);
        else if (columns == 4)
            Compute<T, Run4>(width, source, rows, count, weights, bias, rectify, target);
        else if (columns == 3)
            Compute<T, Run3>(width, source, rows, count, weights, bias, rectify, target);
        else
            Compute<T, Run2>(width, source, rows, count, weights, bias, rectify, target);
    }

    private static void Compute<T, TColumns>(int width, float* source, int* rows, int count, float* weights, float* bias, bool rectify, float* target)
        where T : struct, ILanes<T>
        where TColumns : struct, IRunWidth
    {
        switch (width)
        {
            case 2:
                Sums<T, TColumns, Run2>(source, rows, count, weights, bias, rectify, target);
                break;
            case 4:
                Sums<T, TColumns, Run4>(source, rows, count, weights, bias, rectify, target);
                break;
            case 6:
                Sums<T, TColumns, Run6>(source, rows, count, weights, bias, rectify, target);
                break;
            case 8:
                Sums<T, TColumns, Run8>(source, rows, count, weights, bias, rectify, target);
                break;
            case 10:
                Sums<T, TColumns, Run10>(source, rows, count, weights, bias, rectify, target);
                break;
            case 12:
                Sums<T, TColumns, Run12>(source, rows, count, weights, bias, rectify, target);
                break;
            default:
                Sums<T, TColumns, Run14>(source, rows, count, weights, bias, rectify, target);
                break;
        }
    }

    // What a condition rules out, a type's constant, costs nothing: there is code for each pair of widths.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sums<T, TColumns, TWidth>(float* source, int* rows, int count, float* weights, float* bias, bool rectify, float* target)
        where T : struct, ILanes<T>
        where TColumns : struct, IRunWidth
        where TWidth : struct, IRunWidth
    {
        T s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, s12, s13;
        s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = s8 = s9 = s10 = s11 = s12 = s13 = T.Broadcast(0);
        for (var row = 0; row < count; row++, weights += TColumns.Count * Workspace.Lanes)
        {
            var numbers = source + rows[row];
            T w0 = T.Load(weights), w1 = T.Load(weights + Workspace.Lanes);
            var w2 = TColumns.Count > 2 ? T.Load(weights + (2 * Workspace.Lanes)) : w0;
            var w3 = TColumns.Count > 3 ? T.Load(weights + (3 * Workspace.Lanes)) : w0;
            var w4 = TColumns.Count > 4 ? T.Load(weights + (4 * Workspace.Lanes)) : w0;
            var x0 = T.Broadcast(*numbers);
            s0 = T.MultiplyAdd(x0, w0, s0);
            var x1 = T.Broadcast(numbers[1]);
            s1 = T.MultiplyAdd(x1, w0, s1);
            s0 = T.MultiplyAdd(x1, w1, s0);
            var x2 = T.Broadcast(numbers[2]);
            if (TWidth.Count > 2)
                s2 = T.MultiplyAdd(x2, w0, s2);
            s1 = T.MultiplyAdd(x2, w1, s1);
            if (TColumns.Count > 2)
                s0 = T.MultiplyAdd(x2, w2, s0);
            var x3 = T.Broadcast(numbers[3]);
            if (TWidth.Count > 2)
                s3 = T.MultiplyAdd(x3, w0, s3);
            if (TWidth.Count > 2)
                s2 = T.MultiplyAdd(x3, w1, s2);
            if (TColumns.Count > 2)
                s1 = T.MultiplyAdd(x3, w2, s1);
            if (TColumns.Count > 3)
                s0 = T.MultiplyAdd(x3, w3, s0);
            var x4 = T.Broadcast(numbers[4]);
            if (TWidth.Count > 4)
                s4 = T.MultiplyAdd(x4, w0, s4);
            if (TWidth.Count > 2)
                s3 = T.MultiplyAdd(x4, w1, s3);
            if (TColumns.Count > 2 && TWidth.Count > 2)
                s2 = T.MultiplyAdd(x4, w2, s2);
            if (TColumns.Count > 3)
                s1 = T.MultiplyAdd(x4, w3, s1);
            if (TColumns.Count > 4)
                s0 = T.MultiplyAdd(x4, w4, s0);
            var x5 = T.Broadcast(numbers[5]);
            if (TWidth.Count > 4)
                s5 = T.MultiplyAdd(x5, w0, s5);
            if (TWidth.Count > 4)
                s4 = T.MultiplyAdd(x5, w1, s4);
            if (TColumns.Count > 2 && TWidth.Count > 2)
                s3 = T.MultiplyAdd(x5, w2, s3);
            if (TColumns.Count > 3 && TWidth.Count > 2)
                s2 = T.MultiplyAdd(x5, w3, s2);
            if (TColumns.Count > 4)
                s1 = T.MultiplyAdd(x5, w4, s1);
            var x6 = T.Broadcast(numbers[6]);
            if (TWidth.Count > 6)
                s6 = T.MultiplyAdd(x6, w0, s6);
            if (TWidth.Count > 4)
                s5 = T.MultiplyAdd(x6, w1, s5);
            if (TColumns.Count > 2 && TWidth.Count > 4)
                s4 = T.MultiplyAdd(x6, w2, s4);
            if (TColumns.Count > 3 && TWidth.Count > 2)
                s3 = T.MultiplyAdd(x6, w3, s3);
            if (TColumns.Count > 4 && TWidth.Count > 2)
                s2 = T.MultiplyAdd(x6, w4, s2);
            var x7 = T.Broadcast(numbers[7]);
            if (TWidth.Count > 6)
                s7 = T.MultiplyAdd(x7, w0, s7);
            if (TWidth.Count > 6)
                s6 = T.MultiplyAdd(x7, w1, s6);
            if (TColumns.Count > 2 && TWidth.Count > 4)
                s5 = T.MultiplyAdd(x7, w2, s5);
            if (TColumns.Count > 3 && TWidth.Count > 4)
                s4 = T.MultiplyAdd(x7, w3, s4);
            if (TColumns.Count > 4 && TWidth.Count > 2)
                s3 = T.MultiplyAdd(x7, w4, s3);
            var x8 = T.Broadcast(numbers[8]);
            if (TWidth.Count > 8)
                s8 = T.MultiplyAdd(x8, w0, s8);
            if (TWidth.Count > 6)
                s7 = T.MultiplyAdd(x8, w1, s7);
            if (TColumns.Count > 2 && TWidth.Count > 6)
                s6 = T.MultiplyAdd(x8, w2, s6);
            if (TColumns.Count > 3 && TWidth.Count > 4)
                s5 = T.MultiplyAdd(x8, w3, s5);
            if (TColumns.Count > 4 && TWidth.Count > 4)
                s4 = T.MultiplyAdd(x8, w4, s4);
            var x9 = T.Broadcast(numbers[9]);
            if (TWidth.Count > 8)
                s9 = T.MultiplyAdd(x9, w0, s9);
            if (TWidth.Count > 8)
                s8 = T.MultiplyAdd(x9, w1, s8);
            if (TColumns.Count > 2 && TWidth.Count > 6)
                s7 = T.MultiplyAdd(x9, w2, s7);
            if (TColumns.Count > 3 && TWidth.Count > 6)
                s6 = T.MultiplyAdd(x9, w3, s6);
            if (TColumns.Count > 4 && TWidth.Count > 4)
                s5 = T.MultiplyAdd(x9, w4, s5);
            var x10 = T.Broadcast(numbers[10]);
            if (TWidth.Count > 10)
                s10 = T.MultiplyAdd(x10, w0, s10);
            if (TWidth.Count > 8)
                s9 = T.MultiplyAdd(x10, w1, s9);
            if (TColumns.Count > 2 && TWidth.Count > 8)
                s8 = T.MultiplyAdd(x10, w2, s8);
            if (TColumns.Count > 3 && TWidth.Count > 6)
                s7 = T.MultiplyAdd(x10, w3, s7);
            if (TColumns.Count > 4 && TWidth.Count > 6)
                s6 = T.MultiplyAdd(x10, w4, s6);
            var x11 = T.Broadcast(numbers[11]);
            if (TWidth.Count > 10)
                s11 = T.MultiplyAdd(x11, w0, s11);
            if (TWidth.Count > 10)
                s10 = T.MultiplyAdd(x11, w1, s10);
            if (TColumns.Count > 2 && TWidth.Count > 8)
                s9 = T.MultiplyAdd(x11, w2, s9);
            if (TColumns.Count > 3 && TWidth.Count > 8)
                s8 = T.MultiplyAdd(x11, w3, s8);
            if (TColumns.Count > 4 && TWidth.Count > 6)
                s7 = T.MultiplyAdd(x11, w4, s7);
            var x12 = T.Broadcast(numbers[12]);
            if (TWidth.Count > 12)
                s12 = T.MultiplyAdd(x12, w0, s12);
            if (TWidth.Count > 10)
                s11 = T.MultiplyAdd(x12, w1, s11);
            if (TColumns.Count > 2 && TWidth.Count > 10)
                s10 = T.MultiplyAdd(x12, w2, s10);
            if (TColumns.Count > 3 && TWidth.Count > 8)
                s9 = T.MultiplyAdd(x12, w3, s9);
            if (TColumns.Count > 4 && TWidth.Count > 8)
                s8 = T.MultiplyAdd(x12, w4, s8);
            var x13 = T.Broadcast(numbers[13]);
            if (TWidth.Count > 12)
                s13 = T.MultiplyAdd(x13, w0, s13);
            if (TWidth.Count > 12)
                s12 = T.MultiplyAdd(x13, w1, s12);
            if (TColumns.Count > 2 && TWidth.Count > 10)
                s11 = T.MultiplyAdd(x13, w2, s11);
            if (TColumns.Count > 3 && TWidth.Count > 10)
                s10 = T.MultiplyAdd(x13, w3, s10);
            if (TColumns.Count > 4 && TWidth.Count > 8)
                s9 = T.MultiplyAdd(x13, w4, s9);
            var x14 = T.Broadcast(numbers[14]);
            if (TWidth.Count > 12)
                s13 = T.MultiplyAdd(x14, w1, s13);
            if (TColumns.Count > 2 && TWidth.Count > 12)
                s12 = T.MultiplyAdd(x14, w2, s12);
            if (TColumns.Count > 3 && TWidth.Count > 10)
                s11 = T.MultiplyAdd(x14, w3, s11);
            if (TColumns.Count > 4 && TWidth.Count > 10)
                s10 = T.MultiplyAdd(x14, w4, s10);
            var x15 = T.Broadcast(numbers[15]);
            if (TColumns.Count > 2 && TWidth.Count > 12)
                s13 = T.MultiplyAdd(x15, w2, s13);
            if (TColumns.Count > 3 && TWidth.Count > 12)
                s12 = T.MultiplyAdd(x15, w3, s12);
            if (TColumns.Count > 4 && TWidth.Count > 10)
                s11 = T.MultiplyAdd(x15, w4, s11);
            var x16 = T.Broadcast(numbers[16]);
            if (TColumns.Count > 3 && TWidth.Count > 12)
                s13 = T.MultiplyAdd(x16, w3, s13);
            if (TColumns.Count > 4 && TWidth.Count > 12)
                s12 = T.MultiplyAdd(x16, w4, s12);
            var x17 = T.Broadcast(numbers[17]);
            if (TColumns.Count > 4 && TWidth.Count > 12)
                s13 = T.MultiplyAdd(x17, w4, s13);
        }

        var b = T.Load(bias);
        PixelRun.End(s0, b, rectify, target);
        PixelRun.End(s1, b, rectify, target + Workspace.Lanes);
        if (TWidth.Count > 2)
        {
            PixelRun.End(s2, b, rectify, target + (2 * Workspace.Lanes));
            PixelRun.End(s3, b, rectify, target + (3 * Workspace.Lanes));
        }

        if (TWidth.Count > 4)
        {
            PixelRun.End(s4, b, rectify, target + (4 * Workspace.Lanes));
            PixelRun.End(s5, b, rectify, target + (5 * Workspace.Lanes));
        }

        if (TWidth.Count > 6)
        {
            PixelRun.End(s6, b, rectify, target + (6 * Workspace.Lanes));
            PixelRun.End(s7, b, rectify, target + (7 * Workspace.Lanes));
        }

        if (TWidth.Count > 8)
        {
            PixelRun.End(s8, b, rectify, target + (8 * Workspace.Lanes));
            PixelRun.End(s9, b, rectify, target + (9 * Workspace.Lanes));
        }

        if (TWidth.Count > 10)
        {
            PixelRun.End(s10, b, rectify, target + (10 * Workspace.Lanes));
            PixelRun.End(s11, b, rectify, target + (11 * Workspace.Lanes));
        }

        if (TWidth.Count > 12)
        {
            PixelRun.End(s12, b, rectify, target + (12 * Workspace.Lanes));
            PixelRun.End(s13, b, rectify, target + (13 * Workspace.Lanes));
        }
    }
}
