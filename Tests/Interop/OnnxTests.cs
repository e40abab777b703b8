using System.Text;
using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Random;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Data;
using FunctionalLeNet.Experiments.Interop.Onnx;
using FunctionalLeNet.Experiments.Training;
using FunctionalLeNet.Tests.Cli;
using FunctionalLeNet.Tests.Data;
using Microsoft.ML.OnnxRuntime;
using Xunit.Abstractions;

namespace FunctionalLeNet.Tests.Interop;

/// <summary>What we export, computed by ONNX Runtime.</summary>
public class OnnxTests(ITestOutputHelper log)
{
    public static TheoryData<string> Experiments => [.. AllExperiments.InOrder.Select(experiment => experiment.Name)];

    /// <summary>A network for each layer of the family that no experiment has, on images of 3 channels.</summary>
    public static TheoryData<string> Layers => [.. Family.Keys];

    private static readonly Dictionary<string, Layer[]> Family = new()
    {
        ["convolution, uneven"] = [new Layer.Convolution(4, new Size(3, 2), new Size(2, 3), new Padding(1, 0, 2, 1))],
        ["convolution, same"] = [new Layer.Convolution(4, 4, 2, Padding.Same)],
        ["max-pooling, padded"] = [new Layer.MaximumPooling(3, 2, 1)],
        ["max-pooling, same"] = [new Layer.MaximumPooling(2, 2, Padding.Same)],
        ["max-pooling, rows that no window reaches"] = [new Layer.MaximumPooling(4, 3)],
        ["average pooling"] = [new Layer.AveragePooling(2)],
        ["average pooling, same"] = [new Layer.AveragePooling(3, 2, Padding.Same)],
        ["subsampling"] = [new Layer.Subsampling(new Size(2, 3))],
        ["convolution, connection table"] = [new Layer.Convolution(2, 3, Connections: ConnectionTable.Of(3, [0, 2], [1]))],
        ["radial basis"] = [new Layer.GlobalAveragePooling(), new Layer.RadialBasis(Bitmaps.OfRows(3, [5], [2]))],
        ["global average pooling"] = [new Layer.GlobalAveragePooling()],
        ["leaky ReLU"] = [new Layer.LeakyRectifier(0.1f)],
        ["sigmoid"] = [new Layer.Sigmoid()],
        ["tanh"] = [new Layer.Tanh()],
        ["tanh, scaled"] = [Layer.Tanh.Scaled],
        ["ELU"] = [new Layer.ExponentialLinear(0.5f)],
        ["GELU"] = [new Layer.GaussianErrorLinear()],
        ["dropout"] = [new Layer.Dropout(0.25)],
        ["flatten, channels last"] = [new Layer.Flatten(FlattenOrder.ChannelsLast), new Layer.Linear(5)],
        ["softmax"] = [new Layer.GlobalAveragePooling(), new Layer.Softmax()],
        ["log-softmax"] = [new Layer.GlobalAveragePooling(), new Layer.LogSoftmax()],
    };

    [Theory]
    [MemberData(nameof(Experiments))]
    public void Digits_have_our_logits(string name)
    {
        var experiment = Named(name);
        Check(experiment, Trained(experiment, Digits.Load()), Train.Prepare(experiment, Digits.Load().Test));
    }

    [SkippableTheory]
    [MemberData(nameof(Experiments))]
    public void All_test_images_of_MNIST_have_our_logits(string name)
    {
        var mnist = DataSets.Load(RealData.Mnist(), DataLocations.Here(), _ => { }, CancellationToken.None);
        var experiment = Named(name);
        Check(experiment, Trained(experiment, mnist with { Train = mnist.Train.Take(2_000) }), Train.Prepare(experiment, mnist.Test));
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Every_layer_of_the_family_means_the_same(string name)
    {
        var network = new Network([3, 9, 11], new Layer.Sequence(Family[name].Select((layer, i) => ($"{i}", layer)).ToEquatableArray()));
        var (parameters, random) = Parameters.Initialise(network, TorchGenerator.Seed(1));
        var images = Tensor.Batch([5, 3, 9, 11], random.Uniform(5 * 3 * 9 * 11, -2, 2).Values);
        using var workspace = new Workspace(1);
        using var session = new InferenceSession(OnnxModel.Of(network, parameters));
        Close(Forward.Of(network, parameters, images, workspace).ToArray(), Run(session, images), 1e-5);
        Close(
            LayerSnapshot.Outputs(network, parameters, images).First().Value.ToArray(),
            Family[name].Length > 1 ? Run(new InferenceSession(OnnxModel.Of(new Network(network.Input, new Layer.Sequence([("0", Family[name][0])])), parameters)), images) : Run(session, images), 1e-5);
    }

    [Fact]
    public void A_file_says_what_it_is()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run(folder, CommandLine.Short("--out", "run"));
        Assert.Equal(0, CommandLine.Run(folder, "export", "run", "--to", "out/lenet.onnx").Code);
        using var session = new InferenceSession(Path.Join(folder.Path, "out/lenet.onnx"));
        var (input, output) = (Assert.Single(session.InputMetadata), Assert.Single(session.OutputMetadata));
        Assert.Equal(("images", "N"), (input.Key, input.Value.SymbolicDimensions[0]));
        Assert.Equal([-1, 1, 32, 32], input.Value.Dimensions);
        Assert.Equal(("logits", "N"), (output.Key, output.Value.SymbolicDimensions[0]));
        Assert.Equal([-1, 10], output.Value.Dimensions);
        Assert.Equal("FunctionalLeNet", session.ModelMetadata.ProducerName);
        var facts = session.ModelMetadata.CustomMetadataMap;
        var finished = File.ReadAllLines(Path.Join(folder.Path, "run/metrics.jsonl"))[^1];
        Assert.Contains($"\"logits_sha256\":\"{facts["logits_sha256"]}\"", finished, StringComparison.Ordinal);
        Assert.Contains($"\"weights_sha256\":\"{facts["weights_sha256"]}\"", finished, StringComparison.Ordinal);
        Assert.Equal(("digits", "0"), (facts["experiment"], facts["seed"]));
        Assert.Equal("[N, 1, 32, 32]: bytes divided by 255, 2 zeros on each side; white on black", facts["images"]);
    }

    /// <summary>Whoever gives images to the network must know which numbers their bytes are: those of 1998 are no bytes divided by 255.</summary>
    [Fact]
    public void A_file_says_which_numbers_images_are()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run(folder, "train", "lenet-1998", "--data", "digits", "--steps", "2", "--train-limit", "40", "--test-limit", "10", "--out", "run");
        Assert.Equal(0, CommandLine.Run(folder, "export", "run", "--to", "lenet.onnx").Code);
        using var session = new InferenceSession(Path.Join(folder.Path, "lenet.onnx"));
        Assert.Equal("[N, 1, 32, 32]: bytes as numbers from -0.1 for 0 to 1.175 for 255, 2 times -0.1 on each side; white on black", session.ModelMetadata.CustomMetadataMap["images"]);
    }

    /// <summary>One node a layer where ONNX has one; every value has its shape; the names are the parameters' in PyTorch.</summary>
    [Fact]
    public void A_graph_reads_as_the_network_does()
    {
        var network = LeNet5.Official.Network;
        var model = ModelProto.Parser.ParseFrom(OnnxModel.Of(network, Train.Start(LeNet5.Official, 0).Parameters));
        Assert.Equal(Shapes.Of(network).Select(layer => layer.Path), model.Graph.Node.Select(node => node.Name));
        Assert.Equal(["Conv", "Relu", "MaxPool", "Conv", "Relu", "MaxPool", "Flatten", "Gemm", "Relu", "Gemm", "Relu", "Gemm"], model.Graph.Node.Select(node => node.OpType));
        Assert.Equal(["conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias", "fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias", "fc3.weight", "fc3.bias"], model.Graph.Initializer.Select(tensor => tensor.Name));
        Assert.Equal(Shapes.Of(network).SkipLast(1).Select(layer => $"{layer.Output}"), model.Graph.ValueInfo.Select(value => $"[{string.Join(", ", value.Type.TensorType.Shape.Dim.Skip(1).Select(size => size.DimValue))}]"));
        var text = new StringBuilder();
        foreach (var (node, before) in model.Graph.Node.Zip(model.Graph.Node.Prepend(null)))
            text.Append(node.Input[0] == (before?.Output[0] ?? "images") ? "" : node.Name);
        Assert.Equal("", text.ToString());
    }

    /// <summary>
    /// ONNX's own checker, shapes inferred and compared. Debian's is of 2022 and knows operators up to version 17, which for all but GELU mean what they mean today:
    /// it is shown the file under that number.
    /// </summary>
    [SkippableTheory]
    [MemberData(nameof(Experiments))]
    public void ONNXs_checker_finds_nothing_wrong(string name)
    {
        var python = Python.With("onnx");
        using var folder = new TemporaryFolder();
        folder.Write("model.onnx", OnnxModel.Of(Named(name).Network, Train.Start(Named(name), 0).Parameters));
        const string program = """
            import onnx
            model = onnx.load("model.onnx")
            model.ir_version, model.opset_import[0].version = 8, 17
            onnx.checker.check_model(model, full_check=True)
            inferred = onnx.shape_inference.infer_shapes(model, strict_mode=True, data_prop=True)
            # Every value's shape is stated, between the operators of one layer too, and is the one that follows.
            assert sorted(value.name for value in model.graph.value_info) == sorted(name for node in model.graph.node[:-1] for name in node.output)
            assert sorted(map(str, model.graph.value_info)) == sorted(map(str, inferred.graph.value_info))
            print(len(model.graph.node))
            """;
        var outcome = python.Run(["-c", program], folder.Path);
        Assert.Equal("", outcome.Error);
        Assert.True(int.Parse(outcome.Output, System.Globalization.CultureInfo.InvariantCulture) >= Shapes.Of(Named(name).Network).Count);
    }

    private static Experiment Named(string name) => AllExperiments.InOrder.Single(experiment => experiment.Name == name);

    /// <summary>Thirty steps, so that the weights are those of a network that has learned something.</summary>
    private static Tree<Tensor> Trained(Experiment experiment, Dataset data)
    {
        using var workspace = new Workspace(2);
        return Train.Unfold(experiment with { Limit = Limit.OfSteps(30) }, Train.Prepare(experiment, data.Train), Train.Start(experiment, 0), workspace).Last().State().Parameters;
    }

    private void Check(Experiment experiment, Tree<Tensor> parameters, Samples samples)
    {
        using var session = new InferenceSession(OnnxModel.Of(experiment.Network, parameters));
        using var workspace = new Workspace(2);
        var prepared = Inference.Prepare(experiment.Network, parameters);
        var (together, apart, count) = (0.0, 0.0, 0);
        foreach (var batch in samples.Batch(64))
        {
            var images = batch.ToTensor();
            var (ours, theirs) = (prepared.Of(images, workspace).ToArray(), Run(session, images));
            Assert.Equal(Predictions(ours, batch.Count), Predictions(theirs, batch.Count));
            // One at a time, all of them. (That our numbers are the same in any batch is tested elsewhere.)
            var alone = images.ToArray().Chunk(images.Shape.Rest.Count).SelectMany(image => Run(session, Tensor.Batch(images.Shape.Rest.Prepend(1), image))).ToArray();
            Assert.Equal(Predictions(ours, batch.Count), Predictions(alone, batch.Count));
            (together, apart, count) = (Math.Max(together, Difference(experiment, ours, theirs)), Math.Max(apart, Difference(experiment, ours, alone)), count + batch.Count);
        }

        log.WriteLine(FormattableString.Invariant($"{experiment.Name}, {count} images: batch 64 {together:E1}, batch 1 {apart:E1}"));
        Assert.InRange(Math.Max(together, apart), 0, 1e-4);
    }

    /// <summary>The largest difference of two logits; for <c>lenet-1998</c>, whose logits are sums of squares, relative to the logit.</summary>
    private static double Difference(Experiment experiment, float[] ours, float[] theirs)
    {
        Assert.Equal(ours.Length, theirs.Length);
        var isRelative = experiment.Network == LeNet1998.Network;
        return ours.Zip(theirs, (mine, other) => Math.Abs((double)mine - other) / (isRelative ? Math.Abs((double)mine) : 1)).Max();
    }

    private static IEnumerable<int> Predictions(float[] logits, int samples) => logits.Chunk(logits.Length / samples).Select(row => Array.IndexOf(row, row.Max()));

    private static float[] Run(InferenceSession session, Tensor images)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(images.ToArray(), [.. images.Shape.Select(size => (long)size)]);
        using var options = new RunOptions();
        using var outputs = session.Run(options, [OnnxModel.Input], [input], [OnnxModel.Output]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    /// <summary>Within a tolerance of the largest magnitude, and absolutely where that is below 1.</summary>
    private static void Close(float[] expected, float[] found, double tolerance)
    {
        Assert.Equal(expected.Length, found.Length);
        var scale = Math.Max(1, expected.Max(value => Math.Abs((double)value)));
        for (var i = 0; i < expected.Length; i++)
            Assert.InRange(Math.Abs((double)expected[i] - found[i]), 0, tolerance * scale);
    }
}
