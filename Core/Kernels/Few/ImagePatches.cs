namespace FunctionalLeNet.Core.Kernels;

/// <summary>The layout of <see cref="Patches"/> for one image at a time: the input under any window is one run of memory.</summary>
internal sealed class ImagePatches
{
    // Which pixel of the image stands at each place, −1 where none does.
    private readonly int[] _source;

    private ImagePatches(ConvolutionGeometry g)
    {
        Layout = new Patches(g, PaddedImages.Rows(g), PaddedImages.Columns(g));
        Weights = Layout.Weights();
        _source = new int[Layout.Sample];
        for (var place = 0; place < _source.Length; place++)
            _source[place] = Source(g, place);
    }

    /// <summary>Where each window's patch begins, and the sizes.</summary>
    public Patches Layout { get; }

    /// <summary>Which weight each place in a patch belongs to, or −1.</summary>
    public int[] Weights { get; }

    /// <summary>The layout for a convolution.</summary>
    public static ImagePatches Of(Workspace workspace, ConvolutionGeometry g) => workspace.Plans.Of(g, static g => new ImagePatches(g));

    /// <summary>Lays out an image, zeros where a window reaches outside.</summary>
    /// <param name="image">[C][H][W].</param>
    /// <param name="target">Room for <see cref="Patches.Sample"/> numbers.</param>
    public unsafe void Fill(float* image, float* target)
    {
        foreach (var place in _source)
            *target++ = place >= 0 ? image[place] : 0;
    }

    private int Source(ConvolutionGeometry g, int place)
    {
        var (i, within) = Math.DivRem(place, Layout.Row);
        var (column, inColumn) = Math.DivRem(within, Layout.Pitch);
        var (c, u) = Math.DivRem(inColumn, g.KernelHeight);
        var (h, k) = ((i * g.StrideHeight) + u - g.Top, column - g.Left);
        return i < g.OutputHeight && c < g.Channels && (uint)h < (uint)g.Height && (uint)k < (uint)g.Width ? (((c * g.Height) + h) * g.Width) + k : -1;
    }
}
