using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>Cuts one image into what lies under each window of a pool behind a convolution.</summary>
internal static unsafe class SmallImages
{
    /// <summary>Writes [C][height][width][windows], zeros where a window reaches outside the image.</summary>
    /// <param name="workspace">Whose scratch memory.</param>
    /// <param name="x">[C, H, W].</param>
    /// <param name="g">The convolution.</param>
    /// <param name="pool">The pool on its outputs.</param>
    /// <param name="height">Rows under a window of the pool.</param>
    /// <param name="width">Columns under a window of the pool.</param>
    /// <param name="windows">Windows, rounded up to a multiple of 16.</param>
    /// <param name="target">Where to.</param>
    public static void Cut(Workspace workspace, float* x, ConvolutionGeometry g, ConvolutionGeometry pool, int height, int width, int windows, float* target)
    {
        var (down, across) = (pool.StrideHeight * g.StrideHeight, pool.StrideWidth * g.StrideWidth);
        var (rows, columns) = (((pool.OutputHeight - 1) * down) + height, ((pool.OutputWidth - 1) * across) + width);
        // Two vectors are read from any place of a row, so there is that much room after the last.
        var padded = workspace.Scratch.Next(((long)g.Channels * rows * columns) + 64);
        new Span<float>(padded, (g.Channels * rows * columns) + 64).Clear();
        var (right, bottom) = (Math.Min(g.Width, columns - g.Left), Math.Min(g.Height, rows - g.Top));
        for (var c = 0; c < g.Channels && right > 0; c++)
            for (var h = 0; h < bottom; h++)
                new ReadOnlySpan<float>(x + (((long)c * g.Height) + h) * g.Width, right)
                    .CopyTo(new(padded + ((((long)c * rows) + g.Top + h) * columns) + g.Left, right));
        for (var c = 0; c < g.Channels; c++)
            for (var u = 0; u < height; u++)
                for (var v = 0; v < width; v++, target += windows)
                    Gather(padded + ((((long)c * rows) + u) * columns) + v, down * columns, across, pool.OutputHeight, pool.OutputWidth, target, target + windows);
    }

    /// <summary>The same pixel of every small image: [rows][columns] numbers, <paramref name="down"/> and <paramref name="across"/> apart, side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather(float* source, int down, int across, int rows, int columns, float* target, float* end)
    {
        var even = Vector512<int>.Indices * 2;
        for (var row = 0; row < rows; row++, source += down, target += columns)
            for (var column = 0; column < columns; column += 16)
                if (Avx512F.IsSupported && across == 2 && target + column + 16 <= end)
                {
                    // Every second of 32 numbers. Those beyond the row's end are overwritten by the next row.
                    var place = source + (2 * column);
                    Avx512F.PermuteVar16x32x2(Vector512.Load(place), even, Vector512.Load(place + 16)).Store(target + column);
                }
                else
                {
                    for (var k = column; k < Math.Min(columns, column + 16); k++)
                        target[k] = source[(long)k * across];
                }

        for (; target < end; target++)
            *target = 0;
    }
}
