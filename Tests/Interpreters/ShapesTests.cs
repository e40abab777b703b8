using CsCheck;
using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;

namespace FunctionalLeNet.Tests.Interpreters;

public class ShapesTests
{
    [Fact]
    public void The_folk_network_has_the_tutorials_shapes() => Assert.Equal(
        ["conv/0 [6, 28, 28]", "conv/1 [6, 14, 14]", "conv/2 [16, 10, 10]", "conv/3 [16, 5, 5]", "flatten [400]", "fc/0 [120]", "fc/1 [84]", "fc/2 [10]"],
        Shapes.Of(Folk.Experiment.Network).Select(step => $"{step.Path} {step.Output}"));

    [Fact]
    public void The_tensorflow_network_has_the_tutorials_shapes() => Assert.Equal(
        ["[32, 28, 28]", "[32, 14, 14]", "[64, 14, 14]", "[64, 7, 7]", "[3136]", "[1024]", "[10]"],
        Shapes.Of(TensorFlow.Experiment.Network).Where(step => step.Layer is not (Layer.Rectifier or Layer.Dropout)).Select(step => $"{step.Output}"));

    [Theory]
    [InlineData("folk", 61_610)]
    [InlineData("official", 61_706)]
    [InlineData("repdl", 61_706)]
    [InlineData("digits", 61_706)]
    [InlineData("fast", 52_442)]
    [InlineData("classic-sigmoid", 61_706)]
    [InlineData("classic-tanh", 61_706)]
    [InlineData("tensorflow", 3_274_634)]
    public void Networks_have_their_originals_number_of_parameters(string name, int expected)
    {
        var network = AllExperiments.InOrder.Single(experiment => experiment.Name == name).Network;
        Assert.Equal(expected, Cost.Of(network).Parameters);
        Assert.Equal(expected, Parameters.Specification(network).Leaves.Sum(leaf => leaf.Value.Shape.Count));
    }

    [Fact]
    public void C1_has_the_papers_connections() =>
        Assert.Equal(122_304, Cost.Of(Shapes.Of(LeNet5.Official.Network)[0]).Connections);

    [Fact]
    public void A_predicted_output_counts_the_windows_that_fit() =>
        (from size in Gen.Int[1, 20] from kernel in Gen.Int[1, 7] from stride in Gen.Int[1, 5] from padding in Gen.Int[0, 5] select (size, kernel, stride, padding))
        .Where(c => c.kernel <= c.size + (2 * c.padding))
        .Sample(c =>
        {
            var windows = Enumerable.Range(0, c.size + (2 * c.padding)).Count(start => start % c.stride == 0 && start + c.kernel <= c.size + (2 * c.padding));
            var g = Shapes.Geometry(new Layer.Convolution(1, c.kernel, c.stride, c.padding), [1, c.size, c.size]);
            Assert.Equal((windows, windows), (g.OutputHeight, g.OutputWidth));
        });

    /// <summary>TensorFlow's rule: as many windows as strides that begin inside the image, the odd row of padding below.</summary>
    [Fact]
    public void Same_padding_makes_a_window_for_each_stride_and_is_uneven_at_the_end() =>
        (from size in Gen.Int[1, 20] from kernel in Gen.Int[1, 7] from stride in Gen.Int[1, 5] select (size, kernel, stride)).Sample(c =>
        {
            var g = Shapes.Geometry(new Layer.Convolution(1, c.kernel, c.stride, Padding.Same), [1, c.size, c.size]);
            var windows = Enumerable.Range(0, c.size).Count(start => start % c.stride == 0);
            Assert.Equal((windows, windows), (g.OutputHeight, g.OutputWidth));
            var total = Math.Max(((windows - 1) * c.stride) + c.kernel - c.size, 0);
            Assert.Equal((total / 2, total / 2), (g.Top, g.Left));
        });

    [Fact]
    public void Layers_are_described_with_everything_that_sets_them_apart() => Assert.Equal(
        [
            "Convolution 6@5x5 same", "Average pooling 2x2", "Max-pooling 3x3 stride 2 same", "Tanh", "Tanh 1.7159 tanh(0.6666667 x)", "Leaky ReLU 0.01",
            "Dropout 0.5", "Flatten (H, W, C)", "Log-softmax",
        ],
        new Layer[]
        {
            new Layer.Convolution(6, 5, Padding: Padding.Same), new Layer.AveragePooling(2), new Layer.MaximumPooling(3, 2, Padding.Same), new Layer.Tanh(), Layer.Tanh.Scaled,
            new Layer.LeakyRectifier(), new Layer.Dropout(), new Layer.Flatten(FlattenOrder.ChannelsLast), new Layer.LogSoftmax(),
        }.Select(Summary.Text));

    public static TheoryData<Layer, string, string> Wrong => new()
    {
        { Network.Sequence(("c", new Layer.Convolution(6, 5))), "c", "at least 5 rows and 5 columns, padding included" },
        { Network.Sequence(("a", Network.Sequence(("pool", new Layer.MaximumPooling(9))))), "a/pool", "at least 9 rows and 9 columns, padding included" },
        { Network.Sequence(("fc", new Layer.Linear(10))), "fc", "[features]: one dimension; put a Flatten before it" },
        { Network.Sequence(("flatten", new Layer.Flatten()), ("fc", new Layer.Linear(0))), "fc", "at least 1 output feature" },
        { Network.Sequence(("flatten", new Layer.Flatten()), ("c", new Layer.Convolution(1, 1))), "c", "[channels, height, width]" },
        { Network.Sequence(("c", new Layer.Convolution(0, 1))), "c", "at least 1 output channel" },
        { Network.Sequence(("c", new Layer.Convolution(1, 1, Padding: -1))), "c", "padding of at least 0" },
        { Network.Sequence(("c", new Layer.Convolution(1, -1))), "c", "a window and a stride of at least 1" },
        { Network.Sequence(("p", new Layer.AveragePooling(5))), "p", "at least 5 rows and 5 columns, padding included" },
        { Network.Sequence(("p", new Layer.AveragePooling(2, Padding: 2))), "p", "padding less than the window" },
        { Network.Sequence(("p", new Layer.MaximumPooling(2, 0, 3))), "p", "padding less than the window" },
        { Network.Sequence(("a", new Layer.Flatten()), ("g", new Layer.GlobalAveragePooling())), "g", "[channels, height, width]" },
        { Network.Sequence(("s", new Layer.Softmax())), "s", "[features]: one dimension; put a Flatten before it" },
        { Network.Sequence(("d", new Layer.Dropout(1))), "d", "a probability from 0 to below 1" },
        { Network.Sequence(("t", new Layer.Tanh(0))), "t", "an amplitude that is not 0" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_network_put_together_wrongly_is_refused_with_the_layers_path(Layer layers, string path, string expected)
    {
        var error = Assert.Throws<ShapeException>(() => Shapes.Of(new Network(Shape.Of(1, 4, 4), layers)));
        Assert.Equal((path, expected), (error.Path, error.Expected));
    }
}
