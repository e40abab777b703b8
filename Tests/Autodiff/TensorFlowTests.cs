using System.Text.Json;
using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Random;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Tests.Reference;

namespace FunctionalLeNet.Tests.Autodiff;

/// <summary>Where TensorFlow differs from PyTorch, against what <c>Reference/tensorflow.cjs</c> printed.</summary>
public class TensorFlowTests
{
    private const double Tolerance = 4e-6;

    public static TheoryData<int> Cases => [.. Read().Index().Where(c => c.Item.GetProperty("operation").GetString() is not "truncated_normal").Select(c => c.Index)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Same_padding_and_flattening_are_TensorFlows(int index)
    {
        var c = Read()[index];
        using var workspace = new Workspace(2);
        var inside = workspace.In(workspace.Evaluation);
        var image = Shape.Of(Integer("channels"), Integer("height"), Integer("width"));
        var x = Node.Variable(inside, Tensor.Batch(image.Prepend(Integer("batch")), Numbers("input")));
        var operation = c.GetProperty("operation").GetString();
        var layer = operation switch
        {
            "conv2d" => new Layer.Convolution(Integer("outputs"), Kernel(), Integer("stride"), Padding.Same),
            "max_pool2d" => new Layer.MaximumPooling(Kernel(), Integer("stride"), Padding.Same),
            "avg_pool2d" => new Layer.AveragePooling(Kernel(), Integer("stride"), Padding.Same),
            "flatten" => (Layer)new Layer.Flatten(FlattenOrder.ChannelsLast),
            _ => throw new NotSupportedException(operation),
        };
        var parameters = operation == "conv2d"
            ? Tree.Branch(
                ("weight", Tree.Leaf(Node.Variable(inside, Tensor.Parameter([Integer("outputs"), image[0], Kernel().Height, Kernel().Width], Numbers("weight"))))),
                ("bias", Tree.Leaf(Node.Constant(inside, Tensor.Zeros([Integer("outputs")])))))
            : Tree.Branch<Node>();

        var y = Forward.Apply(new Network(image, layer), parameters, x, new Mode.Evaluation());
        Close("output", y.Held);
        if (operation == "flatten")
            return;
        Assert.Equal(c.GetProperty("output_size").EnumerateArray().Select(size => size.GetInt32()), y.Shape.Skip(2));
        var gradients = Gradient.Backward(y, Copies.Grouped(inside, Tensor.Batch(y.Shape, Numbers("upstream"))));
        // tfjs has no true derivative of an average at a border; central differences check that one.
        if (operation != "avg_pool2d")
            Close("input_gradient", gradients[x]);
        if (operation == "conv2d")
            Close("weight_gradient", gradients[parameters["weight"].AsLeaf()]);

        int Integer(string name) => c.GetProperty(name).GetInt32();
        Core.Layers.Size Kernel() => c.GetProperty("kernel").EnumerateArray().Select(size => size.GetInt32()).ToArray() is [var height, var width] ? new(height, width) : default;
        float[] Numbers(string name) => [.. c.GetProperty(name).EnumerateArray().Select(value => value.GetSingle())];
        void Close(string name, Tensor found)
        {
            var expected = Numbers(name);
            var scale = expected.Max(Math.Abs);
            Assert.Equal(expected.Length, found.Count);
            var worst = expected.Zip(found.ToArray()).Max(pair => Math.Abs((double)pair.First - pair.Second));
            Assert.True(worst <= Tolerance * scale, $"{c.GetProperty("operation")} {name}, case {index}: {worst} of {scale}");
        }
    }

    /// <summary>
    /// TensorFlow's generator is another, so it is the law that is compared: its 50,000 numbers lie within the same bounds, and the two distributions
    /// are nowhere farther apart than chance makes them (Kolmogorov and Smirnov, 1 in 1,000).
    /// </summary>
    [Fact]
    public void The_truncated_normal_has_TensorFlows_law()
    {
        var c = Read().Single(item => item.GetProperty("operation").GetString() == "truncated_normal");
        var (count, deviation) = (c.GetProperty("count").GetInt32(), c.GetProperty("deviation").GetDouble());
        var network = new Network([500], Network.Sequence(("fc", new Layer.Linear(100))));
        var values = Parameters.Initialise(network, Initialisation.WithoutBias(new Initialiser.TruncatedNormal(deviation)), TorchGenerator.Seed(0))
            .Parameters["fc"]["weight"].AsLeaf().ToArray();
        Assert.Equal(count, values.Length);
        Assert.InRange(c.GetProperty("largest").GetDouble(), values.Max() * 0.99, 2 * deviation);
        Assert.InRange(c.GetProperty("smallest").GetDouble(), -2 * deviation, values.Min() * 0.99);
        Assert.Equal(c.GetProperty("mean").GetDouble(), values.Average(), 0.002);
        Assert.Equal(c.GetProperty("standard_deviation").GetDouble(), Math.Sqrt(values.Average(value => (double)value * value)), 0.001);
        var farthest = c.GetProperty("quantiles").EnumerateArray().Select((quantile, i) =>
            Math.Abs(((i + 1) / 100.0) - (values.Count(value => value <= quantile.GetDouble()) / (double)count))).Max();
        Assert.InRange(farthest, 0, 1.95 * Math.Sqrt(2.0 / count));
    }

    private static List<JsonElement> Read()
    {
        using var file = JsonDocument.Parse(File.ReadAllText(ReferenceFile.PathOf("tensorflow.json")));
        return [.. file.RootElement.GetProperty("cases").EnumerateArray().Select(item => item.Clone())];
    }
}
