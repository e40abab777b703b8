using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// An image laid out so that what neighbouring lanes read at one tap lies side by side: [C][rows][planes][columns], plane t holding every n-th column from t on.
/// Where n is 1 a row is its own planes, each one number further on.
/// </summary>
internal sealed class ColumnPlanes
{
    private readonly ConvolutionGeometry _g;
    private readonly int _apart;
    private readonly int _planes;
    private readonly int _rows;
    private readonly int _padded;
    private readonly int _lanes;

    /// <summary>Plans the layout, a border of zeros included.</summary>
    /// <param name="g">The convolution.</param>
    /// <param name="apart">Columns from one lane to the next, n.</param>
    /// <param name="planes">How many columns a lane reads in a row.</param>
    /// <param name="lanes">How many lanes there are, a multiple of 16.</param>
    public ColumnPlanes(ConvolutionGeometry g, int apart, int planes, int lanes)
    {
        (_g, _apart, _planes, _lanes) = (g, apart, planes, lanes);
        _rows = PaddedImages.Rows(g);
        // Where windows leave out the last columns, they are copied all the same.
        _padded = Math.Max(PaddedImages.Columns(g), g.Left + g.Width);
        (Plane, Row) = apart == 1 ? (1, _padded) : (lanes, planes * lanes);
        Channel = _rows * Row;
    }

    /// <summary>From one plane to the next, in floats.</summary>
    public int Plane { get; }

    /// <summary>From one row to the next.</summary>
    public int Row { get; }

    /// <summary>From one channel to the next.</summary>
    public int Channel { get; }

    /// <summary>Lays out an image in scratch memory, with room for a vector to be read from anywhere in it.</summary>
    /// <param name="workspace">Whose memory.</param>
    /// <param name="image">[C][H][W].</param>
    public unsafe float* Of(Workspace workspace, float* image)
    {
        var slack = Math.Max(_lanes * _apart, _padded) + 32;
        var padded = workspace.Scratch.Next(((long)_g.Channels * _rows * _padded) + slack);
        Pad(image, padded, slack);
        if (_apart == 1)
            return padded;
        var planes = workspace.Scratch.Next((long)_g.Channels * Channel);
        Cut(padded, planes);
        return planes;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Pad(float* image, float* padded, int slack)
    {
        var (whole, last) = (_g is { Top: 0, Left: 0 } && _rows == _g.Height && _padded == _g.Width, Math.Min(_g.Height, _rows - _g.Top));
        var length = _g.Channels * _rows * _padded;
        if (whole)
        {
            new ReadOnlySpan<float>(image, length).CopyTo(new(padded, length));
            new Span<float>(padded + length, slack).Clear();
            return;
        }

        new Span<float>(padded, length + slack).Clear();
        for (var c = 0; c < _g.Channels; c++)
            for (var h = 0; h < last; h++)
                new ReadOnlySpan<float>(image + ((((long)c * _g.Height) + h) * _g.Width), _g.Width)
                    .CopyTo(new(padded + ((((long)c * _rows) + h + _g.Top) * _padded) + _g.Left, _g.Width));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Cut(float* padded, float* target)
    {
        var even = Vector512<int>.Indices * 2;
        for (var row = 0; row < _g.Channels * _rows; row++, padded += _padded)
            for (var plane = padded; plane < padded + _planes; plane++)
                if (Avx512F.IsSupported && _apart == 2)
                    for (var source = plane; source < plane + (2 * _lanes); source += 32, target += 16)
                        Avx512F.PermuteVar16x32x2(Vector512.Load(source), even, Vector512.Load(source + 16)).Store(target);
                else
                    for (var lane = 0; lane < _lanes; lane++)
                        *target++ = plane[(long)lane * _apart];
    }
}
