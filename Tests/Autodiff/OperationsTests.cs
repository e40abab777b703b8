using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Random;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Tests.Kernels;

namespace FunctionalLeNet.Tests.Autodiff;

/// <summary>What operations say of themselves: their names, and what they refuse.</summary>
public sealed class OperationsTests : IDisposable
{
    private static readonly ConvolutionGeometry Windows = Shapes.Geometry(new Layer.MaximumPooling(2), [1, 4, 4]);
    private static readonly ConvolutionGeometry Kernels = Shapes.Geometry(new Layer.Convolution(3, 2), [2, 4, 4]);
    private static readonly ConnectionTable Table = ConnectionTable.Of(2, [0], [0, 1], [1]);

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    /// <summary>An operation, an argument of it, a shape that does not fit, and the shape that does.</summary>
    public static TheoryData<string, string, int[], int[]> Misfits => new()
    {
        { "convolution", "x", [1, 2, 5, 4], [1, 2, 4, 4] },
        { "convolution", "w", [3, 1, 2, 2], [3, 2, 2, 2] },
        { "convolution", "b", [4], [3] },
        { "convolution block", "x", [1, 2, 5, 4], [1, 2, 4, 4] },
        { "convolution block", "w", [3, 1, 2, 2], [3, 2, 2, 2] },
        { "convolution block", "b", [4], [3] },
        { "connected convolution", "x", [1, 1, 4, 4], [1, 2, 4, 4] },
        { "connected convolution", "w", [5, 2, 2], [4, 2, 2] },
        { "connected convolution", "b", [2], [3] },
        { "subsampling", "x", [1, 1, 4, 5], [1, 1, 4, 4] },
        { "subsampling", "w", [2], [1] },
        { "subsampling", "b", [2], [1] },
        { "maximum pooling", "x", [1, 1, 4, 5], [1, 1, 4, 4] },
        { "average pooling", "x", [1, 1, 4, 5], [1, 1, 4, 4] },
        { "linear", "x", [1, 5], [1, 4] },
        { "linear", "b", [2], [3] },
        { "matrix product", "x", [1, 5], [1, 4] },
        { "add", "b", [1, 3], [1, 4] },
        { "radial basis", "x", [1, 5], [1, 4] },
        { "squared error", "target", [1, 3], [1, 4] },
        { "softmax cross-entropy", "logits", [2, 4], [1, 4] },
        { "rubbish cross-entropy", "logits", [2, 4], [1, 4] },
        { "negative log-likelihood", "log-probabilities", [2, 4], [1, 4] },
    };

    [Theory]
    [MemberData(nameof(Misfits))]
    public void An_argument_that_does_not_fit_is_named_with_both_shapes(string operation, string argument, int[] found, int[] expected)
    {
        Assert.Equal(operation, Apply(operation, argument, expected).Operation);
        var error = Assert.Throws<ArgumentException>(() => Apply(operation, argument, found));
        var name = operation == "convolution block" ? "convolution" : operation;
        Assert.Equal($"The operation '{name}' expected {argument} of shape {Of(expected)}, but found {Of(found)}.", error.Message);
    }

    [Fact]
    public void Operations_that_take_any_shape_have_names_too()
    {
        var x = Batch(1, 1, 2, 2);
        Assert.Equal(
            ["rectify", "leaky rectify", "sigmoid", "tanh", "exponential linear", "gaussian error linear", "dropout", "scale", "flatten", "flatten", "softmax", "log softmax", "parameter", "constant"],
            new[]
            {
                Op.Rectify(x), Op.LeakyRectify(x, 0.1f), Op.Sigmoid(x), Op.Tanh(x), Op.ExponentialLinear(x, 1), Op.GaussianErrorLinear(x), Op.Dropout(x, 0.5, Key.Seed(0)),
                Op.Scale(x, 2), Op.Flatten(x), Op.FlattenChannelsLast(x), Op.Softmax(Op.Flatten(x)), Op.LogSoftmax(Op.Flatten(x)), x,
                Node.Constant(Inside, Tensor.Batch([1, 1], [0])),
            }.Select(node => node.Operation));
    }

    [Fact]
    public void A_constant_takes_no_derivative()
    {
        var constant = Node.Constant(Inside, Tensor.Batch([1, 1], [2]));
        Assert.False(constant.IsVariable);
        Assert.False(Op.Scale(constant, 3).IsVariable);
        var variable = Batch(1, 1);
        Assert.DoesNotContain(constant, Gradient.Backward(Op.Add(variable, constant), Tensor.Batch([1, 1], [1])).Keys);
    }

    [Fact]
    public void A_derivative_of_another_shape_is_a_defect_that_names_the_operation()
    {
        var x = Batch(1, 2);
        var wrong = Node.Of("own", Tensor.Batch([1, 2], [0, 0]), [x], (_, give) => give(x, Tensor.Batch([1, 3], [0, 0, 0])));
        var error = Assert.Throws<InvalidOperationException>(() => Gradient.Backward(wrong, Tensor.Batch([1, 2], [1, 1])));
        Assert.Equal("The derivative of 'own' by 'parameter' has shape [1, 3], but the value has [1, 2].", error.Message);
    }

    [Fact]
    public void A_loss_that_is_not_a_single_number_is_refused_and_leaves_nothing_behind()
    {
        var parameters = Tree.Leaf(Tensor.Parameter([2], [1, 2]));
        foreach (var derivatives in new Action[]
                 {
                     () => Gradient.Of(variables => Op.Scale(variables.AsLeaf(), 2), parameters, _workspace),
                     () => Curvature.Of(variables => Op.Scale(variables.AsLeaf(), 2), parameters, _workspace),
                 })
        {
            var generation = _workspace.Evaluation.Generation;
            var error = Assert.Throws<ArgumentException>(derivatives);
            Assert.StartsWith("A loss is a single number, but this one has shape [2]. Sum it or take its mean.", error.Message, StringComparison.Ordinal);
            Assert.Equal(generation + 1, _workspace.Evaluation.Generation);
        }
    }

    [Theory]
    [InlineData(Reduction.Mean, 1.0 / 3)]
    [InlineData(Reduction.Sum, 1)]
    public void Second_derivatives_of_losses_follow_the_reduction(Reduction reduction, double factor)
    {
        float[] x = [0.5f, -1, 2, 0, 1, 1];
        byte[] labels = [0, 1, 1];
        Tensor parameter = Tensor.Parameter([6], x), target = Tensor.Batch([3, 2], [1, 1, 1, 1, 1, 1]);
        using var workspace = new Workspace();
        float[] Of(Func<Node, Node> loss) => Curvature.Of(
            variables => loss(Row(variables.AsLeaf())), Tree.Leaf(parameter), workspace).AsLeaf().ToArray();
        // A batch of three rows whose numbers are the parameter's.
        Node Row(Node node) => Node.Of(
            "rows", Copies.Grouped(node.Workspace, Tensor.Batch([3, 2], x)), [node],
            (dy, give) => give(node, Tensor.Parameter([6], dy.ToArray())), (_, h, give) => give(node, Tensor.Parameter([6], h.ToArray())));

        var p = x.Chunk(2).SelectMany(row => row.Select(value => Math.Exp(value) / row.Sum(other => Math.Exp(other)))).ToArray();
        Differences.Close([.. p.Select(value => factor * value * (1 - value))], Of(node => Op.SoftmaxCrossEntropy(node, labels, reduction)));
        // A mean of squares is over all numbers, not over samples.
        Differences.Close([.. x.Select(_ => reduction == Reduction.Mean ? 2.0 / 6 : 2)], Of(node => Op.SquaredError(node, Node.Constant(node.Workspace, target), reduction)));
        Differences.Close([.. x.Select(_ => reduction == Reduction.Mean ? 2.0 / 6 : 2)], Of(node => Op.SquaredError(Node.Constant(node.Workspace, target), node, reduction)));
        Differences.Close([.. x.Select(_ => reduction == Reduction.Mean ? 3 * 2.0 / 6 : 6)], Of(node => Op.Scale(Op.SquaredError(node, Node.Constant(node.Workspace, target), reduction), 3)));
    }

    private Workspace Inside => _workspace.In(_workspace.Evaluation);

    private Node Apply(string operation, string argument, int[] shape)
    {
        Node Argument(string name, params int[] usual) => name == argument ? Batch(shape) : Batch(usual);
        Node Parameter(string name, params int[] usual) => Leaf(name == argument ? shape : usual);
        byte[] labels = [1];
        return operation switch
        {
            "convolution" => Op.Convolution(Argument("x", 1, 2, 4, 4), Parameter("w", 3, 2, 2, 2), Parameter("b", 3), Kernels),
            "convolution block" => Op.ConvolutionBlock(Argument("x", 1, 2, 4, 4), Parameter("w", 3, 2, 2, 2), Parameter("b", 3), Kernels, true, null),
            "connected convolution" => Op.ConnectedConvolution(Argument("x", 1, 2, 4, 4), Parameter("w", 4, 2, 2), Parameter("b", 3), Table, Kernels),
            "subsampling" => Op.Subsampling(Argument("x", 1, 1, 4, 4), Parameter("w", 1), Parameter("b", 1), Windows),
            "maximum pooling" => Op.MaximumPooling(Argument("x", 1, 1, 4, 4), Windows),
            "average pooling" => Op.AveragePooling(Argument("x", 1, 1, 4, 4), Windows),
            "linear" => Op.Linear(Argument("x", 1, 4), Parameter("w", 3, 4), Parameter("b", 3)),
            "matrix product" => Op.MatrixProduct(Argument("x", 1, 4), Parameter("w", 3, 4)),
            "add" => Op.Add(Batch(1, 4), Argument("b", 1, 4)),
            "radial basis" => Op.RadialBasis(Argument("x", 1, 4), Bitmaps.OfRows(2, [1, 2], [3, 0])),
            "squared error" => Op.SquaredError(Batch(1, 4), Argument("target", 1, 4), Reduction.Mean),
            "softmax cross-entropy" => Op.SoftmaxCrossEntropy(Argument("logits", 1, 4), labels, Reduction.Mean),
            "rubbish cross-entropy" => Op.RubbishCrossEntropy(Argument("logits", 1, 4), labels, 1, Reduction.Mean),
            "negative log-likelihood" => Op.NegativeLogLikelihood(Argument("log-probabilities", 1, 4), labels, Reduction.Mean),
            _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "No such operation."),
        };
    }

    private Node Batch(params int[] shape) => Node.Variable(Inside, Tensor.Batch(Of(shape), new float[Of(shape).Count]));

    private Node Leaf(params int[] shape) => Node.Variable(Inside, Tensor.Parameter(Of(shape), new float[Of(shape).Count]));

    private static Shape Of(int[] shape) => [.. shape];
}
