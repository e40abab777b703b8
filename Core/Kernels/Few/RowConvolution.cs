using System.Runtime.CompilerServices;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>A convolution with the columns of an image in the lanes, or those of the pool behind it: four rows, or the four cells of the windows, × six channels in registers.</summary>
internal sealed class RowConvolution : FewConvolution
{
    private readonly ConvolutionGeometry _g;
    private readonly int _outputs;
    private readonly bool _pooled;
    private readonly int _rows;
    private readonly int _columns;
    private readonly int _lanes;
    private readonly ColumnPlanes _source;
    private readonly ChannelBlock[] _blocks;
    private readonly Tap[] _taps;
    private readonly Tile[] _tiles;

    public RowConvolution(ConvolutionGeometry g, int outputs, ConvolutionGeometry? pool)
    {
        (_g, _outputs, _pooled) = (g, outputs, pool is not null);
        (_rows, _columns) = pool is { } p ? (p.OutputHeight, p.OutputWidth) : (g.OutputHeight, g.OutputWidth);
        _lanes = Workspace.Rounded(_columns);
        var apart = g.StrideWidth * (pool?.StrideWidth ?? 1);
        _source = new(g, apart, (((pool?.KernelWidth ?? 1) - 1) * g.StrideWidth) + g.KernelWidth, _lanes);
        _blocks = ChannelBlock.Of(outputs, Hardware.Registers);
        _taps = [.. Enumerable.Range(0, g.KernelHeight * g.KernelWidth).Select(tap => new Tap((tap / g.KernelWidth * _source.Row) + (tap % g.KernelWidth * _source.Plane), tap))];
        _tiles = pool is { } windows ? [.. Vectors().Select(vector => Window(vector, windows))] : [.. Vectors().Chunk(4).Select(Four)];
    }

    /// <inheritdoc/>
    public override unsafe float* Pack(Arena memory, Tensor w) => PackedWeights.ByOutput(memory, w, _g, _blocks);

    /// <inheritdoc/>
    protected override unsafe void Run<T>(Workspace workspace, float* image, float* packed, float* bias, bool rectify, float* values, float* choices)
    {
        var map = _rows * _lanes;
        var source = _source.Of(workspace, image);
        float* wide = workspace.Scratch.Next((long)_outputs * map), chosen = workspace.Scratch.Next((long)_outputs * map);
        var plan = new TilePlan(_tiles, _taps, _g.Channels, _source.Channel, packed, _taps.Length, _blocks);
        if (_pooled)
            plan.RunHere<T, PoolEnd<T>>(source, 0, 1, new(wide, chosen, bias, _outputs, 0, map, rectify));
        else
            plan.RunHere<T, BiasEnd<T>>(source, 0, 1, new(wide, bias, _outputs, 0, map, rectify));
        Narrow<T>(wide, values);
        if (choices != null)
            Narrow<T>(chosen, choices);
    }

    // Every vector of the target: its row and where its columns begin.
    private IEnumerable<(int Row, int Column)> Vectors() =>
        from row in Enumerable.Range(0, _rows)
        from column in Enumerable.Range(0, _lanes / Workspace.Lanes)
        select (row, column * Workspace.Lanes);

    private Tile Window((int Row, int Column) vector, ConvolutionGeometry pool)
    {
        var (a, target) = ((vector.Row * pool.StrideHeight * _g.StrideHeight * _source.Row) + vector.Column, (vector.Row * _lanes) + vector.Column);
        return new(a, a + Cell(1), a + Cell(2), a + Cell(3), target, target, target, target, 0, _taps.Length);

        int Cell(int cell) => (cell / pool.KernelWidth * _g.StrideHeight * _source.Row) + (cell % pool.KernelWidth * _g.StrideWidth * _source.Plane);
    }

    private Tile Four((int Row, int Column)[] vectors)
    {
        var (a, b, c, d) = (At(0), At(1), At(2), At(3));
        return new(a.Source, b.Source, c.Source, d.Source, a.Target, b.Target, c.Target, d.Target, 0, _taps.Length);

        (int Source, int Target) At(int index)
        {
            var (row, column) = vectors[Math.Min(index, vectors.Length - 1)];
            return ((row * _g.StrideHeight * _source.Row) + column, (row * _lanes) + column);
        }
    }

    // From rows of whole vectors to rows as they are. What a vector writes past a row's end, the next row's first writes over.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Narrow<T>(float* wide, float* target) where T : struct, ILanes<T>
    {
        var (columns, rows) = (_columns, _outputs * _rows);
        for (var row = 1; row < rows; row++, wide += _lanes, target += columns)
            for (var column = 0; column < columns; column += T.Count)
                if (column + T.Count <= 2 * columns)
                    T.Store(T.Load(wide + column), target + column);
                else
                    new ReadOnlySpan<float>(wide + column, columns - column).CopyTo(new(target + column, columns - column));
        new ReadOnlySpan<float>(wide, _columns).CopyTo(new(target, _columns));
    }
}
