using System.Runtime.CompilerServices;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// Sixteen samples' images so laid that the input under any window is one run of memory: [sample][i][column][c, u], the window's rows (c, u) side by side,
/// one column after another. Windows in a row overlap in memory as they do in the image, so there are KH copies of a pixel, not KH · KW.
/// </summary>
internal sealed class Patches
{
    private readonly ConvolutionGeometry _g;
    private readonly int[] _source;
    private readonly int _rowStride;

    /// <summary>Plans the layout.</summary>
    /// <param name="g">The convolution.</param>
    /// <param name="rows">Rows of the images that windows reach into, border included.</param>
    /// <param name="columns">Columns of those images.</param>
    public Patches(ConvolutionGeometry g, int rows, int columns)
    {
        _g = g;
        var column = g.Channels * g.KernelHeight;
        // Vector loads want aligned columns, short columns want to stand close: 25 taps are two vectors, aligned they would be three.
        Pitch = column < Workspace.Lanes ? column : Workspace.Rounded(column);
        var used = ((g.OutputWidth - 1) * g.StrideWidth) + g.KernelWidth;
        Row = Workspace.Rounded(used * Pitch);
        _rowStride = g.StrideHeight * columns * Workspace.Lanes;
        _source = new int[Row];
        for (var place = 0; place < Row; place++)
            if (place / Pitch < used && place % Pitch < column)
                _source[place] = (((((place % Pitch / g.KernelHeight) * rows) + (place % Pitch % g.KernelHeight)) * columns) + (place / Pitch)) * Workspace.Lanes;
        // Vectors are read whole.
        Table = new int[Workspace.Rounded(g.OutputPixels)];
        for (var window = 0; window < g.OutputPixels; window++)
            Table[window] = (window / g.OutputWidth * Row) + (window % g.OutputWidth * Column);
        Sample = g.OutputHeight * Row;
        Sample += Sample % 1024 == 0 ? 16 : 0; // sixteen samples 4 KiB apart would share one set of the cache
    }

    /// <summary>Floats of a window's column, (c, u) and perhaps idle places.</summary>
    public int Pitch { get; }

    /// <summary>Floats from a window to the next in its row.</summary>
    public int Column => _g.StrideWidth * Pitch;

    /// <summary>Floats of a row of windows.</summary>
    public int Row { get; }

    /// <summary>Floats of a sample.</summary>
    public int Sample { get; }

    /// <summary>Floats from a patch's first tap to its last.</summary>
    public int Length => _g.KernelWidth * Pitch;

    /// <summary>Where each window's patch begins in a sample.</summary>
    public int[] Table { get; }

    /// <summary>Which weight each place in a patch belongs to, or −1.</summary>
    public int[] Weights()
    {
        var weights = new int[Length];
        for (var v = 0; v < _g.KernelWidth; v++)
            for (var row = 0; row < Pitch; row++)
                weights[(v * Pitch) + row] = row < _g.Channels * _g.KernelHeight ? (row * _g.KernelWidth) + v : -1;
        return weights;
    }

    /// <summary>Lays out a group of images.</summary>
    /// <param name="images">[C][rows][columns][16].</param>
    /// <param name="target">Sixteen samples.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe void Fill(float* images, float* target)
    {
        fixed (int* source = _source)
            for (var i = 0; i < _g.OutputHeight; i++)
                for (var place = 0; place < Row; place += 16)
                    Transpose.Gathered(images + ((long)i * _rowStride), source + place, target + ((long)i * Row) + place, Sample);
    }
}
