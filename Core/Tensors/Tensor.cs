using System.Runtime.InteropServices;
using System.Security.Cryptography;
using FunctionalLeNet.Core.Kernels;
using MathNet.Numerics.LinearAlgebra;

namespace FunctionalLeNet.Core.Tensors;

/// <summary>How a tensor of shape <c>[first, rest…]</c> lies in memory, and so which matrix it is.</summary>
public enum MemoryOrder
{
    /// <summary>
    /// PyTorch's order, the last dimension fastest. As a column-major matrix: <c>rest × first</c>, a column for each output.
    /// Parameters lie so: the weight of a linear layer is the F × O matrix W of <c>X W</c>, byte for byte PyTorch's <c>[out, in]</c>.
    /// </summary>
    RowMajor,

    /// <summary>
    /// Samples side by side, the first dimension fastest. As a column-major matrix: <c>first × rest</c>, a row for each sample, the design matrix of every textbook.
    /// Batches lie so: <c>[N, C, H, W]</c> in memory is (C, H, W, N).
    /// </summary>
    SamplesLast,
}

/// <summary>An immutable array of float32 numbers with a shape: a MathNet matrix that nobody else can write to.</summary>
/// <remarks>Equal when shape, order and bits are equal; a NaN equals any NaN, because processors differ in a NaN's sign and payload.</remarks>
public sealed class Tensor : IEquatable<Tensor>
{
    internal Tensor(Shape shape, MemoryOrder order, Block block)
    {
        Shape = shape;
        Order = order;
        Block = block;
    }

    /// <summary>The shape, in PyTorch's order: <c>[N, C, H, W]</c> for a batch, <c>[out, in, kh, kw]</c> for a weight.</summary>
    public Shape Shape { get; }

    /// <summary>How the elements lie in memory.</summary>
    public MemoryOrder Order { get; }

    /// <summary>The number of elements.</summary>
    public int Count => Shape.Count;

    /// <summary>The memory, for kernels alone.</summary>
    internal Block Block { get; }

    /// <summary>How many groups of lanes a batch lies in.</summary>
    internal int Groups => (Shape.First + Block.Lanes - 1) / Block.Lanes;

    /// <summary>One element.</summary>
    /// <param name="first">The outermost index: the sample or the output; 0 for a scalar.</param>
    /// <param name="rest">The row-major index within it.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index lies outside the shape.</exception>
    public float this[int first, int rest]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)first, (uint)Shape.First, nameof(first));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)rest, (uint)(Count / Shape.First), nameof(rest));
            return Copies.Element(this, first, rest);
        }
    }

    /// <summary>A parameter: elements in PyTorch's row-major order, kept in it.</summary>
    /// <param name="shape">The shape, <c>[out, in, kh, kw]</c> for a weight.</param>
    /// <param name="values">As many as the shape has elements; copied.</param>
    /// <exception cref="ArgumentException">The number of values is not the shape's.</exception>
    public static Tensor Parameter(Shape shape, IReadOnlyCollection<float> values) => Copies.Parameter(Checked(shape, values), [.. values]);

    /// <summary>A batch: elements in PyTorch's row-major order, one sample after another, laid side by side.</summary>
    /// <param name="shape">The shape, <c>[N, C, H, W]</c>.</param>
    /// <param name="values">As many as the shape has elements; copied.</param>
    /// <exception cref="ArgumentException">The number of values is not the shape's.</exception>
    public static Tensor Batch(Shape shape, IReadOnlyCollection<float> values) => Copies.Batch(Checked(shape, values), [.. values]);

    /// <summary>A number as a tensor of shape <c>[]</c>.</summary>
    /// <param name="value">The number.</param>
    public static Tensor Scalar(float value) => Parameter(Shape.Scalar, [value]);

    /// <summary>A parameter whose elements are all zero.</summary>
    /// <param name="shape">Its shape.</param>
    public static Tensor Zeros(Shape shape) => Copies.Parameter(shape, new float[shape.Count]);

    /// <summary>The elements in PyTorch's row-major order, whatever the order in memory; a copy.</summary>
    public float[] ToArray() => Copies.ToArray(this);

    /// <summary>The only element of a tensor with one.</summary>
    /// <exception cref="InvalidOperationException">There are more elements, or none.</exception>
    public float ToScalar() => Count == 1 ? this[0, 0] : throw new InvalidOperationException($"A tensor of shape {Shape} is not one number.");

    /// <summary>The tensor as a MathNet matrix, a copy: <c>N × features</c> for a batch, <c>fan-in × outputs</c> for a parameter.</summary>
    public Matrix<float> ToMatrix() => Copies.ToMatrix(this);

    /// <summary>The same elements under another shape of equal size; the outermost dimension of a batch must stay.</summary>
    /// <param name="shape">The new shape.</param>
    /// <exception cref="ArgumentException">The number of elements differs, or a batch's number of samples.</exception>
    public Tensor Reshape(Shape shape) =>
        shape.Count == Count && (Order == MemoryOrder.RowMajor || shape.First == Shape.First)
            ? new Tensor(shape, Order, Block)
            : throw new ArgumentException($"A {(Order == MemoryOrder.RowMajor ? "parameter" : "batch")} of shape {Shape} cannot be seen as {shape}.", nameof(shape));

    /// <summary>SHA-256 of the elements as little-endian float32 in PyTorch's row-major order, every NaN as 7FC00000.</summary>
    public byte[] Sha256() => SHA256.HashData(ToBytes());

    /// <summary>The elements as little-endian float32 in PyTorch's row-major order, every NaN as 7FC00000.</summary>
    public byte[] ToBytes()
    {
        var values = ToArray();
        var bytes = new byte[sizeof(float) * values.Length];
        for (var i = 0; i < values.Length; i++)
            BitConverter.TryWriteBytes(bytes.AsSpan(sizeof(float) * i), LittleEndian(Canonical(values[i])));
        return bytes;
    }

    /// <inheritdoc/>
    public bool Equals(Tensor? other) =>
        other is not null && Shape == other.Shape && Order == other.Order
        && ToArray().Zip(other.ToArray(), (a, b) => Canonical(a) == Canonical(b)).All(equal => equal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Tensor);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Shape, MemoryMarshal.Read<int>(Sha256()));

    /// <summary>The shape and the first elements, for a debugger.</summary>
    public override string ToString() =>
        $"{Shape} {{ {string.Join(", ", ToArray().Take(8).Select(value => value.ToString("G6", null)))}{(Count > 8 ? ", …" : "")} }}";

    private static uint Canonical(float value) => float.IsNaN(value) ? 0x7FC00000u : BitConverter.SingleToUInt32Bits(value);

    private static uint LittleEndian(uint bits) => BitConverter.IsLittleEndian ? bits : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(bits);

    private static Shape Checked(Shape shape, IReadOnlyCollection<float> values) =>
        values.Count == shape.Count
            ? shape
            : throw new ArgumentException($"Shape {shape} has {shape.Count} elements, but {values.Count} values were given.", nameof(values));
}
