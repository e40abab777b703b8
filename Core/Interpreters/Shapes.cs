using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Interpreters;

/// <summary>One layer of a network with what goes in and what comes out, without the batch dimension.</summary>
/// <param name="Path">The layer's path, such as <c>conv/0</c>.</param>
/// <param name="Layer">The layer; never a sequence.</param>
/// <param name="Input">The shape of what goes in.</param>
/// <param name="Output">The shape of what comes out.</param>
public sealed record LayerShape(string Path, Layer Layer, Shape Input, Shape Output);

/// <summary>The interpreter of shapes: what each layer makes of its input, found before any number is computed.</summary>
public static class Shapes
{
    /// <summary>Every layer of a network in order.</summary>
    /// <param name="network">The network.</param>
    /// <exception cref="ShapeException">A layer cannot take what comes in; the exception names it by its path.</exception>
    public static EquatableArray<LayerShape> Of(Network network) => Walk("", network.Layers, network.Input).ToEquatableArray();

    /// <summary>What the whole network puts out for one sample.</summary>
    /// <param name="network">The network.</param>
    /// <exception cref="ShapeException">A layer cannot take what comes in.</exception>
    public static Shape Output(Network network) => Of(network) is { Count: > 0 } layers ? layers[^1].Output : network.Input;

    /// <summary>The windows of a convolution over an input of a shape.</summary>
    /// <param name="layer">The convolution.</param>
    /// <param name="input">What goes in, <c>[C, H, W]</c>.</param>
    /// <param name="path">The layer's path, for the error.</param>
    /// <exception cref="ShapeException">The input is no image, or the kernel does not fit.</exception>
    public static ConvolutionGeometry Geometry(Layer.Convolution layer, Shape input, string path = "") =>
        Windows(layer, layer.Kernel, layer.Stride, layer.Padding, input, path);

    /// <summary>The windows of max-pooling over an input of a shape.</summary>
    /// <param name="layer">The pooling layer.</param>
    /// <param name="input">What goes in, <c>[C, H, W]</c>.</param>
    /// <param name="path">The layer's path, for the error.</param>
    /// <exception cref="ShapeException">The input is no image, or the window does not fit.</exception>
    public static ConvolutionGeometry Geometry(Layer.MaximumPooling layer, Shape input, string path = "") =>
        PoolingWindows(layer, layer.Window, layer.Stride, layer.Padding, input, path);

    /// <summary>The windows of average pooling over an input of a shape.</summary>
    /// <inheritdoc cref="Geometry(Layer.MaximumPooling, Shape, string)"/>
    public static ConvolutionGeometry Geometry(Layer.AveragePooling layer, Shape input, string path = "") =>
        PoolingWindows(layer, layer.Window, layer.Stride, layer.Padding, input, path);

    /// <summary>The windows of trainable subsampling over an input of a shape.</summary>
    /// <inheritdoc cref="Geometry(Layer.MaximumPooling, Shape, string)"/>
    public static ConvolutionGeometry Geometry(Layer.Subsampling layer, Shape input, string path = "") =>
        Windows(layer, layer.Window, layer.Window, default, input, path);

    /// <summary>The windows of global average pooling, one for each channel of an input of a shape.</summary>
    /// <inheritdoc cref="Geometry(Layer.MaximumPooling, Shape, string)"/>
    public static ConvolutionGeometry Geometry(Layer.GlobalAveragePooling layer, Shape input, string path = "") =>
        Windows(layer, IsImage(input) ? new Size(input[1], input[2]) : 1, 1, default, input, path);

    private static IEnumerable<LayerShape> Walk(string path, Layer layer, Shape input)
    {
        if (layer is not Layer.Sequence sequence)
            return [new LayerShape(path, layer, input, Output(path, layer, input))];
        var steps = new List<LayerShape>();
        foreach (var (name, child) in sequence.Layers)
            steps.AddRange(Walk(Tree.Join(path, name), child, steps.Count == 0 ? input : steps[^1].Output));
        return steps;
    }

    private static Shape Output(string path, Layer layer, Shape input) => layer.Match(
        convolution => Image(Geometry(convolution, input, path), Channels(path, convolution, input)),
        pooling => Image(Geometry(pooling, input, path), input[0]),
        pooling => Image(Geometry(pooling, input, path), input[0]),
        pooling => Image(Geometry(pooling, input, path), input[0]),
        pooling => Shape.Of(Geometry(pooling, input, path).Channels),
        activation => activation is Layer.Tanh { Amplitude: 0 } ? throw new ShapeException(path, layer, "an amplitude that is not 0", "0") : input,
        dropout => dropout.Probability is >= 0 and < 1
            ? input
            : throw new ShapeException(path, layer, "a probability from 0 to below 1", FormattableString.Invariant($"{dropout.Probability}")),
        _ => Shape.Of(input.Count),
        linear => linear.Features <= 0
            ? throw new ShapeException(path, layer, "at least 1 output feature", $"{linear.Features}")
            : OfFeatures(path, layer, input, Shape.Of(linear.Features)),
        basis => input == Shape.Of(basis.Targets.Pixels)
            ? Shape.Of(basis.Targets.Count)
            : throw new ShapeException(path, layer, $"[{basis.Targets.Pixels}], a feature for each pixel of a target", $"{input}"),
        _ => OfFeatures(path, layer, input, input),
        _ => OfFeatures(path, layer, input, input),
        sequence => sequence.Layers.Aggregate(input, (shape, child) => Output(Tree.Join(path, child.Name), child.Layer, shape)));

    private static int Channels(string path, Layer.Convolution layer, Shape input) =>
        layer.Channels <= 0 ? throw new ShapeException(path, layer, "at least 1 output channel", $"{layer.Channels}")
        : layer.Connections is { } table && (table.Outputs, table.Inputs) != (layer.Channels, input[0])
            ? throw new ShapeException(path, layer, $"a connection table of {layer.Channels} x {input[0]} maps", $"{table.Outputs} x {table.Inputs}")
        : layer.Channels;

    private static Shape OfFeatures(string path, Layer layer, Shape input, Shape output) =>
        input.Rank == 1 && input.Count > 0 ? output : throw new ShapeException(path, layer, "[features]: one dimension; put a Flatten before it", $"{input}");

    private static bool IsImage(Shape input) => input.Rank == 3 && input.Count > 0;

    private static Shape Image(ConvolutionGeometry g, int channels) => Shape.Of(channels, g.OutputHeight, g.OutputWidth);

    // A window that lies outside the image altogether would have nothing to choose from.
    private static ConvolutionGeometry PoolingWindows(Layer layer, Size window, Size stride, Padding padding, Shape input, string path) =>
        padding == default || (padding.Top < window.Height && padding.Bottom < window.Height && padding.Left < window.Width && padding.Right < window.Width)
            ? Windows(layer, window, stride, padding, input, path)
            : throw new ShapeException(path, layer, "padding less than the window", $"window {window}, padding {padding}");

    // https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2
    private static Padding Same(Size kernel, Size stride, Shape input)
    {
        static (int Before, int After) Split(int size, int kernel, int stride)
        {
            var total = Math.Max(((((size + stride - 1) / stride) - 1) * stride) + kernel - size, 0);
            return (total / 2, total - (total / 2));
        }

        var ((top, bottom), (left, right)) = (Split(input[1], kernel.Height, stride.Height), Split(input[2], kernel.Width, stride.Width));
        return new Padding(top, bottom, left, right);
    }

    private static ConvolutionGeometry Windows(Layer layer, Size kernel, Size stride, Padding padding, Shape input, string path)
    {
        if (!IsImage(input))
            throw new ShapeException(path, layer, "[channels, height, width]", $"{input}");
        if (kernel.Height < 1 || kernel.Width < 1 || stride.Height < 1 || stride.Width < 1)
            throw new ShapeException(path, layer, "a window and a stride of at least 1", $"window {kernel}, stride {stride}");
        if (padding.Top < 0 || padding.Bottom < 0 || padding.Left < 0 || padding.Right < 0)
            throw new ShapeException(path, layer, "padding of at least 0", $"padding {padding}");
        if (padding.IsSame)
            padding = Same(kernel, stride, input);
        var (height, width) = (input[1] + padding.Top + padding.Bottom, input[2] + padding.Left + padding.Right);
        return kernel.Height <= height && kernel.Width <= width
            ? new ConvolutionGeometry(
                input[0], input[1], input[2], kernel.Height, kernel.Width, stride.Height, stride.Width, padding.Top, padding.Left,
                ((height - kernel.Height) / stride.Height) + 1, ((width - kernel.Width) / stride.Width) + 1)
            : throw new ShapeException(path, layer, $"at least {kernel.Height} rows and {kernel.Width} columns, padding included", $"{input}, padded to {height} x {width}");
    }
}

/// <summary>A layer that cannot take what comes in.</summary>
/// <param name="path">The layer's path in the network.</param>
/// <param name="layer">The layer.</param>
/// <param name="expected">What it takes.</param>
/// <param name="found">What came.</param>
public sealed class ShapeException(string path, Layer layer, string expected, string found)
    : Exception($"Layer '{path}' ({layer.GetType().Name}) expected {expected}, but found {found}.")
{
    /// <summary>The layer's path in the network.</summary>
    public string Path { get; } = path;

    /// <summary>The layer.</summary>
    public Layer Layer { get; } = layer;

    /// <summary>What it takes.</summary>
    public string Expected { get; } = expected;

    /// <summary>What came.</summary>
    public string Found { get; } = found;
}
