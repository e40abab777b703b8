using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// Which gradients behind a pool of 2 × 2 are added to which two columns of the input, in order. A row of windows has one gradient each, and a window's lies in the
/// first or second row and column of its two; under a kernel of up to five columns, window q reaches the columns 2q to 2q + 5: the pairs q, q + 1 and q + 2.
/// </summary>
/// <remarks>
/// The chain of a pixel of ∂L/∂x takes the output's rows from the last to the first, and in each its columns likewise. So of the windows that reach a pair, those
/// that chose their second row come first, and among equals the one further right. There are 32 ways in which five windows can choose; each has its order ready.
/// </remarks>
internal static unsafe class SortedTerms
{
    /// <summary>The most windows in a row.</summary>
    public const int Windows = 5;

    /// <summary>The pairs of columns that they reach.</summary>
    public const int Pairs = Windows + 2;

    /// <summary>The terms of a row of windows, those of one pair after those of another; the sixteenth is idle.</summary>
    public const int Stride = 16;

    private static readonly (int Window, int Pair)[][] Sorted =
    [
        .. Enumerable.Range(0, 1 << Windows).Select(second => Enumerable.Range(0, Pairs).SelectMany(pair =>
            Enumerable.Range(0, Windows).Where(window => pair - window is >= 0 and <= 2)
                .OrderByDescending(window => (second >> window) & 1).ThenByDescending(window => window).Select(window => (window, pair))).ToArray()),
    ];

    // For each way the windows can choose: the window of each term, and how far the pair is from it in a row of weights.
    private static readonly int[] Order = [.. Sorted.SelectMany(terms => InLanes([.. terms.Select(term => term.Window), 0]))];
    private static readonly int[] Shift = [.. Sorted.SelectMany(terms => InLanes([.. terms.Select(term => 2 * (term.Pair - term.Window) * ColumnKernel.Channels), 0]))];

    private static readonly (int First, int Count)[] Terms =
        [.. Enumerable.Range(0, Pairs).Select(pair => (Sorted[0].Count(term => term.Pair < pair), Sorted[0].Count(term => term.Pair == pair)))];

    /// <summary>The terms of a pair.</summary>
    /// <param name="pair">Which, from the left.</param>
    /// <returns>Its first term and how many there are.</returns>
    public static (int First, int Count) Of(int pair) => Terms[pair];

    /// <summary>Sorts a sample's gradients.</summary>
    /// <param name="numbers">The gradients of the first output channel: rows of windows one after another; vectors read past their end.</param>
    /// <param name="choices">The cells that were chosen, 0 to 3, laid likewise.</param>
    /// <param name="outputs">How many output channels.</param>
    /// <param name="stride">From one channel's gradients to the next's.</param>
    /// <param name="rows">Rows of windows.</param>
    /// <param name="width">Windows in a row, at most five.</param>
    /// <param name="terms">
    /// Each term's gradient and, in the upper half, where its weights begin in those of the channel (see <see cref="ColumnKernel"/>):
    /// <see cref="Stride"/> for a row of windows, <see cref="ColumnKernel.Windows"/> rows for a channel. One load brings both.
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sort(float* numbers, float* choices, int outputs, int stride, int rows, int width, long* terms)
    {
        // A choice in the second row begins at the zeros above the weights, one in the second column at those to their left.
        var starts = Vector512.Create(
            ColumnKernel.Row + ColumnKernel.Channels, ColumnKernel.Row, ColumnKernel.Channels, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        var inside = Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(width)).AsSingle();
        fixed (int* order = Order, shift = Shift)
            for (var o = 0; o < outputs; o++, numbers += stride, choices += stride, terms += ColumnKernel.Windows * Stride)
            {
                var (number, choice, term) = ((nint)numbers, (nint)choices, (nint)terms);
                for (var row = 0; row < rows; row++, number += width * sizeof(float), choice += width * sizeof(float), term += Stride * sizeof(long))
                {
                    var chosen = Avx512F.ConvertToVector512Int32(Vector512.Load((float*)choice));
                    var way = Stride * ((int)Vector512.GreaterThan(chosen, Vector512<int>.One).ExtractMostSignificantBits() & ((1 << Windows) - 1));
                    var windows = Vector512.Load(order + way);
                    var gradient = Avx512F.PermuteVar16x32(Vector512.Load((float*)number) & inside, windows);
                    var weights = Avx512F.PermuteVar16x32(Avx512F.PermuteVar16x32(starts, chosen), windows) + Vector512.Load(shift + way);
                    Avx512F.UnpackLow(gradient, weights.AsSingle()).Store((float*)term);
                    Avx512F.UnpackHigh(gradient, weights.AsSingle()).Store((float*)term + Vector512<float>.Count);
                }
            }
    }

    // Unpacking takes two numbers of every four lanes, and then the other two: so that the terms come out in order, they go in like this.
    private static int[] InLanes(int[] terms) => [.. Enumerable.Range(0, Stride).Select(lane => terms[(lane % 4 / 2 * 8) + (lane / 4 * 2) + (lane % 2)])];
}
