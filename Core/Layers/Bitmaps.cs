using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Layers;

/// <summary>Small pictures of one size, one for each class: the fixed targets of a radial basis function layer. Ink is +1, the rest −1.</summary>
/// <param name="Width">Columns of a picture.</param>
/// <param name="Pictures">Each picture's rows one after another, <c>#</c> for ink and <c>.</c> for the rest.</param>
public sealed record Bitmaps(int Width, EquatableArray<string> Pictures)
{
    /// <summary>Columns of a picture.</summary>
    public int Width { get; } = Width;

    /// <summary>Each picture's rows one after another.</summary>
    public EquatableArray<string> Pictures { get; } = Pictures;

    /// <summary>How many pictures there are: classes.</summary>
    public int Count => Pictures.Count;

    /// <summary>Pixels of a picture: features of the layer before.</summary>
    public int Pixels => Pictures[0].Length;

    /// <summary>The pictures as kernels want them.</summary>
    internal Codes Codes { get; } = new([.. Pictures.Select(picture => picture.Select(pixel => pixel == '#' ? 1f : -1f).ToArray())]);

    /// <summary>Pictures from rows of numbers whose bits are pixels, the most significant to the left.</summary>
    /// <param name="width">Columns of a picture.</param>
    /// <param name="pictures">For each picture its rows from top to bottom; all have as many.</param>
    /// <exception cref="ArgumentException">There is no picture, or one has another number of rows than the first.</exception>
    public static Bitmaps OfRows(int width, params ReadOnlySpan<int[]> pictures)
    {
        var all = pictures.ToArray();
        if (all.Length == 0 || all.Any(rows => rows.Length == 0 || rows.Length != all[0].Length))
            throw new ArgumentException($"Pictures have one size, found heights ({string.Join(", ", all.Select(rows => rows.Length))}).", nameof(pictures));
        return new(width, all.Select(rows => string.Concat(rows.Select(row => Row(width, row)))).ToEquatableArray());
    }

    /// <summary>Whether the other has the same pictures.</summary>
    /// <param name="other">The other.</param>
    public bool Equals(Bitmaps? other) => other is not null && Width == other.Width && Pictures.Equals(other.Pictures);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Width, Pictures);

    /// <summary>How many pictures of which size: <c>10 of 7x12</c>.</summary>
    public override string ToString() => $"{Count} of {Width}x{Pixels / Width}";

    private static string Row(int width, int bits) => string.Concat(Enumerable.Range(0, width).Select(column => (bits >> (width - 1 - column) & 1) == 1 ? '#' : '.'));
}
