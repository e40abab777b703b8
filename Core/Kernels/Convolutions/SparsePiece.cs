namespace FunctionalLeNet.Core.Kernels;

/// <summary>A run of a patch's vectors that one of <see cref="SparseKernels"/> takes.</summary>
/// <param name="Channels">Channels side by side.</param>
/// <param name="Vectors">Vectors of taps.</param>
/// <param name="Start">Where the run begins, in floats from the patch's first.</param>
internal readonly record struct SparsePiece(int Channels, int Vectors, int Start)
{
    /// <summary>The most channels that go side by side.</summary>
    public const int Most = 3;

    /// <summary>The pieces of a run of taps; all with the same number of channels.</summary>
    /// <param name="taps">How many taps; the last vector may reach beyond them.</param>
    /// <param name="width">Floats of a vector.</param>
    /// <param name="start">Where the run begins.</param>
    public static IEnumerable<SparsePiece> Of(int taps, int width, int start = 0)
    {
        var vectors = (taps + width - 1) / width;
        for (int left = vectors, taken; left > 0; left -= taken)
        {
            // As many at once as keep the multiply-adds busy: see SparseKernels.
            taken = vectors == 1 ? 1 : vectors <= 4 ? 2 : left is <= 6 or 12 ? 6 : 10;
            yield return new(vectors == 1 ? 2 : vectors <= 4 && width < 16 ? 3 : 1, taken, start + ((vectors - left) * width));
        }
    }
}
