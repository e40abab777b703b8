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
            convolution => [new("Conv", convolution.Connections is { } table ? [Constant($"{name}.weight", DenseWeights.Of(table, parameters["weight"].AsLeaf())), Parameter("bias")] : Weighted(), Windows(Shapes.Geometry(convolution, step.Input, step.Path)))],
            pooling => [One("MaxPool", Windows(Shapes.Geometry(pooling, step.Input, step.Path)))],
            pooling => [One("AveragePool", [.. Windows(Shapes.Geometry(pooling, step.Input, step.Path)), Attribute("count_include_pad", 0)])],
            pooling => [new("Conv", [Constant($"{name}.weight", Repeated(pooling.Window, parameters["weight"].AsLeaf())), Parameter("bias")],
                [.. Windows(Shapes.Geometry(pooling, step.Input, step.Path)), Attribute("group", step.Input[0])])],
            _ => [One("GlobalAveragePool") with { Result = [N, step.Input[0], 1, 1] }, One("Flatten", Attribute("axis", 1))],
            activation => activation.Match<EquatableArray<Operator>>(
                _ => [One("Relu")],
                leaky => [One("LeakyRelu", Attribute("alpha", leaky.Slope))],
                _ => [One("Sigmoid")],
                tanh => [.. Scaled("slope", tanh.Slope), One("Tanh") with { Result = Same() }, .. Scaled("amplitude", tanh.Amplitude)],
                exponential => [One("Elu", Attribute("alpha", exponential.Alpha))],
                _ => [One("Gelu")]),
            dropout => [new("Dropout", [Constant($"{name}.ratio", Tensor.Scalar((float)dropout.Probability))])],
            flatten => flatten.Order == FlattenOrder.ChannelsFirst || step.Input.Rank != 3
                ? [One("Flatten", Attribute("axis", 1))]
                : [One("Transpose", Attribute("perm", 0, 2, 3, 1)) with { Result = [N, step.Input[1], step.Input[2], step.Input[0]] }, One("Flatten", Attribute("axis", 1))],
            _ => [new("Gemm", Weighted(), Attribute("transB", 1))],
            basis => Distances(basis.Targets),
            _ => [One("Softmax", Attribute("axis", 1))],
            _ => [One("LogSoftmax", Attribute("axis", 1))],
            _ => throw new InvalidOperationException("A sequence is no single layer."));

        // [N, F] beside targets of [K, 1, F] are K pictures of differences; their squares are summed with the sign of the logits, and N comes first again.
        EquatableArray<Operator> Distances(Bitmaps targets) =>
        [
            new("Sub", [Constant($"{name}.targets", Tensor.Parameter([targets.Count, 1, targets.Pixels], [.. targets.Pictures.SelectMany(picture => picture.Select(pixel => pixel == '#' ? 1f : -1f))]))]) { Result = [targets.Count, N, targets.Pixels] },
            new("Pow", [Constant($"{name}.exponent", Tensor.Scalar(2))]) { Result = [targets.Count, N, targets.Pixels] },
            new("MatMul", [Constant($"{name}.sign", Tensor.Parameter([targets.Pixels, 1], [.. Enumerable.Repeat(-1f, targets.Pixels)]))]) { Result = [targets.Count, N, 1] },
            One("Transpose", Attribute("perm", 2, 1, 0)) with { Result = [1, N, targets.Count] },
            One("Flatten", Attribute("axis", 2)),
        ];

        EquatableArray<TensorProto> Weighted() => [Parameter("weight"), Parameter("bias")];

        TensorProto Parameter(string own) => Constant($"{name}.{own}", parameters[own].AsLeaf());

        EquatableArray<Operator> Scaled(string own, float factor) => factor == 1 ? [] : [new("Mul", [Constant($"{name}.{own}", Tensor.Scalar(factor))]) { Result = Same() }];

        EquatableArray<int> Same() => [N, .. step.Input.Sizes];
    }

    // A coefficient times a sum is a convolution of each map with a kernel that is the coefficient throughout.
    private static Tensor Repeated(Size window, Tensor coefficients) => Tensor.Parameter(
        [coefficients.Count, 1, window.Height, window.Width], [.. coefficients.ToArray().SelectMany(value => Enumerable.Repeat(value, window.Height * window.Width))]);

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
