using System.Runtime.CompilerServices;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>A convolution with output channels in the lanes and the sums of up to fourteen pixels of a row in registers.</summary>
internal sealed class ChannelConvolution : FewConvolution
{
    private readonly ConvolutionGeometry _g;
    private readonly ConvolutionGeometry? _pool;
    private readonly int _outputs;
    private readonly int _lanes;
    private readonly int _width;
    private readonly ColumnPlanes _source;
    private readonly int[] _taps;
    private readonly int[] _rows;
    private readonly int[] _cells;

    public ChannelConvolution(ConvolutionGeometry g, int outputs, ConvolutionGeometry? pool)
    {
        (_g, _outputs, _pool, _lanes) = (g, outputs, pool, Workspace.Rounded(outputs));
        _width = PixelRun.Width(g.OutputWidth);
        _source = new(g, g.StrideWidth, g.KernelWidth, Workspace.Rounded(g.OutputWidth));
        _taps =
        [
            .. from c in Enumerable.Range(0, g.Channels)
               from u in Enumerable.Range(0, g.KernelHeight)
               from v in Enumerable.Range(0, g.KernelWidth)
               select (c * _source.Channel) + (u * _source.Row) + (v * _source.Plane),
        ];
        _cells = pool is { } p ? [.. Enumerable.Range(0, p.KernelHeight * p.KernelWidth).Select(cell => ((cell / p.KernelWidth * p.Width) + (cell % p.KernelWidth)) * Workspace.Lanes)] : [];
        _rows = [.. _taps.Where((_, tap) => tap % g.KernelWidth == 0)];
    }

    private int Pixels => (_pool ?? _g).OutputPixels;

    /// <summary>Weights as [⌈O/16⌉][tap][16], zeros for channels beyond the last.</summary>
    public override unsafe float* Pack(Arena memory, Tensor w)
    {
        var packed = memory.Next((long)_lanes * _g.Taps);
        for (var o = 0; o < _outputs; o += Transpose.Side)
            for (var tap = 0; tap < _g.Taps; tap += Transpose.Side)
                Transpose.Block(
                    w.Block.Address + ((long)o * _g.Taps) + tap, _g.Taps, Math.Min(Transpose.Side, _outputs - o), Math.Min(Transpose.Side, _g.Taps - tap),
                    packed + ((long)o * _g.Taps) + (tap * Transpose.Side), Transpose.Side);
        GC.KeepAlive(w);
        return packed;
    }

    /// <inheritdoc/>
    protected override unsafe void Run<T>(Workspace workspace, float* image, float* packed, float* bias, bool rectify, float* values, float* choices)
    {
        var source = _source.Of(workspace, image);
        // A run of pixels may reach beyond its row; the next row's first is written over that. Whole blocks are turned, whatever stands after the last pixel.
        float* pixels = workspace.Scratch.Next((long)(Workspace.Rounded(_g.OutputPixels) + PixelRun.Most) * Workspace.Lanes), biases = workspace.Scratch.Next(Workspace.Lanes);
        float* maxima = workspace.Scratch.Next((long)Workspace.Rounded(Pixels) * Workspace.Lanes), chosen = workspace.Scratch.Next((long)Workspace.Rounded(Pixels) * Workspace.Lanes);
        var turned = workspace.Scratch.Next((long)Workspace.Rounded(Pixels) * Workspace.Lanes);
        for (var o = 0; o < _outputs; o += Workspace.Lanes)
        {
            var channels = Math.Min(Workspace.Lanes, _outputs - o);
            new Span<float>(biases, Workspace.Lanes).Clear();
            new ReadOnlySpan<float>(bias + o, channels).CopyTo(new(biases, channels));
            for (var lane = 0; lane < Workspace.Lanes; lane += T.Count)
            {
                Rows<T>(source, packed + ((long)o * _g.Taps) + lane, biases + lane, rectify, pixels + lane);
                if (_pool is { } pool)
                    Maxima<T>(pixels + lane, pool, _cells, maxima + lane, chosen + lane);
            }

            Turn(_pool is null ? pixels : maxima, channels, turned, values + ((long)o * Pixels));
            if (_pool is not null && choices != null)
                Turn(chosen, channels, turned, choices + ((long)o * Pixels));
        }
    }

    private unsafe void Rows<T>(float* source, float* weights, float* bias, bool rectify, float* target) where T : struct, ILanes<T>
    {
        fixed (int* taps = _taps, rows = _rows)
            for (var i = 0; i < _g.OutputHeight; i++)
                for (var run = 0; run < _g.OutputWidth; run += _width)
                {
                    // The last of several runs ends with the row: some of its pixels are computed twice.
                    var j = Math.Max(0, Math.Min(run, _g.OutputWidth - _width));
                    var (numbers, pixels) = (((long)i * _g.StrideHeight * _source.Row) + j, (((long)i * _g.OutputWidth) + j) * Workspace.Lanes);
                    if (RowRun.Takes(_g))
                        RowRun.Compute<T>(_width, _g.KernelWidth, source + numbers, rows, _rows.Length, weights, bias, rectify, target + pixels);
                    else
                        PixelRun.Compute<T>(_width, source + numbers, taps, _taps.Length, weights, bias, rectify, target + pixels);
                }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Maxima<T>(float* pixels, ConvolutionGeometry pool, int[] cells, float* maxima, float* chosen) where T : struct, ILanes<T>
    {
        for (var i = 0; i < pool.OutputHeight; i++)
            for (var j = 0; j < pool.OutputWidth; j++, maxima += Workspace.Lanes, chosen += Workspace.Lanes)
            {
                var corner = pixels + ((((long)i * pool.StrideHeight * pool.Width) + (j * pool.StrideWidth)) * Workspace.Lanes);
                // From −∞ on, the first cell always becomes the maximum, or is −∞ itself.
                var (maximum, choice) = (T.Load(corner), T.Broadcast(0));
                for (var cell = 1; cell < cells.Length; cell++)
                    T.ReplaceByGreaterOrNaN(ref maximum, ref choice, T.Load(corner + cells[cell]), T.Broadcast(cell));
                T.Store(maximum, maxima);
                T.Store(choice, chosen);
            }
    }

    // From channels side by side to pixels side by side.
    private unsafe void Turn(float* source, int channels, float* turned, float* target)
    {
        for (var pixel = 0; pixel < Pixels; pixel += Transpose.Side)
            Transpose.Block(source + (pixel * Workspace.Lanes), Workspace.Lanes, Transpose.Side, Workspace.Lanes, turned + pixel, Workspace.Rounded(Pixels));
        for (var o = 0; o < channels; o++)
            new ReadOnlySpan<float>(turned + ((long)o * Workspace.Rounded(Pixels)), Pixels).CopyTo(new(target + ((long)o * Pixels), Pixels));
    }
}
