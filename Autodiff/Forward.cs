using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Autodiff;

/// <summary>The interpreter that computes: from a network, its parameters and a batch to what the network puts out.</summary>
public static class Forward
{
    /// <summary>A network applied to a batch in evaluation, as a value.</summary>
    /// <param name="network">The network.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="batch">The samples, <c>[N, …]</c> with the network's input shape.</param>
    /// <param name="workspace">Threads and memory.</param>
    /// <returns>The network's output, <c>[N, …]</c>.</returns>
    public static Tensor Of(Network network, Tree<Tensor> parameters, Tensor batch, Workspace workspace)
    {
        var inside = workspace.In(workspace.Evaluation);
        try
        {
            return Apply(network, parameters.Map(parameter => Node.Constant(inside, parameter)), Node.Constant(inside, batch), new Mode.Evaluation()).Value;
        }
        finally
        {
            workspace.Evaluation.Empty();
        }
    }

    /// <summary>A network applied to a batch, as a node of a graph.</summary>
    /// <param name="network">The network.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="batch">The samples, <c>[N, …]</c> with the network's input shape.</param>
    /// <param name="mode">Training, with the key of its random numbers, or evaluation.</param>
    /// <returns>The network's output, <c>[N, …]</c>.</returns>
    public static Node Apply(Network network, Tree<Node> parameters, Node batch, Mode mode) => Apply("", network.Layers, parameters, batch, mode);

    private static Node Apply(string path, Layer layer, Tree<Node> parameters, Node x, Mode mode) => layer.Match(
        convolution => convolution.Connections is { } table
            ? Op.ConnectedConvolution(x, parameters["weight"].AsLeaf(), parameters["bias"].AsLeaf(), table, Shapes.Geometry(convolution, x.Shape.Rest, path))
            : Op.Convolution(x, parameters["weight"].AsLeaf(), parameters["bias"].AsLeaf(), Shapes.Geometry(convolution, x.Shape.Rest, path)),
        pooling => Op.MaximumPooling(x, Shapes.Geometry(pooling, x.Shape.Rest, path)),
        pooling => Op.AveragePooling(x, Shapes.Geometry(pooling, x.Shape.Rest, path)),
        pooling => Op.Subsampling(x, parameters["weight"].AsLeaf(), parameters["bias"].AsLeaf(), Shapes.Geometry(pooling, x.Shape.Rest, path)),
        pooling => Op.Flatten(Op.AveragePooling(x, Shapes.Geometry(pooling, x.Shape.Rest, path))),
        activation => activation.Match(
            _ => Op.Rectify(x),
            leaky => Op.LeakyRectify(x, leaky.Slope),
            _ => Op.Sigmoid(x),
            tanh => Op.Tanh(x, tanh.Amplitude, tanh.Slope),
            exponential => Op.ExponentialLinear(x, exponential.Alpha),
            _ => Op.GaussianErrorLinear(x)),
        dropout => mode is Mode.Training training ? Op.Dropout(x, dropout.Probability, training.Key.Child(path)) : x,
        flatten => flatten.Order == FlattenOrder.ChannelsLast && x.Shape.Rank == 4 ? Op.FlattenChannelsLast(x) : Op.Flatten(x),
        _ => Op.Linear(x, parameters["weight"].AsLeaf(), parameters["bias"].AsLeaf()),
        basis => Op.RadialBasis(x, basis.Targets),
        _ => Op.Softmax(x),
        _ => Op.LogSoftmax(x),
        sequence => Fused(path, sequence.Layers.Items.AsSpan(), parameters, x, mode));

    /// <summary>Layers one after another; what stands together and can be computed together is one operation, to the same bits.</summary>
    private static Node Fused(string path, ReadOnlySpan<(string Name, Layer Layer)> layers, Tree<Node> parameters, Node x, Mode mode) => layers switch
    {
        [] => x,
        [(var name, Layer.Convolution { Connections: null } convolution), (_, Layer.Rectifier), (var poolName, Layer.MaximumPooling pooling), .. var rest]
            when Block(path, name, convolution, true, poolName, pooling, parameters, x) is { } block => Fused(path, rest, parameters, block, mode),
        [(var name, Layer.Convolution { Connections: null } convolution), (var poolName, Layer.MaximumPooling pooling), .. var rest]
            when Block(path, name, convolution, false, poolName, pooling, parameters, x) is { } block => Fused(path, rest, parameters, block, mode),
        [var (name, layer), .. var rest] => Fused(path, rest, parameters, Apply(Tree.Join(path, name), layer, parameters.Under(name), x, mode), mode),
    };

    private static Node? Block(
        string path, string name, Layer.Convolution convolution, bool rectify, string poolName, Layer.MaximumPooling pooling, Tree<Node> parameters, Node x)
    {
        var geometry = Shapes.Geometry(convolution, x.Shape.Rest, Tree.Join(path, name));
        var pool = Shapes.Geometry(pooling, geometry.Output(1, convolution.Channels).Rest, Tree.Join(path, poolName));
        var own = parameters.Under(name);
        return ConvolutionBlock.Takes(pool) && x.Workspace.Numerics == Numerics.Exact
            ? Op.ConvolutionBlock(x, own["weight"].AsLeaf(), own["bias"].AsLeaf(), geometry, rectify, pool)
            : null;
    }
}
