using CsCheck;
using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;
using Size = FunctionalLeNet.Core.Layers.Size;

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
            "Convolution 6@5x5 same", "Convolution 2@3x1 stride 2 pad 1,0,0,0, 3 of 6 connections", "Average pooling 2x2", "Max-pooling 3x3 stride 2 same",
            "Subsampling 2x2", "Global average pooling", "ReLU", "Sigmoid", "Tanh", "Tanh 1.7159 tanh(0.6666667 x)", "Leaky ReLU 0.01", "ELU 1", "GELU",
            "Dropout 0.5", "Flatten", "Flatten (H, W, C)", "Linear 10", "Radial basis 2 of 3x1", "Softmax", "Log-softmax", "Sequence of 1",
        ],
        new Layer[]
        {
            new Layer.Convolution(6, 5, Padding: Padding.Same),
            new Layer.Convolution(2, new Size(3, 1), 2, new Padding(1, 0, 0, 0), ConnectionTable.Of(3, [0, 2], [1])),
            new Layer.AveragePooling(2), new Layer.MaximumPooling(3, 2, Padding.Same), new Layer.Subsampling(2), new Layer.GlobalAveragePooling(),
            new Layer.Rectifier(), new Layer.Sigmoid(), new Layer.Tanh(), Layer.Tanh.Scaled, new Layer.LeakyRectifier(), new Layer.ExponentialLinear(),
            new Layer.GaussianErrorLinear(), new Layer.Dropout(), new Layer.Flatten(), new Layer.Flatten(FlattenOrder.ChannelsLast), new Layer.Linear(10),
            new Layer.RadialBasis(Bitmaps.OfRows(3, [1], [2])), new Layer.Softmax(), new Layer.LogSoftmax(), Network.Sequence(("a", new Layer.Softmax())),
        }.Select(Summary.Text));

    public static TheoryData<Layer, string, string, string> Wrong => new()
    {
        { Network.Sequence(("c", new Layer.Convolution(6, 5))), "c", "at least 5 rows and 5 columns, padding included", "[1, 4, 4], padded to 4 x 4" },
        { Network.Sequence(("c", new Layer.Convolution(6, new Size(1, 6), 1, new Padding(9, 9, 0, 1)))), "c", "at least 1 rows and 6 columns, padding included", "[1, 4, 4], padded to 22 x 5" },
        { Network.Sequence(("c", new Layer.Convolution(6, new Size(6, 1), 1, new Padding(0, 1, 9, 9)))), "c", "at least 6 rows and 1 columns, padding included", "[1, 4, 4], padded to 5 x 22" },
        { Network.Sequence(("a", Network.Sequence(("pool", new Layer.MaximumPooling(9))))), "a/pool", "at least 9 rows and 9 columns, padding included", "[1, 4, 4], padded to 4 x 4" },
        { Network.Sequence(("fc", new Layer.Linear(10))), "fc", "[features]: one dimension; put a Flatten before it", "[1, 4, 4]" },
        { Network.Sequence(("flatten", new Layer.Flatten()), ("fc", new Layer.Linear(0))), "fc", "at least 1 output feature", "0" },
        { Network.Sequence(("flatten", new Layer.Flatten()), ("c", new Layer.Convolution(1, 1))), "c", "[channels, height, width]", "[16]" },
        { Network.Sequence(("c", new Layer.Convolution(0, 1))), "c", "at least 1 output channel", "0" },
        { Network.Sequence(("c", new Layer.Convolution(2, 1, Connections: ConnectionTable.Of(3, [0], [1])))), "c", "a connection table of 2 x 1 maps", "2 x 3" },
        { Network.Sequence(("c", new Layer.Convolution(3, 1, Connections: ConnectionTable.Of(1, [0], [0])))), "c", "a connection table of 3 x 1 maps", "2 x 1" },
        { Network.Sequence(("c", new Layer.Convolution(1, 1, Padding: -1))), "c", "padding of at least 0", "padding -1" },
        { Network.Sequence(("c", new Layer.Convolution(1, 1, 1, new Padding(-1, 0, 0, 0)))), "c", "padding of at least 0", "padding -1,0,0,0" },
        { Network.Sequence(("c", new Layer.Convolution(1, 1, 1, new Padding(0, -1, 0, 0)))), "c", "padding of at least 0", "padding 0,-1,0,0" },
        { Network.Sequence(("c", new Layer.Convolution(1, 1, 1, new Padding(0, 0, -1, 0)))), "c", "padding of at least 0", "padding 0,0,-1,0" },
        { Network.Sequence(("c", new Layer.Convolution(1, 1, 1, new Padding(0, 0, 0, -1)))), "c", "padding of at least 0", "padding 0,0,0,-1" },
        { Network.Sequence(("c", new Layer.Convolution(1, -1))), "c", "a window and a stride of at least 1", "window -1, stride 1" },
        { Network.Sequence(("c", new Layer.Convolution(1, new Size(0, 1)))), "c", "a window and a stride of at least 1", "window 0x1, stride 1" },
        { Network.Sequence(("c", new Layer.Convolution(1, new Size(1, 0)))), "c", "a window and a stride of at least 1", "window 1x0, stride 1" },
        { Network.Sequence(("c", new Layer.Convolution(1, 1, new Size(0, 1)))), "c", "a window and a stride of at least 1", "window 1, stride 0x1" },
        { Network.Sequence(("c", new Layer.Convolution(1, 1, new Size(1, 0)))), "c", "a window and a stride of at least 1", "window 1, stride 1x0" },
        { Network.Sequence(("p", new Layer.AveragePooling(5))), "p", "at least 5 rows and 5 columns, padding included", "[1, 4, 4], padded to 4 x 4" },
        { Network.Sequence(("p", new Layer.AveragePooling(2, Padding: 2))), "p", "padding less than the window", "window 2, padding 2" },
        { Network.Sequence(("p", new Layer.MaximumPooling(2, 0, 3))), "p", "padding less than the window", "window 2, padding 3" },
        { Network.Sequence(("p", new Layer.MaximumPooling(2, 0, new Padding(2, 0, 0, 0)))), "p", "padding less than the window", "window 2, padding 2,0,0,0" },
        { Network.Sequence(("p", new Layer.MaximumPooling(2, 0, new Padding(0, 2, 0, 0)))), "p", "padding less than the window", "window 2, padding 0,2,0,0" },
        { Network.Sequence(("p", new Layer.MaximumPooling(2, 0, new Padding(0, 0, 2, 0)))), "p", "padding less than the window", "window 2, padding 0,0,2,0" },
        { Network.Sequence(("p", new Layer.MaximumPooling(2, 0, new Padding(0, 0, 0, 2)))), "p", "padding less than the window", "window 2, padding 0,0,0,2" },
        { Network.Sequence(("a", new Layer.Flatten()), ("g", new Layer.GlobalAveragePooling())), "g", "[channels, height, width]", "[16]" },
        { Network.Sequence(("s", new Layer.Softmax())), "s", "[features]: one dimension; put a Flatten before it", "[1, 4, 4]" },
        { Network.Sequence(("f", new Layer.Flatten()), ("r", new Layer.RadialBasis(Bitmaps.OfRows(3, [1, 2])))), "r", "[6], a feature for each pixel of a target", "[16]" },
        { Network.Sequence(("d", new Layer.Dropout(1))), "d", "a probability from 0 to below 1", "1" },
        { Network.Sequence(("d", new Layer.Dropout(-0.5))), "d", "a probability from 0 to below 1", "-0.5" },
        { Network.Sequence(("t", new Layer.Tanh(0))), "t", "an amplitude that is not 0", "0" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_network_put_together_wrongly_is_refused_with_the_layers_path(Layer layers, string path, string expected, string found)
    {
        var error = Assert.Throws<ShapeException>(() => Shapes.Of(new Network(Shape.Of(1, 4, 4), layers)));
        Assert.Equal((path, expected, found), (error.Path, error.Expected, error.Found));
        Assert.Equal($"Layer '{path}' ({error.Layer.GetType().Name}) expected {expected}, but found {found}.", error.Message);
    }

    [Fact]
    public void What_is_just_possible_is_taken()
    {
        var network = new Network([1, 4, 4], Network.Sequence(
            ("pool", new Layer.MaximumPooling(2, 0, 1)), ("drop", new Layer.Dropout(0)), ("flatten", new Layer.Flatten()),
            ("basis", new Layer.RadialBasis(Bitmaps.OfRows(3, [1, 2, 3], [4, 5, 6])))));
        Assert.Equal(["[1, 3, 3]", "[1, 3, 3]", "[9]", "[2]"], Shapes.Of(network).Select(step => $"{step.Output}"));
    }

    [Fact]
    public void No_features_and_no_pixels_are_nothing_to_work_with()
    {
        Assert.Equal("[0]", Assert.Throws<ShapeException>(() => Shapes.Of(new([0], new Layer.Linear(1)))).Found);
        Assert.Equal("[0, 2, 2]", Assert.Throws<ShapeException>(() => Shapes.Of(new([0, 2, 2], new Layer.Convolution(1, 1)))).Found);
    }

    [Fact]
    public void Global_average_pooling_has_one_window_a_channel() => Assert.Equal(
        new Core.Kernels.ConvolutionGeometry(3, 4, 5, 4, 5, 1, 1, 0, 0, 1, 1), Shapes.Geometry(new Layer.GlobalAveragePooling(), [3, 4, 5]));
}
