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

    private static float[] Counting(int count) => [.. Enumerable.Range(0, count).Select(i => (float)i)];

    [Fact]
    public void Numbers_in_a_row_are_one_map_and_maps_outside_are_counted()
    {
        Assert.Equal(["  1  2  3"], Values(Tensor.Parameter([3], [1, 2, 3])));
        Assert.Equal(["map [0]", "  0  1", "  2  3", "map [1]", "  4  5", "  6  7"], Values(Tensor.Parameter([2, 2, 2], Counting(8))));
        Assert.Equal(
            [
                "map [0, 0]", "  0  1", "map [0, 1]", "  2  3", "map [0, 2]", "  4  5", "map [0, 3]", "  6  7",
                "map [1, 0]", "  12  13", "map [1, 1]", "  14  15", "map [1, 2]", "  16  17", "map [1, 3]", "  18  19",
                "map [2, 0]", "  24  25", "map [2, 1]", "  26  27", "map [2, 2]", "  28  29", "map [2, 3]", "  30  31", "… 18 more maps",
            ],
            Values(Tensor.Parameter([5, 6, 1, 2], Counting(60))));
        Assert.DoesNotContain(Values(Tensor.Parameter([3, 4, 1, 2], Counting(24))), line => line.EndsWith("more maps", StringComparison.Ordinal));
    }

    // 50 numbers in rows of 10 are the most that stand whole; of more, dimensions of 7.
    [Theory]
    [InlineData(5, 10, 5, 10)]
    [InlineData(4, 11, 4, 7)]
    [InlineData(9, 7, 7, 7)]
    [InlineData(8, 8, 7, 7)]
    [InlineData(17, 3, 7, 3)]
    [InlineData(16, 3, 16, 3)]
    public void A_map_stands_whole_as_long_as_it_is_small(int height, int width, int rows, int columns)
    {
        var lines = Values(Tensor.Parameter([height, width], Counting(height * width)));
        Assert.Equal((rows, columns), (lines.Length, lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).Length));
        Assert.Equal(rows < height, lines.Contains("  …"));
    }

    [Fact]
    public void Maps_are_sketched_side_by_side_each_from_its_least_to_its_most() => Assert.Equal(
        ["sketch of the first 3 maps of sample 0", "  |  .::-==|  .::-==|        |", "  |+**#%%@@|+**#%%@@|        |", ""],
        Sketch(Tensor.Batch([2, 3, 2, 8], [.. Enumerable.Range(0, 96).Select(i => i / 16 == 2 ? 5f : (i % 16 * (1 + (i / 16))) - 7)])));

    [Fact]
    public void Sixteen_maps_are_sketched_as_many_in_a_line_as_fit()
    {
        // Two of 58 pixels and three lines between them are 119 characters.
        var two = Sketch(Tensor.Batch([1, 18, 1, 58], Counting(18 * 58)));
        Assert.Equal(("sketch of the first 16 maps", 1 + (8 * 2)), (two[0], two.Length));
        var one = Sketch(Tensor.Batch([1, 18, 1, 60], Counting(18 * 60)));
        Assert.Equal(1 + (16 * 2), one.Length);
        Assert.Equal("sketch of the map", Sketch(Tensor.Batch([1, 1, 1, 120], Counting(120)))[0]);
    }

    [Theory]
    [InlineData(7, false)]
    [InlineData(8, true)]
    [InlineData(120, true)]
    [InlineData(121, false)]
    public void Images_are_sketched_that_are_neither_small_nor_wider_than_a_page(int width, bool sketched) =>
        Assert.Equal(sketched, TensorText.Of("x", Tensor.Batch([1, 1, 2, width], Counting(2 * width))).Contains("sketch of the map\n", StringComparison.Ordinal));

    // After the heading, the statistics and the hash.
    private static string[] Values(Tensor tensor) => TensorText.Of("x", tensor).Split('\n')[3..];

    private static string[] Sketch(Tensor tensor) =>
        [.. TensorText.Of("x", tensor).Split('\n').SkipWhile(line => !line.StartsWith("sketch", StringComparison.Ordinal))];
}
