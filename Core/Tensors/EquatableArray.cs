using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FunctionalLeNet.Core.Tensors;

/// <summary>An immutable array that is equal to another with equal elements, so that records which hold one compare by value.</summary>
/// <remarks><see cref="ImmutableArray{T}"/> compares by reference, which breaks the equality of every record around it.</remarks>
/// <typeparam name="T">The elements' type.</typeparam>
[CollectionBuilder(typeof(EquatableArray), nameof(EquatableArray.Create))]
public readonly struct EquatableArray<T> : IEquatable<EquatableArray<T>>, IReadOnlyList<T>
{
    /// <summary>An array of the given elements.</summary>
    /// <param name="items">The elements in order.</param>
    public EquatableArray(ImmutableArray<T> items) => Items = items;

    /// <summary>The elements; empty for a default value.</summary>
    public ImmutableArray<T> Items { get => field.IsDefault ? [] : field; }

    /// <summary>The number of elements.</summary>
    public int Count => Items.Length;

    /// <summary>The element at an index from 0.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1.</param>
    public T this[int index] => Items[index];

    /// <inheritdoc/>
    public bool Equals(EquatableArray<T> other) => Items.AsSpan().SequenceEqual(other.Items.AsSpan(), EqualityComparer<T>.Default);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is EquatableArray<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Items.Aggregate(Count, (hash, item) => HashCode.Combine(hash, item));

    /// <summary>Whether two arrays have equal elements in the same order.</summary>
    /// <param name="left">One array.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(EquatableArray<T> left, EquatableArray<T> right) => left.Equals(right);

    /// <summary>Whether two arrays differ.</summary>
    /// <param name="left">One array.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(EquatableArray<T> left, EquatableArray<T> right) => !left.Equals(right);

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)Items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>An array of a function's results, element by element.</summary>
    /// <typeparam name="R">The results' type.</typeparam>
    /// <param name="function">Called once for each element, in order.</param>
    public EquatableArray<R> Map<R>(Func<T, R> function)
    {
        var (items, results) = (Items, new R[Count]);
        for (var i = 0; i < results.Length; i++)
            results[i] = function(items[i]);
        return new(ImmutableCollectionsMarshal.AsImmutableArray(results));
    }

    /// <summary>The elements between brackets.</summary>
    public override string ToString() => $"[{string.Join(", ", Items)}]";
}

/// <summary>Makes equatable arrays; the target of collection expressions.</summary>
public static class EquatableArray
{
    /// <summary>An array of the given elements, copied.</summary>
    /// <typeparam name="T">The elements' type.</typeparam>
    /// <param name="items">The elements in order.</param>
    public static EquatableArray<T> Create<T>(ReadOnlySpan<T> items) => new(ImmutableArray.Create(items));

    /// <summary>An array of a sequence's elements.</summary>
    /// <typeparam name="T">The elements' type.</typeparam>
    /// <param name="items">The elements in order.</param>
    public static EquatableArray<T> ToEquatableArray<T>(this IEnumerable<T> items) => new([.. items]);
}
