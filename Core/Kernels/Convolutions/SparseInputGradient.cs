using System.Runtime.CompilerServices;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// The input gradient behind a pool of 2 × 2, from the quarter of the gradients that is not zero: ∂L/∂x[c, h, k] sums ∂L/∂y[o, h − u, k − v] · w[o, c, u, v] over
/// (o, u, v), and of the four cells of a window only the chosen one has a gradient. For images and kernels as LeNet's second convolution has them; others take
/// <see cref="InputGradientTiles"/>.
/// </summary>
/// <remarks>
/// Samples chose differently, so each is computed by itself, with input channels in the lanes. Two columns of its image stay in registers
/// (<see cref="ColumnKernel"/>) while all gradients that reach them are added in the chain's order (<see cref="SortedTerms"/>). The work rides on the weight
/// gradient's, group by group: the same sorted numbers, on the same core, and another thread's turn at the weight gradient is not waited for idly.
/// Terms of zero are left out, and weights of zero added; both could change a sum of −0 alone, one that underflowed (see <see cref="WeightGradient"/>).
/// Where one could be, all is computed again with the zeros.
/// </remarks>
internal sealed unsafe class SparseInputGradient
{
    private const int Columns = 2 * SortedTerms.Pairs;
    private const int Image = ColumnKernel.Rows * Columns * ColumnKernel.Channels;

    private readonly Tensor _dx;
    private readonly ConvolutionGeometry _g;
    private readonly ConvolutionGeometry _pool;
    private readonly float* _weights;
    private readonly float _smallest;
    private readonly int _outputs;
    private bool _uncertain;

    /// <summary>Packs the weights: [O][a row of zeros and KH others][a pixel of zeros and KW others][8].</summary>
    /// <param name="workspace">Where the result is placed.</param>
    /// <param name="scratch">Memory for the time of the computation.</param>
    /// <param name="w">[O, C, KH, KW].</param>
    /// <param name="g">The convolution.</param>
    /// <param name="pool">The pool behind it.</param>
    /// <param name="input">[N, C, H, W].</param>
    public SparseInputGradient(Workspace workspace, Arena scratch, Tensor w, ConvolutionGeometry g, ConvolutionGeometry pool, Shape input)
    {
        (_dx, _g, _pool, _outputs) = (workspace.Batch(input), g, pool, w.Shape.First);
        var length = (_outputs * ColumnKernel.Weights) + ColumnKernel.Row + ColumnKernel.Channels;
        _weights = scratch.Next(length);
        new Span<float>(_weights, length).Clear();
        Pack(w.Block.Address, _weights, g, _outputs);
        _smallest = Magnitudes.Smallest(new(w.Block.Address, w.Count));
        _uncertain = !Finite.All(w);
        GC.KeepAlive(w);
    }

    private int Terms => _outputs * ColumnKernel.Windows * SortedTerms.Stride;

    /// <summary>Floats of scratch memory that a thread needs.</summary>
    public long Length => (Workspace.Lanes * Image) + (2L * Terms) + (Transpose.Side * Transpose.Side);

    /// <summary>∂L/∂x: [N, C, H, W], when all groups are done; nothing where zeros may not be left out.</summary>
    public Tensor? Result => Volatile.Read(ref _uncertain) ? null : _dx;

    /// <summary>Whether images, kernels and windows are as here, on a processor with 32 registers.</summary>
    public static bool Takes(ConvolutionGeometry g, ConvolutionGeometry pool) =>
        Hardware.Has512
        && g is { Channels: <= ColumnKernel.Channels, Height: <= ColumnKernel.Rows, Width: <= Columns, Top: 0, Left: 0, StrideHeight: 1, StrideWidth: 1 }
        && g is { KernelHeight: <= ColumnKernel.Reach, KernelWidth: <= ColumnKernel.Reach }
        && pool is { KernelHeight: 2, KernelWidth: 2, StrideHeight: 2, StrideWidth: 2, OutputHeight: <= ColumnKernel.Windows, OutputWidth: <= SortedTerms.Windows };

    /// <summary>Computes a group of samples.</summary>
    /// <param name="group">Which.</param>
    /// <param name="samples">How many of its samples there are.</param>
    /// <param name="numbers">The group's gradients, not sorted.</param>
    /// <param name="lists">How its sorted numbers lie.</param>
    /// <param name="turned">Those numbers.</param>
    /// <param name="scratch">Of <see cref="Length"/>.</param>
    public void Group(int group, int samples, ReadOnlySpan<float> numbers, GradientLists lists, float* turned, float* scratch)
    {
        if (!Finite.All(numbers) || !Magnitudes.Suffices(Magnitudes.Smallest(numbers), _smallest))
            Volatile.Write(ref _uncertain, true);
        var images = scratch;
        var terms = (long*)(images + (Workspace.Lanes * Image));
        var block = (float*)(terms + Terms);
        // Rows of windows that there are not have gradients of zero.
        if (_pool.OutputHeight < ColumnKernel.Windows)
            new Span<long>(terms, Terms).Clear();
        new Span<float>(images + (samples * Image), (Workspace.Lanes - samples) * Image).Clear();
        for (var n = 0; n < samples; n++)
        {
            var row = lists.Row(turned, n, 0);
            SortedTerms.Sort(row, row + lists.Half, _outputs, lists.Stride, _pool.OutputHeight, _pool.OutputWidth, terms);
            for (var pair = 0; pair < SortedTerms.Pairs; pair++)
            {
                var (first, count) = SortedTerms.Of(pair);
                ColumnKernel.Sums(terms + first, count, _weights, _outputs, images + (n * Image) + (pair * ColumnKernel.Rows * ColumnKernel.Pair));
            }
        }

        Turn(images, block, _dx.Block.Address + ((long)group * _g.Channels * _g.Pixels * Workspace.Lanes));
    }

    private static void Pack(float* w, float* weights, ConvolutionGeometry g, int outputs)
    {
        for (var o = 0; o < outputs; o++)
            for (var c = 0; c < g.Channels; c++)
                for (var u = 0; u < g.KernelHeight; u++)
                    for (var v = 0; v < g.KernelWidth; v++)
                        weights[(o * ColumnKernel.Weights) + ((u + 1) * ColumnKernel.Row) + ((v + 1) * ColumnKernel.Channels) + c] = *w++;
    }

    // [16][pairs of columns][rows][2][8] becomes [C][H][W][16].
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Turn(float* images, float* block, float* dx)
    {
        for (var k = 0; k < _g.Width; k += 2)
            for (var h = 0; h < _g.Height; h++)
            {
                Transpose.Block(images + (((k / 2 * ColumnKernel.Rows) + h) * ColumnKernel.Pair), Image, Transpose.Side, Transpose.Side, block, Transpose.Side);
                for (var column = 0; column < Math.Min(2, _g.Width - k); column++)
                    for (var c = 0; c < _g.Channels; c++)
                        new ReadOnlySpan<float>(block + (((column * ColumnKernel.Channels) + c) * Transpose.Side), Transpose.Side)
                            .CopyTo(new Span<float>(dx + (((c * _g.Pixels) + (h * _g.Width) + k + column) * Workspace.Lanes), Workspace.Lanes));
            }
    }
}
