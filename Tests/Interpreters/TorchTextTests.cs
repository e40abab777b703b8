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

    // What PyTorch has no name for is written in its manner.
    [Fact]
    public void Layers_that_PyTorch_does_not_have_are_printed_in_its_manner() => Assert.Equal(
        """
        Module(
          (all): Sequential(
            (0): Conv2d(1, 2, kernel_size=(3, 3), stride=(1, 1), padding=(1, 0, 2, 2))
            (1): Conv2d(2, 2, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1, 2, 1))
            (2): Subsampling(kernel_size=2)
            (3): Tanh(amplitude=1.7159, slope=0.6666667)
            (4): AdaptiveAvgPool2d(output_size=1)
            (5): Linear(in_features=2, out_features=6, bias=True)
            (6): RadialBasis(in_features=6, out_features=1)
            (7): Softmax(dim=1)
          )
        )
        """.ReplaceLineEndings("\n"),
        TorchText.Of(
            new Network([1, 16, 16], Network.Sequence(("all", Network.Sequence(
                ("0", new Layer.Convolution(2, 3, Padding: new Padding(1, 0, 2, 2))),
                ("1", new Layer.Convolution(2, 3, Padding: new Padding(1, 1, 2, 1))),
                ("2", new Layer.Subsampling(2)),
                ("3", Layer.Tanh.Scaled),
                ("4", new Layer.GlobalAveragePooling()),
                ("5", new Layer.Linear(6)),
                ("6", new Layer.RadialBasis(Bitmaps.OfRows(3, [1, 2]))),
                ("7", new Layer.Softmax()))))),
            "Module"));

    [Fact]
    public void A_layer_alone_is_printed_alone() => Assert.Equal(
        "Linear(in_features=6, out_features=2, bias=True)", TorchText.Of(new Network([6], new Layer.Linear(2)), "Module"));

    private static string Text(string name)
    {
        using var file = JsonDocument.Parse(File.ReadAllText(ReferenceFile.PathOf("texts.json")));
        return file.RootElement.GetProperty("texts").GetProperty(name).GetString()!;
    }
}
