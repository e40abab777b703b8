namespace FunctionalLeNet.Core.Kernels;

/// <summary>Images with a border of zeros wide enough for every window, so that all windows have the same taps.</summary>
/// <param name="address">The first group: [G][C][Height][Width][16].</param>
/// <param name="height">Rows, border included.</param>
/// <param name="width">Columns, border included.</param>
internal readonly unsafe struct PaddedImages(float* address, int height, int width)
{
    public readonly float* Address = address;
    public readonly int Height = height;
    public readonly int Width = width;

    /// <summary>Whether some window reaches outside the image.</summary>
    public static bool Needed(ConvolutionGeometry g) => g.Top > 0 || g.Left > 0 || Rows(g) > g.Height || Columns(g) > g.Width;

    /// <summary>The images themselves where no window reaches outside, else copies in scratch memory.</summary>
    /// <param name="workspace">Whose scratch memory.</param>
    /// <param name="images">[G][C][H][W][16].</param>
    /// <param name="g">The windows.</param>
    /// <param name="groups">How many groups.</param>
    public static PaddedImages Of(Workspace workspace, float* images, ConvolutionGeometry g, int groups)
    {
        if (!Needed(g))
            return new(images, g.Height, g.Width);
        var (rows, columns) = (Rows(g), Columns(g));
        var padded = workspace.Scratch.Next((long)groups * g.Channels * rows * columns * Workspace.Lanes);
        workspace.Workers.Run(groups, item =>
        {
            var group = Workers.GroupOf(item, groups, workspace.Threads);
            Group(images, g, group, padded + ((long)group * g.Channels * rows * columns * Workspace.Lanes));
        });
        return new(padded, rows, columns);
    }

    /// <summary>One group's images themselves where no window reaches outside, else a copy.</summary>
    /// <param name="images">All groups.</param>
    /// <param name="g">The windows.</param>
    /// <param name="group">Which group.</param>
    /// <param name="padded">Where the copy goes.</param>
    public static float* Group(float* images, ConvolutionGeometry g, int group, float* padded)
    {
        var plane = (long)g.Pixels * Workspace.Lanes;
        images += group * g.Channels * plane;
        if (!Needed(g))
            return images;
        var (rows, columns) = (Rows(g), Columns(g));
        for (var c = 0; c < g.Channels; c++)
            Pad(images + (c * plane), padded + ((long)c * rows * columns * Workspace.Lanes), g, rows, columns);
        return padded;
    }

    /// <summary>Rows that windows reach into, from the first one's top.</summary>
    public static int Rows(ConvolutionGeometry g) => ((g.OutputHeight - 1) * g.StrideHeight) + g.KernelHeight;

    /// <summary>Columns that windows reach into, from the first one's left.</summary>
    public static int Columns(ConvolutionGeometry g) => ((g.OutputWidth - 1) * g.StrideWidth) + g.KernelWidth;

    private static void Pad(float* image, float* padded, ConvolutionGeometry g, int rows, int columns)
    {
        var (left, right) = (Math.Min(g.Left, columns), Math.Min(g.Left + g.Width, columns));
        for (var row = 0; row < rows; row++)
        {
            var target = new Span<float>(padded + ((long)row * columns * Workspace.Lanes), columns * Workspace.Lanes);
            var h = row - g.Top;
            if ((uint)h >= (uint)g.Height || right <= left)
            {
                target.Clear();
                continue;
            }

            target[..(left * Workspace.Lanes)].Clear();
            new ReadOnlySpan<float>(image + ((long)h * g.Width * Workspace.Lanes), (right - left) * Workspace.Lanes).CopyTo(target[(left * Workspace.Lanes)..]);
            target[(right * Workspace.Lanes)..].Clear();
        }
    }
}
