using FunctionalLeNet.Core.Formats;
using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Tensors;
using static FunctionalLeNet.Experiments.Interop.Onnx.Operator;

namespace FunctionalLeNet.Experiments.Interop.Onnx;

/// <summary>The interpreter of ONNX: a layer as operators one after another, one where ONNX has one. https://onnx.ai/onnx/operators.</summary>
internal static class LayerOperators
{
    /// <summary>A layer's operators.</summary>
    /// <param name="step">The layer with its shapes; never a sequence.</param>
    /// <param name="parameters">The layer's own parameters.</param>
    public static EquatableArray<Operator> Of(LayerShape step, Tree<Tensor> parameters)
    {
        var name = SafeTensorsFile.NameOf(step.Path);
        return step.Layer.Match<EquatableArray<Operator>>(
            convolution => [new("Conv", Weighted(), Windows(Shapes.Geometry(convolution, step.Input, step.Path)))],
            pooling => [One("MaxPool", Windows(Shapes.Geometry(pooling, step.Input, step.Path)))],
            pooling => [One("AveragePool", [.. Windows(Shapes.Geometry(pooling, step.Input, step.Path)), Attribute("count_include_pad", 0)])],
            _ => [One("GlobalAveragePool"), One("Flatten", Attribute("axis", 1))],
            activation => activation.Match<EquatableArray<Operator>>(
                _ => [One("Relu")],
                leaky => [One("LeakyRelu", Attribute("alpha", leaky.Slope))],
                _ => [One("Sigmoid")],
                tanh => [.. Scaled("slope", tanh.Slope), One("Tanh"), .. Scaled("amplitude", tanh.Amplitude)],
                exponential => [One("Elu", Attribute("alpha", exponential.Alpha))],
                _ => [One("Gelu")]),
            dropout => [new("Dropout", [Constant($"{name}.ratio", Tensor.Scalar((float)dropout.Probability))])],
            flatten => flatten.Order == FlattenOrder.ChannelsFirst || step.Input.Rank != 3
                ? [One("Flatten", Attribute("axis", 1))]
                : [One("Transpose", Attribute("perm", 0, 2, 3, 1)), One("Flatten", Attribute("axis", 1))],
            _ => [new("Gemm", Weighted(), Attribute("transB", 1))],
            _ => [One("Softmax", Attribute("axis", 1))],
            _ => [One("LogSoftmax", Attribute("axis", 1))],
            _ => throw new InvalidOperationException("A sequence is no single layer."));

        EquatableArray<TensorProto> Weighted() => [Parameter("weight"), Parameter("bias")];

        TensorProto Parameter(string own) => Constant($"{name}.{own}", parameters[own].AsLeaf());

        EquatableArray<Operator> Scaled(string own, float factor) => factor == 1 ? [] : [new("Mul", [Constant($"{name}.{own}", Tensor.Scalar(factor))])];
    }

    // Rows below that no window reaches are no padding: ONNX rounds the number of windows down, as we do.
    private static EquatableArray<AttributeProto> Windows(ConvolutionGeometry g) =>
    [
        Attribute("kernel_shape", g.KernelHeight, g.KernelWidth),
        Attribute("strides", g.StrideHeight, g.StrideWidth),
        Attribute(
            "pads", g.Top, g.Left,
            Math.Max(0, ((g.OutputHeight - 1) * g.StrideHeight) + g.KernelHeight - g.Height - g.Top),
            Math.Max(0, ((g.OutputWidth - 1) * g.StrideWidth) + g.KernelWidth - g.Width - g.Left)),
    ];
}
