using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Interpreters;

/// <summary>What a layer costs for one sample.</summary>
/// <param name="Parameters">Trainable numbers.</param>
/// <param name="Connections">Edges of the network, biases included, as LeCun et al. 1998 count them (C1 of LeNet-5: 122,304).</param>
/// <param name="MultiplyAdds">Products that are summed; taps on padding are counted.</param>
public readonly record struct LayerCost(long Parameters, long Connections, long MultiplyAdds)
{
    /// <summary>Two costs together.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static LayerCost operator +(LayerCost left, LayerCost right) =>
        new(left.Parameters + right.Parameters, left.Connections + right.Connections, left.MultiplyAdds + right.MultiplyAdds);
}

/// <summary>The interpreter of cost.</summary>
public static class Cost
{
    /// <summary>What one layer costs for one sample.</summary>
    /// <param name="step">The layer with its shapes.</param>
    public static LayerCost Of(LayerShape step) => step.Layer.Match(
        convolution => Weighted((convolution.Connections?.Count ?? (long)step.Input[0] * convolution.Channels) * convolution.Kernel.Height * convolution.Kernel.Width, step.Output),
        pooling => Unweighted(step.Output, pooling.Window),
        pooling => Unweighted(step.Output, pooling.Window),
        pooling => new LayerCost(2L * step.Output[0], (((long)pooling.Window.Height * pooling.Window.Width) + 1) * step.Output.Count, step.Output.Count),
        _ => new LayerCost(0, step.Input.Count, 0),
        _ => default,
        _ => default,
        _ => default,
        linear => Weighted((long)step.Input.Count * linear.Features, step.Output),
        basis => new LayerCost(0, (long)basis.Targets.Count * basis.Targets.Pixels, (long)basis.Targets.Count * basis.Targets.Pixels),
        _ => default,
        _ => default,
        _ => default);

    /// <summary>What a network costs for one sample.</summary>
    /// <param name="network">The network.</param>
    /// <exception cref="ShapeException">A layer cannot take what comes in.</exception>
    public static LayerCost Of(Network network) => Shapes.Of(network).Select(Of).Aggregate(default(LayerCost), (sum, cost) => sum + cost);

    private static LayerCost Unweighted(Shape output, Size window) => new(0, (long)output.Count * window.Height * window.Width, 0);

    // A bias for each map or feature of the output; every weight and every bias once for each pixel.
    private static LayerCost Weighted(long weights, Shape output) =>
        new(weights + output.First, (weights + output.First) * output.Rest.Count, weights * output.Rest.Count);
}
