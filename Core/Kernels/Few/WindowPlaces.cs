namespace FunctionalLeNet.Core.Kernels;

/// <summary>Where each window of an image begins when its pixels lie [row][column][channel], rows and columns that windows reach outside included.</summary>
internal sealed class WindowPlaces
{
    /// <summary>The places for a convolution.</summary>
    /// <param name="g">The convolution.</param>
    public WindowPlaces(ConvolutionGeometry g)
    {
        var columns = Math.Max(PaddedImages.Columns(g), g.Left + g.Width);
        Row = columns * g.Channels;
        Length = Math.Max(PaddedImages.Rows(g), g.Top + g.Height) * Row;
        // Vectors are read whole.
        Windows = new int[Workspace.Rounded(g.OutputPixels)];
        for (var window = 0; window < g.OutputPixels; window++)
            Windows[window] = (window / g.OutputWidth * g.StrideHeight * Row) + (window % g.OutputWidth * g.StrideWidth * g.Channels);
    }

    /// <summary>Floats of a row.</summary>
    public int Row { get; }

    /// <summary>Floats of the image.</summary>
    public int Length { get; }

    /// <summary>Where each window begins, in floats.</summary>
    public int[] Windows { get; }

    /// <summary>The places for a convolution, which the workspace keeps for the next time.</summary>
    public static WindowPlaces Of(Workspace workspace, ConvolutionGeometry g) => workspace.Plans.Of(g, static g => new WindowPlaces(g));
}
