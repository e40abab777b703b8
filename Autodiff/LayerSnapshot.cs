using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Autodiff;

/// <summary>What a network's layers put out, as text that a person reads and a <c>diff</c> explains: for tests that hold a network to its numbers.</summary>
/// <example><c>Assert.Equal(File.ReadAllText("network.txt"), LayerSnapshot.Of(network, parameters, input));</c></example>
public static class LayerSnapshot
{
    /// <summary>The input and every layer's output, a section each under a heading <c>== path: layer: [shape]</c>. The first section that differs is the first layer that does.</summary>
    /// <param name="network">The network.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="input">The samples, <c>[N, …]</c> with the network's input shape.</param>
    /// <exception cref="ArgumentException">The samples have another shape.</exception>
    /// <exception cref="ShapeException">A layer cannot take what comes in.</exception>
    public static string Of(Network network, Tree<Tensor> parameters, Tensor input) => Sections(
        Outputs(network, parameters, input).Select(output => ($"{output.Layer.Path}: {Summary.Text(output.Layer.Layer)}", output.Value)).Prepend(("input", input)));

    /// <summary>Parameters or gradients, a section each.</summary>
    /// <param name="tensors">Tensors in a network's structure.</param>
    public static string Of(Tree<Tensor> tensors) => Sections(tensors.Leaves);

    /// <summary>What every layer puts out, in order: <c>[N, …]</c> each. Layer by layer, which gives the bits that they give together.</summary>
    /// <param name="network">The network.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="input">The samples, <c>[N, …]</c> with the network's input shape.</param>
    /// <exception cref="ArgumentException">The samples have another shape.</exception>
    /// <exception cref="ShapeException">A layer cannot take what comes in.</exception>
    public static IEnumerable<(LayerShape Layer, Tensor Value)> Outputs(Network network, Tree<Tensor> parameters, Tensor input)
    {
        using var workspace = new Workspace();
        foreach (var output in Outputs(network, parameters, input, workspace))
            yield return output;
    }

    /// <summary>The same with threads and memory of the caller's.</summary>
    /// <param name="network">The network.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="input">The samples, <c>[N, …]</c> with the network's input shape.</param>
    /// <param name="workspace">Threads and memory.</param>
    /// <exception cref="ArgumentException">The samples have another shape.</exception>
    /// <exception cref="ShapeException">A layer cannot take what comes in.</exception>
    public static IEnumerable<(LayerShape Layer, Tensor Value)> Outputs(Network network, Tree<Tensor> parameters, Tensor input, Workspace workspace)
    {
        if (input.Shape.Rank == 0 || input.Shape.Rest != network.Input)
            throw new ArgumentException($"The network takes samples of shape {network.Input}, but a batch of shape {input.Shape} was given.", nameof(input));
        var value = input;
        foreach (var layer in Shapes.Of(network))
        {
            var own = parameters.At(layer.Path);
            value = Forward.Of(new Network(layer.Input, layer.Layer), own, value, workspace);
            yield return (layer, value);
        }
    }

    private static string Sections(IEnumerable<(string Name, Tensor Value)> tensors) =>
        string.Join("\n\n", tensors.Select(tensor => TensorText.Of(tensor.Name, tensor.Value).TrimEnd('\n')));
}
