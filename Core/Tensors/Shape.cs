using System.Runtime.CompilerServices;

namespace FunctionalLeNet.Core.Tensors;

/// <summary>The sizes of a tensor's dimensions, outermost first, in PyTorch's order: a batch of images is <c>[N, C, H, W]</c>.</summary>
/// <remarks>No dimension at all is a scalar's shape. Sizes are at least 0 and their product fits an <see cref="int"/>.</remarks>
[CollectionBuilder(typeof(Shape), nameof(Of))]
public sealed record Shape : IEnumerable<int>
{
    private Shape(EquatableArray<int> sizes, int count) => (Sizes, Count) = (sizes, count);

    /// <summary>The sizes, outermost first.</summary>
    public EquatableArray<int> Sizes { get; }

    /// <summary>The shape of a single number.</summary>
    public static Shape Scalar { get; } = Of();

    /// <summary>How many dimensions there are.</summary>
    public int Rank => Sizes.Count;

    /// <summary>The number of elements: the product of all sizes, 1 for a scalar.</summary>
    public int Count { get; }

    /// <summary>The size of one dimension.</summary>
    /// <param name="dimension">From 0, the outermost.</param>
    public int this[int dimension] => Sizes[dimension];

    /// <summary>The outermost size: samples of a batch, outputs of a weight; 1 for a scalar.</summary>
    public int First => Rank == 0 ? 1 : Sizes[0];

    /// <summary>The shape without its outermost dimension: one sample of a batch, the fan-in of a weight.</summary>
    public Shape Rest => field ??= Rank == 0 ? this : Of(Sizes.Items.AsSpan()[1..]);

    /// <summary>A shape of the given sizes.</summary>
    /// <param name="sizes">Outermost first, none negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative.</exception>
    /// <exception cref="OverflowException">There would be more than 2³¹ − 1 elements.</exception>
    public static Shape Of(params ReadOnlySpan<int> sizes)
    {
        var count = 1;
        foreach (var size in sizes)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(size, nameof(sizes));
            count = checked(count * size);
        }

        return new Shape(EquatableArray.Create(sizes), count);
    }

    /// <summary>The shape with one more dimension outside: <c>[C, H, W]</c> to <c>[N, C, H, W]</c>.</summary>
    /// <param name="size">The new outermost size.</param>
    public Shape Prepend(int size) => Of([size, .. Sizes]);

    /// <summary>Equal when the sizes are.</summary>
    /// <param name="other">Another shape.</param>
    public bool Equals(Shape? other) => other is not null && Sizes == other.Sizes;

    /// <inheritdoc/>
    public override int GetHashCode() => Sizes.GetHashCode();

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => Sizes.GetEnumerator();

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>As PyTorch prints it: <c>[6, 1, 5, 5]</c>.</summary>
    public override string ToString() => Sizes.ToString();
}
