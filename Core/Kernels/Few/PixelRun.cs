using System.Runtime.CompilerServices;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// The sums of neighbouring pixels of a row, output channels in the lanes: at each tap one vector of weights and a number for each pixel, which lies beside the
/// one before. Each sum is one chain of fused multiply-adds in a register of its own.
/// </summary>
internal static unsafe class PixelRun
{
    /// <summary>The longest run; of AVX2's sixteen registers some are needed for the factors.</summary>
    public static int Most => Hardware.Registers < 32 ? 12 : 14;

    /// <summary>The length of the runs, an even one, that a row of pixels is cut into; the last may begin before the end of the one before.</summary>
    /// <param name="columns">Pixels of a row.</param>
    public static int Width(int columns)
    {
        var runs = (columns + Most - 1) / Most;
        return ((columns + runs - 1) / runs + 1) / 2 * 2;
    }

    /// <summary>Computes a run, bias and ReLU included.</summary>
    /// <param name="width">How many pixels, even.</param>
    /// <param name="source">What the first pixel has at a tap of offset 0.</param>
    /// <param name="taps">Offsets of the taps.</param>
    /// <param name="count">How many taps.</param>
    /// <param name="weights">[tap][16].</param>
    /// <param name="bias">A number for each lane.</param>
    /// <param name="rectify">Whether a ReLU, x ≤ 0 ? 0 : x, follows.</param>
    /// <param name="target">[pixel][16].</param>
    public static void Compute<T>(int width, float* source, int* taps, int count, float* weights, float* bias, bool rectify, float* target) where T : struct, ILanes<T>
    {
        switch (width)
        {
            case 2:
                Sums<T, Run2>(source, taps, count, weights, bias, rectify, target);
                break;
            case 4:
                Sums<T, Run4>(source, taps, count, weights, bias, rectify, target);
                break;
            case 6:
                Sums<T, Run6>(source, taps, count, weights, bias, rectify, target);
                break;
            case 8:
                Sums<T, Run8>(source, taps, count, weights, bias, rectify, target);
                break;
            case 10:
                Sums<T, Run10>(source, taps, count, weights, bias, rectify, target);
                break;
            case 12:
                Sums<T, Run12>(source, taps, count, weights, bias, rectify, target);
                break;
            default:
                Sums<T, Run14>(source, taps, count, weights, bias, rectify, target);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sums<T, TWidth>(float* source, int* taps, int count, float* weights, float* bias, bool rectify, float* target)
        where T : struct, ILanes<T>
        where TWidth : struct, IRunWidth
    {
        T s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, s12, s13;
        s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = s8 = s9 = s10 = s11 = s12 = s13 = T.Broadcast(0);
        for (var tap = 0; tap < count; tap++, weights += Workspace.Lanes)
        {
            var x = source + taps[tap];
            var w = T.Load(weights);
            s0 = T.MultiplyAdd(w, T.Broadcast(x[0]), s0);
            s1 = T.MultiplyAdd(w, T.Broadcast(x[1]), s1);
            if (TWidth.Count > 2)
            {
                s2 = T.MultiplyAdd(w, T.Broadcast(x[2]), s2);
                s3 = T.MultiplyAdd(w, T.Broadcast(x[3]), s3);
            }

            if (TWidth.Count > 4)
            {
                s4 = T.MultiplyAdd(w, T.Broadcast(x[4]), s4);
                s5 = T.MultiplyAdd(w, T.Broadcast(x[5]), s5);
            }

            if (TWidth.Count > 6)
            {
                s6 = T.MultiplyAdd(w, T.Broadcast(x[6]), s6);
                s7 = T.MultiplyAdd(w, T.Broadcast(x[7]), s7);
            }

            if (TWidth.Count > 8)
            {
                s8 = T.MultiplyAdd(w, T.Broadcast(x[8]), s8);
                s9 = T.MultiplyAdd(w, T.Broadcast(x[9]), s9);
            }

            if (TWidth.Count > 10)
            {
                s10 = T.MultiplyAdd(w, T.Broadcast(x[10]), s10);
                s11 = T.MultiplyAdd(w, T.Broadcast(x[11]), s11);
            }

            if (TWidth.Count > 12)
            {
                s12 = T.MultiplyAdd(w, T.Broadcast(x[12]), s12);
                s13 = T.MultiplyAdd(w, T.Broadcast(x[13]), s13);
            }
        }

        var b = T.Load(bias);
        End(s0, b, rectify, target);
        End(s1, b, rectify, target + Workspace.Lanes);
        if (TWidth.Count > 2)
        {
            End(s2, b, rectify, target + (2 * Workspace.Lanes));
            End(s3, b, rectify, target + (3 * Workspace.Lanes));
        }

        if (TWidth.Count > 4)
        {
            End(s4, b, rectify, target + (4 * Workspace.Lanes));
            End(s5, b, rectify, target + (5 * Workspace.Lanes));
        }

        if (TWidth.Count > 6)
        {
            End(s6, b, rectify, target + (6 * Workspace.Lanes));
            End(s7, b, rectify, target + (7 * Workspace.Lanes));
        }

        if (TWidth.Count > 8)
        {
            End(s8, b, rectify, target + (8 * Workspace.Lanes));
            End(s9, b, rectify, target + (9 * Workspace.Lanes));
        }

        if (TWidth.Count > 10)
        {
            End(s10, b, rectify, target + (10 * Workspace.Lanes));
            End(s11, b, rectify, target + (11 * Workspace.Lanes));
        }

        if (TWidth.Count > 12)
        {
            End(s12, b, rectify, target + (12 * Workspace.Lanes));
            End(s13, b, rectify, target + (13 * Workspace.Lanes));
        }
    }

    /// <summary>Adds the bias, rectifies where asked, and writes a sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void End<T>(T sum, T bias, bool rectify, float* target) where T : struct, ILanes<T>
    {
        sum = T.Add(sum, bias);
        T.Store(rectify ? Rectified.Of(sum) : sum, target);
    }
}
