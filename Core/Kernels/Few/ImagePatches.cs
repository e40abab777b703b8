using System.Runtime.CompilerServices;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>An image laid out so that the input under any window is a few runs of memory, the same for every window but for where they begin.</summary>
/// <remarks>
/// Where the pixels [u][v, c] under a row of the kernel fill a vector, the image lies [row][column][channel] and has a run for each row of the kernel. Short rows would leave
/// lanes idle: there it lies as in <see cref="Patches"/>, in a single run for which every pixel is copied KH times.
/// </remarks>
/// <param name="Length">Floats of an image.</param>
/// <param name="Places">Where each window begins.</param>
/// <param name="Pieces">The runs, in pieces.</param>
/// <param name="Weights">Which weight each place of the pieces, one after another, belongs to, or −1.</param>
/// <param name="Source">Which pixel of the image stands at each place, −1 where none does.</param>
internal sealed record ImagePatches(int Length, int[] Places, SparsePiece[] Pieces, int[] Weights, int[] Source)
{
    /// <summary>The layout for a convolution. The width of the lanes is the machine's, so a plan need not name it.</summary>
    /// <typeparam name="T">The lanes.</typeparam>
    public static ImagePatches Of<T>(Workspace workspace, ConvolutionGeometry g) where T : struct, ILanes<T> =>
        workspace.Plans.Of(g, static g => g.KernelWidth * g.Channels < Workspace.Lanes ? OneRun<T>(g) : Rows<T>(g));

    /// <summary>Lays out an image, zeros where a window reaches outside.</summary>
    /// <param name="image">[C][H][W].</param>
    /// <param name="target">Room for <see cref="Length"/> numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe void Fill(float* image, float* target)
    {
        foreach (var place in Source)
            *target++ = place >= 0 ? image[place] : 0;
    }

    private static ImagePatches OneRun<T>(ConvolutionGeometry g) where T : struct, ILanes<T>
    {
        var layout = new Patches(g, PaddedImages.Rows(g), PaddedImages.Columns(g));
        return new(layout.Sample, layout.Table, [.. SparsePiece.Of(layout.Length, T.Count)], layout.Weights(), [.. Enumerable.Range(0, layout.Sample).Select(Pixel)]);

        int Pixel(int place)
        {
            var (i, within) = Math.DivRem(place, layout.Row);
            var (column, inColumn) = Math.DivRem(within, layout.Pitch);
            var (c, u) = Math.DivRem(inColumn, g.KernelHeight);
            return i < g.OutputHeight && c < g.Channels ? PixelAt(g, c, (i * g.StrideHeight) + u, column) : -1;
        }
    }

    private static ImagePatches Rows<T>(ConvolutionGeometry g) where T : struct, ILanes<T>
    {
        var (layout, run) = (new WindowPlaces(g), g.KernelWidth * g.Channels);
        SparsePiece[] pieces = [.. Enumerable.Range(0, g.KernelHeight).SelectMany(u => SparsePiece.Of(run, T.Count, u * layout.Row))];
        return new(layout.Length, layout.Windows, pieces, [.. pieces.SelectMany(Weight)], [.. Enumerable.Range(0, layout.Length).Select(Pixel)]);

        IEnumerable<int> Weight(SparsePiece piece) => Enumerable.Range(piece.Start % layout.Row, piece.Vectors * T.Count).Select(place =>
            place < run ? ((((place % g.Channels) * g.KernelHeight) + (piece.Start / layout.Row)) * g.KernelWidth) + (place / g.Channels) : -1);

        int Pixel(int place) => PixelAt(g, place % g.Channels, place / layout.Row, place % layout.Row / g.Channels);
    }

    private static int PixelAt(ConvolutionGeometry g, int c, int row, int column) =>
        (uint)(row - g.Top) < (uint)g.Height && (uint)(column - g.Left) < (uint)g.Width ? (((c * g.Height) + row - g.Top) * g.Width) + column - g.Left : -1;
}
