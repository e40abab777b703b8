using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Tests.Tensors;

public class TensorTextTests
{
    [Fact]
    public void A_small_tensor_stands_whole_under_its_name_shape_statistics_and_hash() => Assert.Equal(
        """
        == fc/weight: [2, 3]
        min -1.5  max 4  mean 1.25  std 1.72603
        sha256 01e00fb29d2303d07f10d093ca4c52b712199e0381615db1684e0af443827c18
             0  -1.5     2
             1     2     4
        """.ReplaceLineEndings("\n"),
        TensorText.Of("fc/weight", Tensor.Parameter([2, 3], [0, -1.5f, 2, 1, 2, 4])));

    [Fact]
    public void A_large_map_shows_its_corners_and_a_sketch()
    {
        var lines = TensorText.Of("x", Tensor.Batch([1, 1, 20, 20], [.. Enumerable.Range(0, 400).Select(i => (float)i)])).Split('\n');
        Assert.Contains("    0    1    2  …   17   18   19", lines);
        Assert.Contains("  …", lines);
        Assert.Contains("  380  381  382  …  397  398  399", lines);
        Assert.Contains("  |                    |", lines);
        Assert.Contains("  |@@@@@@@@@@@@@@@@@@@@|", lines);
    }

    [Fact]
    public void The_last_bit_of_one_number_changes_the_text()
    {
        float[] values = [.. Enumerable.Range(0, 400).Select(i => (float)i)];
        var before = TensorText.Of("x", Tensor.Batch([1, 1, 20, 20], values));
        values[210] = MathF.BitIncrement(values[210]);
        var after = TensorText.Of("x", Tensor.Batch([1, 1, 20, 20], values));
        Assert.StartsWith("sha256 ", Assert.Single(before.Split('\n').Except(after.Split('\n'))), StringComparison.Ordinal);
    }

    [Fact]
    public void Samples_have_a_line_each_so_that_a_difference_can_be_traced()
    {
        var lines = TensorText.Of("x", Tensor.Batch([2, 2], [1, 2, 3, 5])).Split('\n');
        Assert.StartsWith("sample 0: min 1  max 2  mean 1.5  std 0.5  sha256 ", lines[3], StringComparison.Ordinal);
        Assert.StartsWith("sample 1: min 3  max 5  mean 4  std 1  sha256 ", lines[4], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void What_is_not_finite_is_shown_as_it_is(float value)
    {
        var text = TensorText.Of("x", Tensor.Batch([1, 1, 8, 8], [.. Enumerable.Repeat(0f, 63), value]));
        Assert.Contains(value.ToString("G6", null), text, StringComparison.Ordinal);
        Assert.Contains("|????????|", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3, 0)]
    public void An_empty_tensor_says_so(params int[] shape) =>
        Assert.Contains("\nempty\n", TensorText.Of("x", Tensor.Zeros(Shape.Of(shape))), StringComparison.Ordinal);
}
