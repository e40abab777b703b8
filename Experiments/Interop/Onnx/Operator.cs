using FunctionalLeNet.Core.Tensors;
using Google.Protobuf;

namespace FunctionalLeNet.Experiments.Interop.Onnx;

/// <summary>One of ONNX's operators with its numbers, before it is wired: it takes what comes in, then its constants.</summary>
/// <param name="Type">The operator's name in ONNX.</param>
/// <param name="Constants">Its inputs after the first.</param>
/// <param name="Attributes">Its settings.</param>
internal sealed record Operator(string Type, EquatableArray<TensorProto> Constants, params EquatableArray<AttributeProto> Attributes)
{
    /// <summary>Stands for the batch's size among <see cref="Result"/>'s dimensions.</summary>
    public const int N = -1;

    /// <summary>The dimensions of what comes out; of a layer's last operator they are the layer's own, and none stand here.</summary>
    public EquatableArray<int> Result { get; init; } = [];

    /// <summary>An operator without constants.</summary>
    public static Operator One(string type, params EquatableArray<AttributeProto> attributes) => new(type, [], attributes);

    /// <summary>A setting that is a whole number.</summary>
    public static AttributeProto Attribute(string name, long value) => new() { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int };

    /// <summary>A setting that is a number.</summary>
    public static AttributeProto Attribute(string name, float value) => new() { Name = name, F = value, Type = AttributeProto.Types.AttributeType.Float };

    /// <summary>A setting that is a row of whole numbers.</summary>
    public static AttributeProto Attribute(string name, params IEnumerable<long> values) => new() { Name = name, Ints = { values }, Type = AttributeProto.Types.AttributeType.Ints };

    /// <summary>A tensor that stands in the file.</summary>
    public static TensorProto Constant(string name, Tensor values) => new()
    {
        Name = name,
        DataType = (int)TensorProto.Types.DataType.Float,
        Dims = { values.Shape.Select(size => (long)size) },
        RawData = ByteString.CopyFrom(values.ToBytes()),
    };
}
