using System.Runtime.CompilerServices;
using FunctionalLeNet.Core.Numerics;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>The weight gradient of a batch whose samples lie one after another: <see cref="WeightGradient"/> without the turning, a sample after another.</summary>
internal static unsafe class FewWeightGradient
{
    // Multiply-adds below which a second thread brings nothing.
    private const long SharedWork = 1 << 22;

    /// <summary>∂L/∂w and ∂L/∂b, of finite numbers: zeros are left out.</summary>
    public static (Tensor Weight, Tensor Bias) Of<T>(Workspace workspace, OutputGradients gradients, Tensor x, ConvolutionGeometry g, Shape weight)
        where T : struct, ILanes<T>
    {
        var (dw, db, outputs, samples) = (workspace.Parameter(weight), workspace.Parameter(Shape.Of(weight.First)), weight.First, x.Shape.First);
        using var scratch = workspace.Scratch.Begin();
        var plan = ImagePatches.Of<T>(workspace, g);
        var lists = plan.Pieces[0].Channels;
        var sumStride = Workspace.Rounded(plan.Pieces.Sum(piece => piece.Vectors) * T.Count);
        var channels = (outputs + lists - 1) / lists * lists;
        // Vectors are read and lists are written whole.
        var row = ((g.OutputPixels / 16) + 2) * 16;
        var (maps, dense, sample) = ((long)outputs * row, (long)outputs * g.OutputPixels, (long)plan.Length + sumStride);
        float* rows = workspace.Scratch.Next(samples * maps), patches = workspace.Scratch.Next(samples * sample);
        float* sums = workspace.Scratch.Next((long)channels * sumStride), bias = workspace.Scratch.Next(16L * channels);
        workspace.RunAlone(samples, (n, alone) =>
        {
            using var own = alone.Scratch.Begin();
            plan.Fill(x.Block.Address + ((long)n * g.Channels * g.Pixels), patches + (n * sample));
            Rows(gradients.Sample(n, dense, alone.Scratch.Next(dense)), rows + (n * maps), outputs, g.OutputPixels, row);
        });
        // Chains run over samples: threads share channels.
        var hands = samples * dense * g.Taps < SharedWork ? 1 : Math.Min(workspace.Threads, channels / lists);
        workspace.RunAlone(hands, (hand, alone) =>
        {
            using var own = alone.Scratch.Begin();
            float* idle = alone.Scratch.Next(16L * lists), found = alone.Scratch.Next((long)lists * row);
            var list = (int*)alone.Scratch.Next((long)lists * row);
            var counts = stackalloc int[SparsePiece.Most];
            int from = channels / lists * hand / hands * lists, to = channels / lists * (hand + 1) / hands * lists;
            new Span<float>(sums + ((long)from * sumStride), (to - from) * sumStride).Clear();
            new Span<float>(bias + (16L * from), 16 * (to - from)).Clear();
            new Span<float>(idle, 16 * lists).Clear();
            fixed (int* places = plan.Places)
                for (var n = 0; n < samples; n++)
                    for (var o = from; o < to; o += lists)
                    {
                        for (var c = 0; c < lists; c++)
                            counts[c] = o + c < outputs
                                ? GradientLists.NonZeros(rows + (n * maps) + ((long)(o + c) * row), g.OutputPixels, places, list + (c * row), found + (c * row))
                                : 0;
                        WeightGradient.Add<T>(
                            counts, list, found, row, patches + (n * sample), plan.Pieces, sums + ((long)o * sumStride), sumStride, bias + (16L * o), idle);
                    }
        });

        WeightGradient.Extract(plan.Weights, sums, sumStride, bias, dw, db);
        Settle(new ReadOnlySpan<float>(rows, (int)(samples * maps)), row, x, g, dw);
        Jobs.KeepAlive(gradients.Gradient, gradients.Values, gradients.Choices);
        GC.KeepAlive(x);
        return (dw, db);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows(float* maps, float* rows, int outputs, int pixels, int row)
    {
        for (var o = 0; o < outputs; o++, maps += pixels, rows += row)
        {
            new ReadOnlySpan<float>(maps, pixels).CopyTo(new(rows, pixels));
            new Span<float>(rows + pixels, row - pixels).Clear();
        }
    }

    /// <summary>Sums that are zero and may have underflowed are computed again, term by term: their sign depends on the zeros that were left out.</summary>
    private static void Settle(ReadOnlySpan<float> rows, int row, Tensor x, ConvolutionGeometry g, Tensor dw)
    {
        var sums = new Span<float>(dw.Block.Address, dw.Count);
        if (!Magnitudes.HasZero(sums) || Magnitudes.Suffices(Magnitudes.Smallest(rows), Magnitudes.Smallest(new(x.Block.Address, x.Block.Length))))
            return;
        for (var weight = 0; weight < sums.Length; weight++)
            if (sums[weight] == 0)
                sums[weight] = Chain(rows, row, x, g, dw.Shape.First, weight);
    }

    private static float Chain(ReadOnlySpan<float> rows, int row, Tensor x, ConvolutionGeometry g, int outputs, int weight)
    {
        var (o, tap) = Math.DivRem(weight, g.Taps);
        var (c, inKernel) = Math.DivRem(tap, g.KernelHeight * g.KernelWidth);
        var (u, v) = Math.DivRem(inKernel, g.KernelWidth);
        var sum = 0f;
        for (var n = 0; n < x.Shape.First; n++)
        {
            var gradients = rows.Slice(((n * outputs) + o) * row, g.OutputPixels);
            var channel = x.Block.Address + ((((long)n * g.Channels) + c) * g.Pixels);
            for (var p = 0; p < gradients.Length; p++)
            {
                var (h, k) = ((p / g.OutputWidth * g.StrideHeight) - g.Top + u, (p % g.OutputWidth * g.StrideWidth) - g.Left + v);
                if ((uint)h < (uint)g.Height && (uint)k < (uint)g.Width)
                    sum = Fma.Single(gradients[p], channel[(h * g.Width) + k], sum);
            }
        }

        return sum;
    }
}
