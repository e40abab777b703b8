using System.Runtime.CompilerServices;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// The weight gradient, each sum over (n, i, j), from the gradients that are not zero: after max-pooling and ReLU at most a quarter are.
/// </summary>
/// <remarks>
/// <para>Lanes run over taps, because a chain runs over samples. A group of 16 samples is turned sample by sample, in a layout in which every window's input is one
/// run of memory (<see cref="Patches"/>); then each channel's list of gradients is worked off (<see cref="SparseKernels"/>).</para>
/// <para>Leaving out zeros keeps the bits. A finite x times 0 is ±0, and adding that changes a sum only if it is −0. A sum that began as +0 becomes −0 only by
/// underflow, and no later term's result depends on the sign of a zero it is added to, so at most the sign of a final zero is in question.
/// <see cref="ZeroSums"/> says for which it is; they are computed again, plainly. An infinite or NaN x times 0 is NaN: then all is computed plainly.</para>
/// <para>Threads take groups in order, and the chains go from one group to the next through a band of channels at a time: group 1 follows group 0 one band
/// behind. A thread waits only for groups that another has begun.</para>
/// </remarks>
internal static unsafe class WeightGradient
{
    private const int Bands = 4;

    /// <summary>Whether zeros may be left out, and those of a border multiplied instead of skipped.</summary>
    public static bool Exact(Tensor x, Tensor gradient, ConvolutionGeometry g) =>
        x.Block.Lanes == Workspace.Lanes && Finite.All(x) && (!PaddedImages.Needed(g) || Finite.All(gradient));

    /// <summary>∂L/∂w and ∂L/∂b, or nothing where the sign of a zero is in question.</summary>
    public static (Tensor Weight, Tensor Bias)? Of(Workspace workspace, OutputGradients gradients, Tensor x, ConvolutionGeometry g, Shape weight) =>
        Hardware.Has512 ? Of<Lanes512>(workspace, gradients, x, g, weight)
        : Hardware.Has256 ? Of<Lanes256>(workspace, gradients, x, g, weight)
        : Hardware.Has128 ? Of<Lanes128>(workspace, gradients, x, g, weight)
        : Of<Lanes1>(workspace, gradients, x, g, weight);

    private static (Tensor Weight, Tensor Bias)? Of<T>(Workspace workspace, OutputGradients gradients, Tensor x, ConvolutionGeometry g, Shape weight)
        where T : struct, ILanes<T>
    {
        var (dw, db) = (workspace.Parameter(weight), workspace.Parameter(Shape.Of(weight.First)));
        using var scratch = workspace.Scratch.Begin();
        var (outputs, samples, groups, threads) = (weight.First, x.Shape.First, x.Groups, workspace.Threads);
        var (rows, columns) = PaddedImages.Needed(g) ? (PaddedImages.Rows(g), PaddedImages.Columns(g)) : (g.Height, g.Width);
        var patches = new Patches(g, rows, columns);
        var pieces = SparsePiece.Of((patches.Length + T.Count - 1) / T.Count);
        var lists = pieces[0].Channels;
        var sumStride = pieces.Sum(piece => piece.Vectors) * T.Count;
        sumStride = (sumStride + 15) / 16 * 16;
        var blocks = (outputs + lists - 1) / lists;

        // A row of gradients has at least one zero after its last, for entries that fill up a list.
        var row = ((g.OutputPixels / 16) + 1) * 16;
        var transposed = new int[row];
        for (var p = 0; p < g.OutputPixels; p++)
            transposed[p] = p * Workspace.Lanes;

        var hands = Math.Min(groups, threads);
        var dense = (long)outputs * g.OutputPixels * Workspace.Lanes;
        var padding = PaddedImages.Needed(g) ? (long)g.Channels * rows * columns * Workspace.Lanes : 0;
        var turned = (long)Workspace.Lanes * outputs * row;
        var images = ((long)Workspace.Lanes * patches.Sample) + sumStride;
        var slot = dense + padding + turned + images + ((long)lists * (row + 16)) + 64;
        slot = (slot + 15) / 16 * 16;
        var memory = workspace.Scratch.Next(hands * slot);
        var sums = workspace.Scratch.Next((long)blocks * lists * sumStride);
        var bias = workspace.Scratch.Next((long)(blocks * lists * 16) + (16 * lists));
        new Span<float>(sums, blocks * lists * sumStride).Clear();
        new Span<float>(bias, (blocks * lists * 16) + (16 * lists)).Clear();
        var idle = bias + ((long)blocks * lists * 16);
        var bands = threads == 1 ? 1 : Math.Min(Bands, blocks);
        var turns = new int[bands];

        var begun = 0;
        workspace.Workers.Run(hands, hand =>
        {
            for (int group; (group = Interlocked.Increment(ref begun) - 1) < groups;)
                Group(group, memory + (hand * slot));
        });
        var tapOf = patches.Weights();
        for (var o = 0; o < outputs; o++)
        {
            db.Block.Address[o] = bias[o * 16];
            for (var place = 0; place < tapOf.Length; place++)
                if (tapOf[place] is >= 0 and var tap)
                    dw.Block.Address[((long)o * g.Taps) + tap] = sums[((long)o * sumStride) + place];
        }

        var certain = ZeroSums.Certain(dw, gradients.Gradient, x, g);
        GC.KeepAlive(gradients.Gradient);
        GC.KeepAlive(gradients.Values);
        GC.KeepAlive(gradients.Choices);
        GC.KeepAlive(x);
        return certain ? (dw, db) : null;

        void Group(int group, float* dy)
        {
            var padded = dy + dense;
            var d = padded + padding;
            var z = d + turned;
            var list = (int*)(z + images);
            var image = PaddedImages.Group(x.Block.Address, g, group, padded);
            patches.Fill(image, z);
            Turn(gradients.Group(group, dense, dy), d, g.OutputPixels, outputs, row, transposed);
            var count = Math.Min(Workspace.Lanes, samples - (group * Workspace.Lanes));
            for (var band = 0; band < bands; band++)
            {
                workspace.Workers.WaitFor(ref turns[band], group);
                for (var n = 0; n < count; n++)
                    for (var block = blocks * band / bands; block < blocks * (band + 1) / bands; block++)
                        Sample<T>(
                            d + (((long)n * outputs) + (block * lists)) * row, Math.Min(lists, outputs - (block * lists)), row, g.OutputPixels, list, z + ((long)n * patches.Sample), patches.Table, pieces,
                            sums + ((long)block * lists * sumStride), sumStride, bias + ((long)block * lists * 16), idle);
                Volatile.Write(ref turns[band], group + 1);
            }
        }
    }

    /// <summary>Gradients of a group, sample by sample: [16][O][row], zeros after the last of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Turn(float* dy, float* target, int pixels, int outputs, int row, int[] offsets)
    {
        fixed (int* source = offsets)
            for (var o = 0; o < outputs; o++)
            {
                for (var p = 0; p < pixels; p += 16)
                    Transposition.Run(dy + ((long)o * pixels * Workspace.Lanes), source + p, target + ((long)o * row) + p, (long)outputs * row);
                for (var n = 0; n < Workspace.Lanes; n++)
                    new Span<float>(target + ((((long)n * outputs) + o) * row) + pixels, row - pixels).Clear();
            }
    }

    /// <summary>Adds a sample's terms to the sums of a few channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sample<T>(
        float* gradients, int channels, int row, int pixels, int* list, float* patches, int[] places, SparsePiece[] pieces, float* sums, int sumStride, float* bias, float* idle)
        where T : struct, ILanes<T>
    {
        var (lists, stride, longest) = (pieces[0].Channels, row + 16, 0);
        var counts = stackalloc int[SparsePiece.Most];
        for (var c = 0; c < channels; c++)
        {
            counts[c] = NonZeros.List(gradients + ((long)c * row), row, list + (c * stride));
            longest = Math.Max(longest, counts[c]);
        }

        for (var c = 0; c < lists; c++)
            new Span<int>(list + (c * stride), longest)[(c < channels ? counts[c] : 0)..].Fill(pixels);
        // Lists of channels beyond the last point to the zero after the first channel's row.
        fixed (int* table = places)
            foreach (var piece in pieces)
            {
                if (piece.Channels == 3 && piece.Vectors == 1)
                    SparseKernels.ThreeByOne<T>(list, stride, longest, gradients, row, patches, table, sums, sumStride, bias);
                else if (piece.Channels == 3)
                    SparseKernels.ThreeByTwo<T>(list, stride, longest, gradients, row, patches, table, sums, sumStride, bias);
                else if (piece.Vectors == 6)
                    SparseKernels.OneBySix<T>(list, stride, longest, gradients, row, patches, table, sums, sumStride, bias);
                else
                    SparseKernels.OneByTen<T>(list, stride, longest, gradients, row, patches, table, sums, sumStride, bias);
                patches += piece.Vectors * T.Count;
                sums += piece.Vectors * T.Count;
                bias = idle; // the bias has had its terms
            }
    }
}
