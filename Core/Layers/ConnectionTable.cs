using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Layers;

/// <summary>
/// Which input maps each output map of a convolution sees: LeCun et al. 1998, section II-B and table I. A pair that is not connected has no weight and costs no product.
/// Connections are numbered output by output, and within an output in the order of its inputs; that is the order of the weights, <c>[connections, KH, KW]</c>.
/// </summary>
/// <param name="Inputs">How many input maps there are.</param>
/// <param name="Rows">For each output map its input maps, ascending, at least one.</param>
public sealed record ConnectionTable(int Inputs, EquatableArray<EquatableArray<int>> Rows)
{
    /// <summary>How many input maps there are.</summary>
    public int Inputs { get; } = Inputs;

    /// <summary>For each output map its input maps, ascending, at least one.</summary>
    public EquatableArray<EquatableArray<int>> Rows { get; } = Rows;

    /// <summary>How many output maps there are.</summary>
    public int Outputs => Rows.Count;

    /// <summary>How many pairs are connected.</summary>
    public int Count => Wiring.Count;

    /// <summary>The table as kernels want it.</summary>
    internal Wiring Wiring { get; } = new(Inputs, Rows);

    /// <summary>A table from its rows.</summary>
    /// <param name="inputs">How many input maps there are.</param>
    /// <param name="rows">For each output map its input maps.</param>
    /// <exception cref="ArgumentException">A row is empty, not ascending, or names a map that is not there.</exception>
    public static ConnectionTable Of(int inputs, params ReadOnlySpan<int[]> rows)
    {
        foreach (var row in rows)
            if (row.Length == 0 || row[0] < 0 || row[^1] >= inputs || !row.Zip(row.Skip(1)).All(pair => pair.First < pair.Second))
                throw new ArgumentException($"A row of a connection table names input maps from 0 to {inputs - 1} in ascending order, found ({string.Join(", ", row)}).", nameof(rows));
        return new(inputs, rows.ToArray().Select(row => row.ToEquatableArray()).ToEquatableArray());
    }

    /// <summary>Whether the other table connects the same maps.</summary>
    /// <param name="other">The other.</param>
    public bool Equals(ConnectionTable? other) => other is not null && Inputs == other.Inputs && Rows.Equals(other.Rows);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Inputs, Rows);

    /// <summary>How many connections of how many possible ones: <c>60 of 96 connections</c>.</summary>
    public override string ToString() => $"{Count} of {Inputs * Outputs} connections";
}
