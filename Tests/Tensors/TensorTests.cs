using CsCheck;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Tests.Tensors;

public class TensorTests
{
    private static readonly Gen<(Shape Shape, float[] Values)> Batches =
        from n in Gen.Int[1, 40]
        from c in Gen.Int[1, 4]
        from h in Gen.Int[1, 5]
        from w in Gen.Int[1, 5]
        from values in Gen.Float.Array[n * c * h * w]
        select (Shape.Of(n, c, h, w), values);

    [Fact]
    public void A_batch_gives_back_its_values_in_PyTorchs_order() => Batches.Sample(batch =>
        Assert.Equal(batch.Values, Tensor.Batch(batch.Shape, batch.Values).ToArray()));

    [Fact]
    public void Grouping_samples_into_lanes_changes_no_value() => Batches.Sample(batch =>
    {
        using var workspace = new Workspace();
        var tensor = Tensor.Batch(batch.Shape, batch.Values);
        var grouped = Copies.Grouped(workspace, tensor);
        Assert.Equal(batch.Shape.First is <= 8 or (> 16 and <= 24) ? 1 : 16, grouped.Block.Lanes);
        Assert.Equal(tensor, Copies.Own(grouped));
    });

    [Fact]
    public void Idle_lanes_of_a_group_hold_zeros()
    {
        using var workspace = new Workspace();
        var grouped = Copies.Grouped(workspace, Tensor.Batch([9, 2], [.. Enumerable.Range(1, 18).Select(value => (float)value)]));
        unsafe
        {
            Assert.Equal(
                [1, 3, 5, 7, 9, 11, 13, 15, 17, .. new float[7], 2, 4, 6, 8, 10, 12, 14, 16, 18, .. new float[7]],
                new ReadOnlySpan<float>(grouped.Block.Address, 32).ToArray());
        }
    }

    [Fact]
    public void Few_samples_lie_one_after_another()
    {
        using var workspace = new Workspace();
        var few = Copies.Grouped(workspace, Tensor.Batch([3, 2], [1, 2, 3, 4, 5, 6]));
        unsafe
        {
            Assert.Equal([1, 2, 3, 4, 5, 6], new ReadOnlySpan<float>(few.Block.Address, 6).ToArray());
        }
    }

    [Fact]
    public void A_batch_is_the_design_matrix_and_a_weight_its_transpose()
    {
        float[] values = [1, 2, 3, 4, 5, 6];
        var (batch, weight) = (Tensor.Batch([2, 3], values).ToMatrix(), Tensor.Parameter([2, 3], values).ToMatrix());
        Assert.Equal((2, 3), (batch.RowCount, batch.ColumnCount));
        Assert.Equal([1, 4, 2, 5, 3, 6], batch.ToColumnMajorArray());
        Assert.Equal((3, 2), (weight.RowCount, weight.ColumnCount));
        Assert.Equal(values, weight.ToColumnMajorArray());
    }

    [Fact]
    public void Tensors_are_equal_by_value_and_a_NaN_equals_any_NaN()
    {
        var (quiet, negative) = (BitConverter.UInt32BitsToSingle(0x7FC00000), BitConverter.UInt32BitsToSingle(0xFFC12345));
        var (a, b) = (Tensor.Parameter([2], [1, quiet]), Tensor.Parameter([2], [1, negative]));
        Assert.Equal(a, b);
        Assert.Equal(a.GetHashCode(), b.GetHashCode());
        Assert.Equal(a.Sha256(), b.Sha256());
        Assert.NotEqual(a, Tensor.Parameter([2], [1, 0]));
        Assert.NotEqual(Tensor.Parameter([1], [0f]), Tensor.Parameter([1], [-0f]));
        Assert.NotEqual(a, a.Reshape([1, 2]));
    }

    [Fact]
    public void The_hash_is_that_of_little_endian_float32() =>
        Assert.Equal(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData([0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0])),
            Convert.ToHexStringLower(Tensor.Parameter([2], [1, -2]).Sha256()));

    [Fact]
    public void A_wrong_number_of_values_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => Tensor.Parameter([2, 3], [1, 2, 3]));
        Assert.Contains("[2, 3] has 6 elements, but 3 values", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_keeps_its_number_of_samples_when_reshaped()
    {
        Assert.Equal([2, 3], Tensor.Batch([2, 3, 1], [1, 2, 3, 4, 5, 6]).Reshape([2, 3]).Shape.Sizes);
        Assert.StartsWith(
            "A batch of shape [2, 3] cannot be seen as [3, 2].",
            Assert.Throws<ArgumentException>(() => Tensor.Batch([2, 3], [1, 2, 3, 4, 5, 6]).Reshape([3, 2])).Message, StringComparison.Ordinal);
        Assert.Equal([3, 2], Tensor.Parameter([2, 3], [1, 2, 3, 4, 5, 6]).Reshape([3, 2]).Shape.Sizes);
        Assert.StartsWith(
            "A parameter of shape [2, 3] cannot be seen as [2, 2].",
            Assert.Throws<ArgumentException>(() => Tensor.Parameter([2, 3], [1, 2, 3, 4, 5, 6]).Reshape([2, 2])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(2, 0)]
    [InlineData(0, -1)]
    [InlineData(0, 3)]
    public void An_element_outside_the_shape_is_refused(int first, int rest)
    {
        var tensor = Tensor.Parameter([2, 3], [1, 2, 3, 4, 5, 6]);
        Assert.Equal(6, tensor[1, 2]);
        Assert.Equal(rest is < 0 or 3 ? "rest" : "first", Assert.Throws<ArgumentOutOfRangeException>(() => tensor[first, rest]).ParamName);
    }

    [Fact]
    public void Only_one_number_is_a_scalar()
    {
        Assert.Equal(3, Tensor.Parameter([1, 1], [3]).ToScalar());
        Assert.Equal("A tensor of shape [2] is not one number.", Assert.Throws<InvalidOperationException>(() => Tensor.Zeros([2]).ToScalar()).Message);
    }

    [Fact]
    public void A_debugger_sees_the_shape_and_eight_elements()
    {
        Assert.Equal("[2] { 1.5, -0.333333 }", Tensor.Parameter([2], [1.5f, -1f / 3]).ToString());
        Assert.Equal("[8] { 0, 1, 2, 3, 4, 5, 6, 7 }", Tensor.Parameter([8], [0, 1, 2, 3, 4, 5, 6, 7]).ToString());
        Assert.Equal("[9] { 0, 1, 2, 3, 4, 5, 6, 7, … }", Tensor.Parameter([9], [0, 1, 2, 3, 4, 5, 6, 7, 8]).ToString());
    }

    [Fact]
    public void A_shape_counts_its_elements_and_refuses_sizes_that_are_none()
    {
        Assert.Equal((24, 2, 12), (Shape.Of(2, 3, 4).Count, Shape.Of(2, 3, 4).First, Shape.Of(2, 3, 4).Rest.Count));
        Assert.Equal((1, 1, 1), (Shape.Scalar.Count, Shape.Scalar.First, Shape.Scalar.Rest.Count));
        Assert.Throws<ArgumentOutOfRangeException>(() => Shape.Of(2, -1));
        Assert.Throws<OverflowException>(() => Shape.Of(65_536, 65_536));
    }

    [Fact]
    public void Arrays_are_equal_by_value()
    {
        var array = EquatableArray.Create<int>([1, 2]);
        Assert.True(array == EquatableArray.Create<int>([1, 2]));
        Assert.False(array != EquatableArray.Create<int>([1, 2]));
        Assert.True(array != EquatableArray.Create<int>([1, 3]));
        Assert.False(array == EquatableArray.Create<int>([1]));
    }

    [Fact]
    public void Statistics_are_about_the_mean()
    {
        var statistics = TensorStatistics.Of([2f, 4, 4, 4, 5, 5, 7, 9]);
        Assert.Equal((2, 9, 5, 2), (statistics.Minimum, statistics.Maximum, statistics.Mean, statistics.Deviation));
    }

    [Fact]
    public void A_value_is_not_readable_after_its_evaluation()
    {
        using var workspace = new Workspace();
        var inside = workspace.In(workspace.Evaluation);
        var tensor = Copies.Filled(inside, Tensor.Scalar(0), 3);
        Assert.Equal(3, tensor.ToScalar());
        workspace.Evaluation.Empty();
        Assert.Throws<InvalidOperationException>(() => tensor.ToScalar());
    }
}
