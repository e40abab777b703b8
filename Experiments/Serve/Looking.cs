using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Images;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Experiments.Training;

namespace FunctionalLeNet.Experiments.Serve;

/// <summary>What the page shows of a network, computed.</summary>
internal static class Looking
{
    /// <summary>What a network makes of a digit, layer by layer.</summary>
    /// <param name="model">The network.</param>
    /// <param name="digit">The digit in MNIST's form.</param>
    /// <param name="workspace">Threads and memory.</param>
    /// <param name="milliseconds">How long it took so far, asked when all is done.</param>
    public static Look Of(TrainedModel model, GreyImage digit, Workspace workspace, Func<double> milliseconds)
    {
        var input = model.Input(digit.ToImageSet());
        var outputs = LayerSnapshot.Outputs(model.Experiment.Network, model.Parameters, input, workspace).Select(output => (output.Layer, Values: output.Value.ToArray())).ToList();
        var prediction = model.Of(outputs[^1].Values);
        var matters = Saliency.Of(model.Experiment.Network, model.Parameters, input, prediction.Class, workspace);
        return new(
            prediction.Class,
            prediction.Probabilities,
            Convert.ToBase64String(digit.Pixels.Span),
            [.. outputs.Select(output => new Maps(output.Layer.Path, Summary.Text(output.Layer.Layer), [.. output.Layer.Output], Numbers.Of(output.Values)))],
            Numbers.Of(Inside(matters, model.Experiment.Padding)),
            milliseconds());
    }

    /// <summary>The kernels of a network's convolutions.</summary>
    /// <param name="model">The network.</param>
    /// <param name="step">After which step.</param>
    public static Filters Filters(TrainedModel model, long step) => new(model.Name, step, [.. Shapes.Of(model.Experiment.Network).Where(layer => layer.Layer is Layer.Convolution).Select(layer =>
    {
        var convolution = (Layer.Convolution)layer.Layer;
        var all = Enumerable.Range(0, layer.Input[0]).ToArray();
        return new KernelsOf(
            layer.Path,
            layer.Input[0],
            convolution.Channels,
            convolution.Kernel.Height,
            convolution.Kernel.Width,
            convolution.Connections is { } table ? [.. table.Rows.Select(row => (IReadOnlyList<int>)[.. row])] : [.. Enumerable.Repeat(all, convolution.Channels)],
            Numbers.Of(model.Parameters.At(layer.Path)["weight"].AsLeaf().ToArray()));
    })]);

    private static float[] Inside(Tensor image, int margin)
    {
        var (values, side) = (image.ToArray(), image.Shape.Sizes[^1]);
        return [.. from row in Enumerable.Range(margin, side - (2 * margin)) from column in Enumerable.Range(margin, side - (2 * margin)) select values[(row * side) + column]];
    }
}
