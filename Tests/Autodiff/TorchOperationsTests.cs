using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Tests.Reference;

namespace FunctionalLeNet.Tests.Autodiff;

/// <summary>Values and derivatives of every operation against PyTorch's, which <c>Reference/operations.py</c> printed.</summary>
public class TorchOperationsTests
{
    /// <summary>Both sides sum in float32, in different orders: the largest difference relative to the largest element.</summary>
    private const double Tolerance = 4e-6;

    private static readonly ReferenceFile Operations = ReferenceFile.Operations();

    public static TheoryData<string> Cases => [.. Operations.Cases.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Values_and_derivatives_are_PyTorchs(string name)
    {
        var c = Operations.Case(name);
        using var workspace = new Workspace(2);
        var inside = workspace.In(workspace.Evaluation);
        var (output, inputs) = Run(c, inside);
        Close(c["output"].Values(), output.Held.ToArray());
        var upstream = c["upstream"].Values();
        var seed = output.Held.Order == MemoryOrder.RowMajor ? Tensor.Parameter(output.Shape, upstream) : Copies.Grouped(inside, Tensor.Batch(output.Shape, upstream));
        var gradients = Gradient.Backward(output, seed);
        foreach (var (input, node) in inputs)
            Close(Expected(c, input), gradients[node].ToArray());
    }

    private static float[] Expected(ReferenceCase c, string input) =>
        c.Text("operation") == "matmul" && input == "right" ? Transposed(c["gradient/right"].Values(), c.Integer("inner"), c.Integer("columns")) : c[$"gradient/{input}"].Values();

    private static (Node Output, (string Name, Node Node)[] Inputs) Run(ReferenceCase c, Workspace inside)
    {
        Node Batch(string name) => Node.Variable(inside, Tensor.Batch([.. c[name].Shape], c[name].Values()));
        Node Parameter(string name) => Node.Variable(inside, Tensor.Parameter([.. c[name].Shape], c[name].Values()));
        Node Bias(int count) => c.Flag("bias") ? Parameter("bias") : Node.Variable(inside, Tensor.Zeros([count]));
        (string, Node)[] Inputs(params (string Name, Node Node)[] all) => [.. all.Where(input => input.Name != "bias" || c.Flag("bias"))];
        switch (c.Text("operation"))
        {
            case "conv2d":
                {
                    var (x, w, b) = (Batch("input"), Parameter("weight"), Bias(c.Integer("out_channels")));
                    var layer = new Layer.Convolution(w.Shape.First, c.Integer("kernel"), c.Integer("stride"), c.Integer("padding"));
                    return (Op.Convolution(x, w, b, Shapes.Geometry(layer, x.Shape.Rest)), Inputs(("input", x), ("weight", w), ("bias", b)));
                }

            case "max_pool2d":
                {
                    var x = Batch("input");
                    return (Op.MaximumPooling(x, Shapes.Geometry(new Layer.MaximumPooling(c.Integer("window"), c.Integer("stride")), x.Shape.Rest)), [("input", x)]);
                }

            case "linear":
                {
                    var (x, w, b) = (Batch("input"), Parameter("weight"), Bias(c.Integer("out_features")));
                    return (Op.Linear(x, w, b), Inputs(("input", x), ("weight", w), ("bias", b)));
                }

            case "matmul":
                {
                    // Ours is X Wᵀ in PyTorch's shapes, so the right factor goes in transposed and its derivative comes out so.
                    var (rows, inner, columns) = (c.Integer("rows"), c.Integer("inner"), c.Integer("columns"));
                    var right = Transposed(c["right"].Values(), inner, columns);
                    var (x, w) = (Batch("left"), Node.Variable(inside, Tensor.Parameter([columns, inner], right)));
                    return (Op.MatrixProduct(x, w), [("left", x), ("right", w)]);
                }

            case "add":
                {
                    var (a, b) = (Batch("left"), Batch("right"));
                    return (Op.Add(a, b), [("left", a), ("right", b)]);
                }

            case "scale":
                {
                    var x = Batch("input");
                    return (Op.Scale(x, (float)c.Number("factor")), [("input", x)]);
                }

            case "flatten":
                {
                    var x = Batch("input");
                    return (Op.Flatten(x), [("input", x)]);
                }

            case "avg_pool2d":
                {
                    var x = Batch("input");
                    return (Op.AveragePooling(x, Shapes.Geometry(new Layer.AveragePooling(c.Integer("window"), c.Integer("stride")), x.Shape.Rest)), [("input", x)]);
                }

            case "mse_loss":
                {
                    var (x, target) = (Batch("input"), Batch("target"));
                    return (Op.SquaredError(x, target, Reduced(c)), [("input", x), ("target", target)]);
                }

            case "nll_loss":
                {
                    var x = Batch("input");
                    return (Op.NegativeLogLikelihood(x, Labels(c), Reduced(c)), [("input", x)]);
                }

            case "cross_entropy":
                {
                    var x = Batch("input");
                    return (Op.SoftmaxCrossEntropy(x, Labels(c), Reduced(c)), [("input", x)]);
                }

            case var operation:
                {
                    var x = Batch("input");
                    return (operation switch
                    {
                        "relu" => Op.Rectify(x),
                        "leaky_relu" => Op.LeakyRectify(x, (float)c.Number("negative_slope")),
                        "sigmoid" => Op.Sigmoid(x),
                        "tanh" => Op.Tanh(x),
                        "scaled_tanh" => Op.Tanh(x, (float)c.Number("amplitude"), (float)c.Number("slope")),
                        "elu" => Op.ExponentialLinear(x, (float)c.Number("alpha")),
                        "gelu" => Op.GaussianErrorLinear(x),
                        "softmax" => Op.Softmax(x),
                        "log_softmax" => Op.LogSoftmax(x),
                        "global_avg_pool2d" => Forward.Apply(
                            new Network(x.Shape.Rest, new Layer.GlobalAveragePooling()), Tree.Branch<Node>(), x, new Mode.Evaluation()),
                        "flatten_channels_last" => Op.FlattenChannelsLast(x),
                        _ => throw new NotSupportedException($"No operation is called '{operation}'."),
                    }, [("input", x)]);
                }
        }
    }

    private static byte[] Labels(ReferenceCase c) => [.. c.Integers("labels").Select(label => (byte)label)];

    private static Reduction Reduced(ReferenceCase c) => c.Text("reduction") == "mean" ? Reduction.Mean : Reduction.Sum;

    private static float[] Transposed(float[] values, int rows, int columns) =>
        [.. Enumerable.Range(0, rows * columns).Select(i => values[(i % rows * columns) + (i / rows)])];

    private static void Close(float[] expected, float[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        var scale = expected.Max(Math.Abs);
        Assert.All(expected.Zip(found), pair => Assert.InRange(Math.Abs((double)pair.First - pair.Second), 0, Tolerance * Math.Max(scale, 1e-30)));
    }
}
