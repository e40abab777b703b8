using FunctionalLeNet.Core.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>Copies between the orders of memory. No number changes.</summary>
internal static unsafe class Copies
{
    /// <summary>Where element (first, rest) lies.</summary>
    public static long Offset(Tensor tensor, int first, int rest)
    {
        var lanes = tensor.Block.Lanes;
        var features = tensor.Shape.First == 0 ? 0L : tensor.Count / tensor.Shape.First;
        return tensor.Order == MemoryOrder.RowMajor ? (first * features) + rest : (((first / lanes * features) + rest) * lanes) + (first % lanes);
    }

    public static float Element(Tensor tensor, int first, int rest)
    {
        var value = tensor.Block.Address[Offset(tensor, first, rest)];
        GC.KeepAlive(tensor);
        return value;
    }

    public static Tensor Parameter(Shape shape, float[] values) =>
        Filled(new Tensor(shape, MemoryOrder.RowMajor, Block.Own(shape.First == 0 ? 0 : shape.Count / shape.First, shape.First, 1)), values);

    public static Tensor Batch(Shape shape, float[] values) =>
        Filled(new Tensor(shape, MemoryOrder.SamplesLast, Block.Own(shape.First, shape.Rest.Count, Math.Max(shape.First, 1))), values);

    public static float[] ToArray(Tensor tensor)
    {
        var values = new float[tensor.Count];
        if (values.Length == 0)
            return values;
        var (first, rest) = (tensor.Shape.First, tensor.Shape.Rest.Count);
        var source = tensor.Block.Address;
        if (tensor.Order == MemoryOrder.RowMajor)
            new ReadOnlySpan<float>(source, values.Length).CopyTo(values);
        else
            for (var i = 0; i < first; i++)
                for (var j = 0; j < rest; j++)
                    values[(i * rest) + j] = source[Offset(tensor, i, j)];
        GC.KeepAlive(tensor);
        return values;
    }

    public static Matrix<float> ToMatrix(Tensor tensor)
    {
        var (first, rest) = (tensor.Shape.First, tensor.Shape.Rest.Count);
        if (tensor.Order == MemoryOrder.RowMajor)
            return Matrix<float>.Build.Dense(rest, first, ToArray(tensor));
        var columns = new float[tensor.Count];
        var source = tensor.Block.Address;
        for (var feature = 0; feature < rest; feature++)
            for (var sample = 0; sample < first; sample++)
                columns[(feature * first) + sample] = source[Offset(tensor, sample, feature)];
        GC.KeepAlive(tensor);
        return Matrix<float>.Build.Dense(first, rest, columns);
    }

    /// <summary>A matrix's columns, one under another, as a batch in groups: N × features.</summary>
    public static Tensor BatchFromColumns(Workspace workspace, Shape shape, float[] columns)
    {
        var result = workspace.Batch(shape);
        var (first, rest, target) = (shape.First, shape.Rest.Count, 0);
        new Span<float>(result.Block.Address, result.Block.Length).Clear();
        for (var feature = 0; feature < rest; feature++)
            for (var sample = 0; sample < first; sample++)
                result.Block.Address[Offset(result, sample, feature)] = columns[target++];
        return result;
    }

    /// <summary>A matrix's columns, one under another, as a parameter: fan-in × outputs is PyTorch's order already.</summary>
    public static Tensor ParameterFromColumns(Workspace workspace, Shape shape, float[] columns)
    {
        var result = workspace.Parameter(shape);
        columns.CopyTo(new Span<float>(result.Block.Address, columns.Length));
        return result;
    }

    /// <summary>A value of its own, in the plain order: what leaves an evaluation.</summary>
    public static Tensor Own(Tensor tensor) =>
        tensor.Order == MemoryOrder.RowMajor ? Parameter(tensor.Shape, ToArray(tensor)) : Batch(tensor.Shape, ToArray(tensor));

    /// <summary>A tensor as kernels want it: batches in groups of lanes, parameters as they are.</summary>
    public static Tensor Grouped(Workspace workspace, Tensor tensor)
    {
        var lanes = Workspace.LanesOf(tensor.Shape.First);
        if (tensor.Order == MemoryOrder.RowMajor || tensor.Block.Lanes == lanes)
            return tensor;
        var result = workspace.Batch(tensor.Shape);
        var (samples, features) = (tensor.Shape.First, tensor.Shape.Rest.Count);
        float* source = tensor.Block.Address, target = result.Block.Address;
        new Span<float>(target, result.Block.Length).Clear();
        for (var sample = 0; sample < samples; sample++)
            for (var feature = 0; feature < features; feature++)
                target[Offset(result, sample, feature)] = source[Offset(tensor, sample, feature)];
        GC.KeepAlive(tensor);
        return result;
    }

    /// <summary>One number in every element of a tensor of another's shape and order.</summary>
    public static Tensor Filled(Workspace workspace, Tensor like, float value)
    {
        var result = workspace.Like(like);
        new Span<float>(result.Block.Address, result.Block.Length).Fill(value);
        return result;
    }

    private static Tensor Filled(Tensor tensor, float[] values)
    {
        if (tensor.Order == MemoryOrder.RowMajor)
        {
            values.CopyTo(new Span<float>(tensor.Block.Address, tensor.Block.Length));
            return tensor;
        }

        var (first, rest) = (tensor.Shape.First, tensor.Shape.Rest.Count);
        for (var i = 0; i < first && rest > 0; i++)
            for (var j = 0; j < rest; j++)
                tensor.Block.Address[Offset(tensor, i, j)] = values[(i * rest) + j];
        return tensor;
    }
}
