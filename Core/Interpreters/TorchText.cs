using System.Globalization;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Interpreters;

/// <summary>The interpreter that writes a network as PyTorch prints a module: <c>(0): Conv2d(1, 6, kernel_size=(5, 5), stride=(1, 1))</c>.</summary>
public static class TorchText
{
    /// <summary>
    /// The text of the module that a tutorial would write: what has parameters are its children; of the outermost layers those without any
    /// are called in its <c>forward</c>, and a module does not show them. A network that is one layer is that layer's module.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="name">The module's class.</param>
    /// <exception cref="ShapeException">A layer cannot take what comes in.</exception>
    public static string Of(Network network, string name)
    {
        var inputs = Shapes.Of(network).ToDictionary(step => step.Path, step => step.Input);
        var parameters = Parameters.Specification(network);
        return network.Layers is Layer.Sequence sequence
            ? Block(name, sequence.Layers.Where(child => parameters.Under(child.Name).Leaves.Any()).Select(child => (child.Name, Of(child.Name, child.Layer, inputs))))
            : Of("", network.Layers, inputs);
    }

    private static string Of(string path, Layer layer, IReadOnlyDictionary<string, Shape> inputs) => layer.Match(
        convolution => $"Conv2d({inputs[path][0]}, {convolution.Channels}, kernel_size={Pair(convolution.Kernel)}, stride={Pair(convolution.Stride)}"
            + (convolution.Padding == default ? ")" : $", padding={Text(convolution.Padding, always: true)})"),
        pooling => $"MaxPool2d({Window(pooling.Window, pooling.Stride, pooling.Padding)}, dilation=1, ceil_mode=False)",
        pooling => $"AvgPool2d({Window(pooling.Window, pooling.Stride, pooling.Padding)})",
        subsampling => $"Subsampling(kernel_size={Text(subsampling.Window)})",
        _ => "AdaptiveAvgPool2d(output_size=1)",
        activation => activation.Match(
            _ => "ReLU()",
            leaky => $"LeakyReLU(negative_slope={Number(leaky.Slope)})",
            _ => "Sigmoid()",
            tanh => tanh == new Layer.Tanh() ? "Tanh()" : $"Tanh(amplitude={Number(tanh.Amplitude)}, slope={Number(tanh.Slope)})",
            exponential => $"ELU(alpha={Number(exponential.Alpha)})",
            _ => "GELU(approximate='none')"),
        dropout => $"Dropout(p={Number(dropout.Probability)}, inplace=False)",
        _ => "Flatten(start_dim=1, end_dim=-1)",
        linear => $"Linear(in_features={inputs[path].Count}, out_features={linear.Features}, bias=True)",
        radial => $"RadialBasis(in_features={inputs[path].Count}, out_features={radial.Targets.Count})",
        _ => "Softmax(dim=1)",
        _ => "LogSoftmax(dim=1)",
        sequence => Block("Sequential", sequence.Layers.Select(child => (child.Name, Of(Tree.Join(path, child.Name), child.Layer, inputs)))));

    private static string Block(string name, IEnumerable<(string Name, string Text)> children) =>
        $"{name}(\n{string.Join('\n', children.Select(child => Indented($"({child.Name}): {child.Text}")))}\n)";

    private static string Indented(string text) => "  " + text.Replace("\n", "\n  ", StringComparison.Ordinal);

    private static string Window(Size window, Size stride, Padding padding) =>
        $"kernel_size={Text(window)}, stride={Text(stride)}, padding={Text(padding, always: false)}";

    private static string Text(Size size) => size.Height == size.Width ? $"{size.Height}" : Pair(size);

    private static string Pair(Size size) => $"({size.Height}, {size.Width})";

    // PyTorch knows padding that is the same on opposite sides; what is not is written out as (top, bottom, left, right).
    private static string Text(Padding padding, bool always) =>
        padding.IsSame ? "same"
        : padding.Top != padding.Bottom || padding.Left != padding.Right ? $"({padding.Top}, {padding.Bottom}, {padding.Left}, {padding.Right})"
        : padding.Top == padding.Left && !always ? $"{padding.Top}"
        : $"({padding.Top}, {padding.Left})";

    // Python writes a float with a point.
    private static string Number(double value) => ((float)value).ToString(value == Math.Floor(value) ? "F1" : "R", CultureInfo.InvariantCulture);
}
