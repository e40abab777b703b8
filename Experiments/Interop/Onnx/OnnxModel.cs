using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Records;
using Google.Protobuf;

namespace FunctionalLeNet.Experiments.Interop.Onnx;

/// <summary>A network with its parameters as an ONNX file: from images <c>[N, C, H, W]</c> to logits <c>[N, K]</c>, N free.</summary>
/// <remarks>A node has its layer's name, with the operator behind it where a layer takes several; constants have the parameters' names in PyTorch.</remarks>
internal static class OnnxModel
{
    /// <summary>The version of ONNX's operators that the nodes mean.</summary>
    public const int Opset = 24;

    /// <summary>The name of what goes in.</summary>
    public const string Input = "images";

    /// <summary>The name of what comes out.</summary>
    public const string Output = "logits";

    // The version of the file's form that belongs to the operators': https://onnx.ai/onnx/repo-docs/Versioning.html.
    private const int Form = 12;

    /// <summary>The file's bytes; the same network gives the same bytes.</summary>
    /// <param name="network">The network.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="metadata">Text by key.</param>
    /// <exception cref="ShapeException">A layer cannot take what comes in.</exception>
    public static byte[] Of(Network network, Tree<Tensor> parameters, params IEnumerable<(string Key, string Text)> metadata)
    {
        var graph = new GraphProto { Name = "network", Input = { Value(Input, Batch(network.Input)) }, Output = { Value(Output, Batch(Shapes.Output(network))) } };
        var layers = Shapes.Of(network);
        var input = Input;
        foreach (var step in layers)
        {
            var output = step == layers[^1] ? Output : $"{step.Path}/output";
            Append(graph, step, LayerOperators.Of(step, parameters.At(step.Path)), input, output);
            if (output != Output)
                graph.ValueInfo.Add(Value(output, Batch(step.Output)));
            input = output;
        }

        return new ModelProto
        {
            IrVersion = Form,
            ProducerName = "FunctionalLeNet",
            ProducerVersion = ProgramIdentity.Version,
            Graph = graph,
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = Opset } },
            MetadataProps = { metadata.Select(entry => new StringStringEntryProto { Key = entry.Key, Value = entry.Text }) },
        }.ToByteArray();
    }

    private static void Append(GraphProto graph, LayerShape step, EquatableArray<Operator> operators, string input, string output)
    {
        foreach (var (place, one) in operators.Index())
        {
            var name = operators.Count == 1 ? step.Path : $"{step.Path}/{one.Type}{(operators.Take(place).Any(other => other.Type == one.Type) ? $"_{place}" : "")}";
            var result = place == operators.Count - 1 ? output : name;
            graph.Node.Add(new NodeProto
            {
                Name = name,
                OpType = one.Type,
                DocString = Summary.Text(step.Layer),
                Input = { one.Constants.Select(constant => constant.Name).Prepend(input) },
                Output = { result },
                Attribute = { one.Attributes },
            });
            graph.Initializer.AddRange(one.Constants);
            if (result != output)
                graph.ValueInfo.Add(Value(result, one.Result));
            input = result;
        }
    }

    private static EquatableArray<int> Batch(Shape sample) => [Operator.N, .. sample.Sizes];

    private static ValueInfoProto Value(string name, EquatableArray<int> dimensions) => new()
    {
        Name = name,
        Type = new TypeProto
        {
            TensorType = new TypeProto.Types.Tensor
            {
                ElemType = (int)TensorProto.Types.DataType.Float,
                Shape = new TensorShapeProto
                {
                    Dim = { dimensions.Select(size => size == Operator.N ? new TensorShapeProto.Types.Dimension { DimParam = "N" } : new TensorShapeProto.Types.Dimension { DimValue = size }) },
                },
            },
        },
    };
}
