using System.Runtime.CompilerServices;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// The weight gradient, each sum over (n, i, j), from the gradients that are not zero: after max-pooling and ReLU at most a quarter are.
/// </summary>
/// <remarks>
/// <para>Lanes run over taps, because a chain runs over samples. A group of 16 samples is turned sample by sample, in a layout in which every window's input is one
/// run of memory (<see cref="Patches"/>); then each channel's list of gradients (<see cref="GradientLists"/>) is worked off (<see cref="SparseKernels"/>).</para>
/// <para>Leaving out zeros keeps the bits. A finite x times 0 is ±0, and adding that changes a sum only if it is −0. A sum that began as +0 becomes −0 only by
/// underflow, and no later term's result depends on the sign of a zero it is added to, so at most the sign of a final zero is in question.
/// <see cref="ZeroSums"/> says for which it is; they are computed again, plainly. An infinite or NaN x times 0 is NaN: then all is computed plainly.</para>
/// <para>Threads take groups in order, and the chains go from one group to the next through a band of channels at a time: group 1 follows group 0 one band
/// behind. A thread waits only for groups that another has begun.</para>
/// </remarks>
internal static unsafe class WeightGradient
{
    private const int Bands = 8;

    /// <summary>
    /// ∂L/∂w and ∂L/∂b, or nothing where zeros may not be left out: the sign of a zero is in question, an input is not finite, or a gradient is not and
    /// would meet the zeros of a border, which are multiplied here instead of skipped.
    /// </summary>
    /// <param name="workspace">Threads and memory.</param>
    /// <param name="gradients">∂L/∂y.</param>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="g">The convolution.</param>
    /// <param name="weight">[O, C, KH, KW].</param>
    /// <param name="input">The input gradient, computed along with it where samples lie side by side.</param>
    public static (Tensor Weight, Tensor Bias)? Of(
        Workspace workspace, OutputGradients gradients, Tensor x, ConvolutionGeometry g, Shape weight, SparseInputGradient? input = null) =>
        Hardware.Has512 ? Of<Lanes512>(workspace, gradients, x, g, weight, input)
        : Hardware.Has256 ? Of<Lanes256>(workspace, gradients, x, g, weight, input)
        : Hardware.Has128 ? Of<Lanes128>(workspace, gradients, x, g, weight, input)
        : Of<Lanes1>(workspace, gradients, x, g, weight, input);

    // The width of the lanes is the machine's, so a plan need not name it.
    private sealed record Tables(Patches Patches, GradientLists Lists, int[] Weights, SparsePiece[] Pieces, int SumStride);

    private static Tables Plan<T>(ConvolutionGeometry g, ConvolutionGeometry pool, int outputs) where T : struct, ILanes<T>
    {
        var (rows, columns) = PaddedImages.Needed(g) ? (PaddedImages.Rows(g), PaddedImages.Columns(g)) : (g.Height, g.Width);
        var patches = new Patches(g, rows, columns);
        SparsePiece[] pieces = [.. SparsePiece.Of(patches.Length, T.Count)];
        return new(patches, new(g, pool == default ? null : pool, outputs, patches), patches.Weights(), pieces, Workspace.Rounded(pieces.Sum(piece => piece.Vectors) * T.Count));
    }

    private static (Tensor Weight, Tensor Bias)? Of<T>(
        Workspace workspace, OutputGradients gradients, Tensor x, ConvolutionGeometry g, Shape weight, SparseInputGradient? input)
        where T : struct, ILanes<T>
    {
        if (x.Block.Lanes == 1)
            return Finite.All(x) && (!PaddedImages.Needed(g) || Finite.All(gradients.Gradient)) ? FewWeightGradient.Of<T>(workspace, gradients, x, g, weight) : null;
        var (dw, db) = (workspace.Parameter(weight), workspace.Parameter(Shape.Of(weight.First)));
        using var scratch = workspace.Scratch.Begin();
        var (outputs, samples, groups, threads) = (weight.First, x.Shape.First, x.Groups, workspace.Threads);
        // Windows as many as pixels are of one cell each: nothing was chosen.
        var pool = gradients.Pool is { } windows && windows.OutputPixels < windows.Pixels ? windows : default;
        var tables = workspace.Plans.Of(g, pool, outputs, Plan<T>);
        var (patches, lists, sumStride, side) = (tables.Patches, tables.Lists, tables.SumStride, tables.Pieces[0].Channels);
        var blocks = (outputs + side - 1) / side;

        var hands = Math.Min(groups, threads);
        var bordered = PaddedImages.Needed(g);
        long passed = gradients.Rectify ? Workspace.Rounded(gradients.Gradient.Shape.Rest.Count * Workspace.Lanes) : 0;
        var padding = bordered ? (long)g.Channels * PaddedImages.Rows(g) * PaddedImages.Columns(g) * Workspace.Lanes : 0;
        var images = Workspace.Rounded((Workspace.Lanes * patches.Sample) + sumStride);
        var lengths = Workspace.Rounded((2 * side * lists.Stride) + (4 * Workspace.Lanes));
        var slot = passed + padding + lists.Length + images + lengths + (input?.Length ?? 0);
        var sums = workspace.Scratch.Next((long)blocks * side * sumStride);
        var bias = workspace.Scratch.Next((long)(blocks * side * 16) + (16 * side));
        new Span<float>(sums, blocks * side * sumStride).Clear();
        new Span<float>(bias, (blocks * side * 16) + (16 * side)).Clear();
        var idle = bias + ((long)blocks * side * 16);
        var bands = threads == 1 ? 1 : Math.Min(Bands, blocks);
        var turns = new int[bands];
        var (begun, infinite) = (0, 0);
        workspace.Workers.Run(hands, hand =>
        {
            using var own = workspace.Hands[hand].Begin();
            var memory = workspace.Hands[hand].Next(slot);
            for (int group; (group = Interlocked.Increment(ref begun) - 1) < groups;)
                Group(group, memory);
        });
        Extract(tables.Weights, sums, sumStride, bias, dw, db);
        var certain = infinite == 0 && ZeroSums.Certain(dw, gradients.Gradient, x, g);
        gradients.KeepAlive();
        GC.KeepAlive(x);
        return certain ? (dw, db) : null;

        void Group(int group, float* held)
        {
            var padded = held + passed;
            var turned = padded + padding;
            var image = turned + lists.Length;
            var list = (int*)(image + images);
            var numbers = gradients.Group<T>(group, held);
            if (!Finite.All(x.Block.Address + ((long)group * g.Channels * g.Pixels * Workspace.Lanes), g.Channels * g.Pixels * Workspace.Lanes)
                || (bordered && !Finite.All(numbers, gradients.Gradient.Shape.Rest.Count * Workspace.Lanes)))
                Volatile.Write(ref infinite, 1);
            patches.Fill(PaddedImages.Group(x.Block.Address, g, group, padded), image);
            lists.Turn(numbers, gradients.Choices.Block.Address + ((long)group * gradients.Choices.Shape.Rest.Count * Workspace.Lanes), turned);
            var count = Math.Min(Workspace.Lanes, samples - (group * Workspace.Lanes));
            var rest = (float*)list + lengths;
            // While the group before this one is not through, there is other work.
            var early = Volatile.Read(ref turns[0]) < group;
            if (early)
                Input();
            for (var band = 0; band < bands; band++)
            {
                workspace.Workers.WaitFor(ref turns[band], group);
                for (var n = 0; n < count; n++)
                    for (var block = blocks * band / bands; block < blocks * (band + 1) / bands; block++)
                        Sample<T>(
                            lists, turned, n, block * side, Math.Min(side, outputs - (block * side)), list, (float*)(list + (side * lists.Stride)),
                            image + ((long)n * patches.Sample), tables.Pieces,
                            sums + ((long)block * side * sumStride), sumStride, bias + ((long)block * side * 16), idle);
                Volatile.Write(ref turns[band], group + 1);
            }

            if (!early)
                Input();

            void Input() => input?.Group(group, count, new(numbers, gradients.Gradient.Shape.Rest.Count * Workspace.Lanes), lists, turned, rest);
        }
    }

    /// <summary>Takes the sums and the bias's, sixteen floats apart, to where they belong.</summary>
    /// <param name="weights">Which weight of a channel each sum belongs to, or −1.</param>
    /// <param name="sums">The channels' sums.</param>
    /// <param name="sumStride">From one channel's to the next.</param>
    /// <param name="bias">The channels' bias gradients.</param>
    /// <param name="dw">∂L/∂w.</param>
    /// <param name="db">∂L/∂b.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Extract(int[] weights, float* sums, int sumStride, float* bias, Tensor dw, Tensor db)
    {
        float* weight = dw.Block.Address, offset = db.Block.Address;
        for (var (o, taps) = (0, dw.Shape.Rest.Count); o < dw.Shape.First; o++, sums += sumStride, bias += Workspace.Lanes, weight += taps)
        {
            offset[o] = *bias;
            for (var place = 0; place < weights.Length; place++)
                if (weights[place] is >= 0 and var tap)
                    weight[tap] = sums[place];
        }
    }

    // Counts are on the stack of a method of its own, so that they are not cleared for each group.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sample<T>(
        GradientLists lists, float* turned, int sample, int first, int channels, int* list, float* gradients, float* patches, SparsePiece[] pieces,
        float* sums, int sumStride, float* bias, float* idle)
        where T : struct, ILanes<T>
    {
        var counts = stackalloc int[SparsePiece.Most];
        for (var c = 0; c < pieces[0].Channels; c++)
            counts[c] = c < channels ? lists.List(turned, sample, first + c, list + (c * lists.Stride), gradients + (c * lists.Stride)) : 0;
        Add<T>(counts, list, gradients, lists.Stride, patches, pieces, sums, sumStride, bias, idle);
    }

    /// <summary>Adds a sample's terms to the sums of a few channels.</summary>
    /// <param name="counts">How long the channels' lists are.</param>
    /// <param name="list">The lists: where the patch begins that each gradient stands at.</param>
    /// <param name="gradients">What they are.</param>
    /// <param name="stride">From one list to the next.</param>
    /// <param name="patches">The sample in the layout of <see cref="Patches"/> or <see cref="ImagePatches"/>.</param>
    /// <param name="pieces">The kernels that together reach over a patch.</param>
    /// <param name="sums">The channels' sums.</param>
    /// <param name="sumStride">From one channel's sums to the next.</param>
    /// <param name="bias">The channels' bias gradients, sixteen floats for each.</param>
    /// <param name="idle">Room for bias gradients that are not wanted.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Add<T>(
        int* counts, int* list, float* gradients, int stride, float* patches, SparsePiece[] pieces, float* sums, int sumStride, float* bias, float* idle)
        where T : struct, ILanes<T>
    {
        var (side, longest) = (pieces[0].Channels, 0);
        for (var c = 0; c < side; c++)
            longest = Math.Max(longest, counts[c]);
        // Shorter lists are filled up with gradients of 0.
        for (var c = 0; c < side; c++)
        {
            if (counts[c] == longest)
                continue;
            new Span<int>(list + (c * stride), longest)[counts[c]..].Clear();
            new Span<float>(gradients + (c * stride), longest)[counts[c]..].Clear();
        }

        foreach (var piece in pieces)
        {
            var run = patches + piece.Start;
            if (piece.Vectors == 1)
                SparseKernels.TwoByOne<T>(list, stride, longest, gradients, run, sums, sumStride, bias);
            else if (piece.Channels == 3)
                SparseKernels.ThreeByTwo<T>(list, stride, longest, gradients, run, sums, sumStride, bias);
            else if (piece.Vectors == 2)
                SparseKernels.OneByTwo<T>(list, stride, longest, gradients, run, sums, sumStride, bias);
            else if (piece.Vectors == 6)
                SparseKernels.OneBySix<T>(list, stride, longest, gradients, run, sums, sumStride, bias);
            else
                SparseKernels.OneByTen<T>(list, stride, longest, gradients, run, sums, sumStride, bias);
            sums += piece.Vectors * T.Count;
            bias = idle; // the bias has had its terms
        }
    }
}
