using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Interpreters;

/// <summary>One row of a network's summary.</summary>
/// <param name="Name">The layer's path, such as <c>conv/0</c>.</param>
/// <param name="Text">The layer in words, such as <c>Convolution 6@5x5 pad 1</c>.</param>
/// <param name="Output">The shape of what comes out of it, for one sample.</param>
/// <param name="Cost">Its parameters, connections and multiply-adds.</param>
public sealed record LayerSummary(string Name, string Text, Shape Output, LayerCost Cost);

/// <summary>A network, layer by layer.</summary>
/// <param name="Input">The shape of one sample.</param>
/// <param name="Layers">A row for each layer.</param>
/// <param name="Total">What the whole network costs for one sample.</param>
public sealed record NetworkSummary(Shape Input, EquatableArray<LayerSummary> Layers, LayerCost Total);

/// <summary>The interpreter that describes: what a reader wants to know of a network before any number is computed.</summary>
public static class Summary
{
    /// <summary>A network's rows and totals.</summary>
    /// <param name="network">The network.</param>
    /// <exception cref="ShapeException">A layer cannot take what comes in.</exception>
    public static NetworkSummary Of(Network network) => new(
        network.Input,
        Shapes.Of(network).Select(step => new LayerSummary(step.Path, Text(step.Layer), step.Output, Cost.Of(step))).ToEquatableArray(),
        Cost.Of(network));

    /// <summary>A layer in words: <c>channels@kernel</c> as the paper writes feature maps, and of stride and padding what is not the default.</summary>
    /// <param name="layer">The layer.</param>
    public static string Text(Layer layer) => layer.Match(
        convolution => $"Convolution {convolution.Channels}@{Sides(convolution.Kernel)}{(convolution.Stride == 1 ? "" : $" stride {convolution.Stride}")}{Text(convolution.Padding)}{(convolution.Connections is { } table ? $", {table}" : "")}",
        pooling => $"Max-pooling {Windows(pooling.Window, pooling.Stride)}{Text(pooling.Padding)}",
        pooling => $"Average pooling {Windows(pooling.Window, pooling.Stride)}{Text(pooling.Padding)}",
        pooling => $"Subsampling {Sides(pooling.Window)}",
        _ => "Global average pooling",
        activation => activation.Match(
            _ => "ReLU",
            leaky => Invariant($"Leaky ReLU {leaky.Slope}"),
            _ => "Sigmoid",
            tanh => tanh == new Layer.Tanh() ? "Tanh" : Invariant($"Tanh {tanh.Amplitude} tanh({tanh.Slope} x)"),
            exponential => Invariant($"ELU {exponential.Alpha}"),
            _ => "GELU"),
        dropout => Invariant($"Dropout {dropout.Probability}"),
        flatten => flatten.Order == FlattenOrder.ChannelsFirst ? "Flatten" : "Flatten (H, W, C)",
        linear => $"Linear {linear.Features}",
        basis => $"Radial basis {basis.Targets}",
        _ => "Softmax",
        _ => "Log-softmax",
        sequence => $"Sequence of {sequence.Layers.Count}");

    private static string Windows(Size window, Size stride) => $"{Sides(window)}{(stride == window ? "" : $" stride {stride}")}";

    private static string Text(Padding padding) => padding == default ? "" : padding.IsSame ? " same" : $" pad {padding}";

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private static string Sides(Size size) => $"{size.Height}x{size.Width}";
}
