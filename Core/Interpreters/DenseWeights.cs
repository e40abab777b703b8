using FunctionalLeNet.Core.Formats;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Interpreters;

/// <summary>
/// A network's parameters as programs without connection tables want them: the weight of a convolution with a table is <c>[out, in, KH, KW]</c>, with zeros between maps
/// that are not connected, instead of <c>[connections, KH, KW]</c>. Everything else is as it was.
/// </summary>
public static class DenseWeights
{
    /// <summary>Parameters with every pair of maps.</summary>
    /// <param name="network">The network.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <exception cref="ShapeException">A layer cannot take what comes in.</exception>
    public static Tree<Tensor> Of(Network network, Tree<Tensor> parameters)
    {
        var tables = Tables(network);
        return Tree.OfLeaves(parameters.Leaves.Select(leaf => (leaf.Path, tables.TryGetValue(leaf.Path, out var table) ? Of(table, leaf.Value) : leaf.Value)));
    }

    /// <summary>The weight with every pair of maps.</summary>
    /// <param name="table">Which maps are connected.</param>
    /// <param name="weight">The weight, <c>[connections, KH, KW]</c>.</param>
    /// <returns>The weight, <c>[out, in, KH, KW]</c>.</returns>
    public static Tensor Of(ConnectionTable table, Tensor weight)
    {
        var kernels = weight.ToArray().Chunk(weight.Shape.Rest.Count).GetEnumerator();
        var none = new float[weight.Shape.Rest.Count];
        return Tensor.Parameter(
            Shape(table, weight.Shape),
            [.. Pairs(table).SelectMany(pair => pair.IsConnected && kernels.MoveNext() ? kernels.Current : none)]);
    }

    /// <summary>The shape of a weight with every pair of maps.</summary>
    /// <param name="table">Which maps are connected.</param>
    /// <param name="weight">The weight's shape, <c>[connections, KH, KW]</c>.</param>
    public static Shape Shape(ConnectionTable table, Shape weight) => [table.Outputs, table.Inputs, weight[1], weight[2]];

    /// <summary>Of a weight with every pair of maps, what belongs to those that are connected.</summary>
    /// <param name="table">Which maps are connected.</param>
    /// <param name="dense">The weight, <c>[out, in, KH, KW]</c>.</param>
    /// <param name="name">Its name, for the error.</param>
    /// <param name="file">Where it comes from, for the error.</param>
    /// <returns>The weight, <c>[connections, KH, KW]</c>.</returns>
    /// <exception cref="DataException">A number between maps that are not connected is not zero.</exception>
    public static Tensor Connected(ConnectionTable table, Tensor dense, string name, string file)
    {
        var kernels = Pairs(table).Zip(dense.ToArray().Chunk(dense.Shape[2] * dense.Shape[3]), (pair, kernel) => (pair.Output, pair.Input, pair.IsConnected, Kernel: kernel)).ToList();
        return kernels.FirstOrDefault(pair => !pair.IsConnected && pair.Kernel.Any(value => value != 0)) is { Kernel: { } wrong } there
            ? throw new DataException(
                file, FormattableString.Invariant($"'{name}' has numbers where output {there.Output} is not connected with input {there.Input}"),
                "zeros there", FormattableString.Invariant($"{wrong.First(value => value != 0)}"), "Where it was trained, set them to zero after every step.")
            : Tensor.Parameter([table.Count, dense.Shape[2], dense.Shape[3]], [.. kernels.Where(pair => pair.IsConnected).SelectMany(pair => pair.Kernel)]);
    }

    /// <summary>The weights of a network that have a table, by their paths.</summary>
    /// <param name="network">The network.</param>
    /// <exception cref="ShapeException">A layer cannot take what comes in.</exception>
    public static IReadOnlyDictionary<string, ConnectionTable> Tables(Network network) => Shapes.Of(network)
        .SelectMany<LayerShape, (string Path, ConnectionTable Table)>(step => step.Layer is Layer.Convolution { Connections: { } table } ? [(Tree.Join(step.Path, "weight"), table)] : [])
        .ToDictionary(entry => entry.Path, entry => entry.Table);

    private static IEnumerable<(int Output, int Input, bool IsConnected)> Pairs(ConnectionTable table) =>
        from row in table.Rows.Index()
        from input in Enumerable.Range(0, table.Inputs)
        select (row.Index, input, row.Item.Contains(input));
}
