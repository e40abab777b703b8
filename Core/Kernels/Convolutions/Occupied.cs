using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// Which taps of a tile meet anything but zeros in any of sixteen images. A digit leaves a third of its image's taps with nothing to add: the border around it.
/// </summary>
/// <param name="bits">[pixels of the plane]: whether any of the four pixels of a tile that begins here is not zero. Room for <see cref="TapGrid.Words"/>.</param>
/// <param name="grid">The taps and the tile's shape.</param>
internal readonly unsafe struct Occupied(ulong* bits, TapGrid grid)
{
    private const int Word = 64;

    /// <summary>Looks at some pixels of the plane.</summary>
    /// <param name="plane">[pixels][16].</param>
    /// <param name="from">The first pixel.</param>
    /// <param name="to">One past the last.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Note(float* plane, int from, int to)
    {
        for (var start = from / Word * Word; start < to; start += Word)
        {
            ulong noted = 0;
            for (var pixel = Math.Max(from, start); pixel < Math.Min(to, start + Word); pixel++)
                noted |= (Vector512.EqualsAll(Vector512.Load(plane + (pixel * Workspace.Lanes)), Vector512<float>.Zero) ? 0UL : 1UL) << pixel;
            bits[start / Word] = noted;
        }

        // From front to back, so that what is read has not been written yet.
        for (var pixel = from / Word * Word; pixel < to; pixel += Word / 2)
            ((uint*)bits)[pixel / (Word / 2)] = (uint)(From(pixel) | From(pixel + grid.B) | From(pixel + grid.C) | From(pixel + grid.D));
    }

    /// <summary>Tiles with fewer taps: their chains begin at the first that meets a pixel which is not zero and end behind the last.</summary>
    /// <param name="tiles">With all taps of the window.</param>
    /// <param name="count">How many.</param>
    /// <param name="trimmed">Room for as many, which is returned.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Tile* Trim(Tile* tiles, int count, Tile* trimmed)
    {
        for (var tile = 0; tile < count; tile++)
            trimmed[tile] = Trim(tiles[tile]);
        return trimmed;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Tile Trim(in Tile tile)
    {
        // A run of four pixels that goes on in the next row of the image has another shape.
        if (TapGrid.Pixel(tile.SourceB - tile.SourceA) != grid.B || TapGrid.Pixel(tile.SourceC - tile.SourceA) != grid.C || TapGrid.Pixel(tile.SourceD - tile.SourceA) != grid.D)
            return tile;
        var (pixel, first, last, taps) = (tile.SourceA / Workspace.Lanes, 0, grid.Height, 0UL);
        while (first < last && (taps = Row(pixel, first)) == 0)
            first++;
        var firstTap = (first * grid.Width) + (BitOperations.TrailingZeroCount(taps) % Word);
        while (first < last && (taps = Row(pixel, --last)) == 0)
            continue;
        return tile with { FirstTap = firstTap, LastTap = (last * grid.Width) + Word - BitOperations.LeadingZeroCount(taps) };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Row(int pixel, int row) => From(pixel + (row * grid.Columns)) & ((1UL << grid.Width) - 1);

    // The bits from a pixel on; at least 57 of them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong From(int pixel) => *(ulong*)((byte*)bits + (pixel >> 3)) >> (pixel & 7);
}

/// <summary>How the taps of a window lie on a plane, and the four pixels of a tile.</summary>
/// <param name="Height">Rows of the window.</param>
/// <param name="Width">Columns of the window.</param>
/// <param name="Columns">Columns of the plane.</param>
/// <param name="Pixels">Pixels of the plane.</param>
/// <param name="B">From pixel a of a tile to b, in pixels of the plane.</param>
/// <param name="C">From a to c.</param>
/// <param name="D">From a to d.</param>
internal readonly record struct TapGrid(int Height, int Width, int Columns, int Pixels, int B, int C, int D)
{
    private const int MostPixels = 64 * 64;

    /// <summary>Words that the bits of a plane need.</summary>
    public const int Words = (MostPixels / 64) + 4;

    /// <summary>The window's taps and the tile's pixels on a plane.</summary>
    public static TapGrid Of(int height, int width, int rows, int columns, Tile tile) =>
        new(height, width, columns, rows * columns, Pixel(tile.SourceB - tile.SourceA), Pixel(tile.SourceC - tile.SourceA), Pixel(tile.SourceD - tile.SourceA));

    /// <summary>How many pixels a distance in memory is.</summary>
    public static int Pixel(int source) => source / Workspace.Lanes;

    /// <summary>Whether plane and window are small enough for bits on the stack and a row of taps in one word.</summary>
    public bool Fits => Pixels <= MostPixels && Width <= 57 && D <= MostPixels / 32;
}
