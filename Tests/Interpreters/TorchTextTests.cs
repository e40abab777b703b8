using System.Text.Json;
using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Tests.Reference;

namespace FunctionalLeNet.Tests.Interpreters;

/// <summary>Networks as PyTorch prints them, against what <c>Reference/texts.py</c> printed.</summary>
public class TorchTextTests
{
    [Theory]
    [InlineData("folk", "Folk")]
    [InlineData("official", "Official")]
    [InlineData("classic-sigmoid", "ClassicSigmoid")]
    [InlineData("classic-tanh", "ClassicTanh")]
    [InlineData("tensorflow", "TensorFlow")]
    public void A_tutorials_network_is_printed_as_PyTorch_prints_it(string name, string module) =>
        // PyTorch has no SAME for strides, and the script writes its two pixels.
        Assert.Equal(
            Text(name),
            TorchText.Of(AllExperiments.InOrder.Single(experiment => experiment.Name == name).Network, module).Replace("padding=same", "padding=(2, 2)", StringComparison.Ordinal));

    [Fact]
    public void Every_layer_is_printed_as_PyTorch_prints_it() => Assert.Equal(
        Text("family"),
        TorchText.Of(
            new Network([3, 16, 16], Network.Sequence(("0", Network.Sequence(
                ("0", new Layer.Convolution(4, new Size(5, 3), 2, new Padding(2, 2, 1, 1))),
                ("1", new Layer.LeakyRectifier(0.2f)),
                ("2", new Layer.MaximumPooling(new Size(3, 2), 2, 1)),
                ("3", new Layer.ExponentialLinear()),
                ("4", new Layer.AveragePooling(2, 1)),
                ("5", new Layer.GaussianErrorLinear()),
                ("6", Network.Sequence(("0", new Layer.Convolution(5, 3, Padding: Padding.Same)), ("1", new Layer.Sigmoid()), ("2", new Layer.Tanh()))),
                ("7", new Layer.Dropout(0.25)),
                ("8", new Layer.Flatten()),
                ("9", new Layer.Linear(10)),
                ("10", new Layer.Rectifier()),
                ("11", new Layer.LogSoftmax()))))),
            "Sequential"));

    private static string Text(string name)
    {
        using var file = JsonDocument.Parse(File.ReadAllText(ReferenceFile.PathOf("texts.json")));
        return file.RootElement.GetProperty("texts").GetProperty(name).GetString()!;
    }
}
