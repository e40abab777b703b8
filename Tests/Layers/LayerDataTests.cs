using FunctionalLeNet.Core.Layers;

namespace FunctionalLeNet.Tests.Layers;

/// <summary>What layers are made of: sizes, paddings, pictures and connection tables are values that say what they are and refuse what they cannot be.</summary>
public class LayerDataTests
{
    [Theory]
    [InlineData(5, 5, "5")]
    [InlineData(5, 3, "5x3")]
    public void A_size_is_one_number_where_it_is_a_square(int height, int width, string text) => Assert.Equal(text, new Size(height, width).ToString());

    [Theory]
    [InlineData(2, 2, 2, 2, "2")]
    [InlineData(1, 2, 2, 2, "1,2,2,2")]
    [InlineData(2, 2, 1, 2, "2,2,1,2")]
    [InlineData(2, 2, 1, 1, "2,2,1,1")]
    [InlineData(2, 1, 2, 1, "2,1,2,1")]
    [InlineData(0, 1, 0, 0, "0,1,0,0")]
    public void Padding_is_one_number_where_its_sides_are_one(int top, int bottom, int left, int right, string text) =>
        Assert.Equal(text, new Padding(top, bottom, left, right).ToString());

    [Fact]
    public void Padding_as_TensorFlow_has_it_is_no_number()
    {
        Assert.Equal("same", Padding.Same.ToString());
        Assert.NotEqual(Padding.Same, new Padding(0, 0, 0, 0));
    }

    [Fact]
    public void Pictures_are_the_bits_of_their_rows_from_the_left()
    {
        var pictures = Bitmaps.OfRows(3, [0b100, 0b011], [0b010, 0b111]);
        Assert.Equal(["#...##", ".#.###"], pictures.Pictures);
        Assert.Equal((2, 6, "2 of 3x2"), (pictures.Count, pictures.Pixels, pictures.ToString()));
    }

    [Fact]
    public void Ink_is_1_and_the_rest_is_minus_1() => Assert.Equal([1, -1, -1, -1, 1, 1], Bitmaps.OfRows(3, [0b100, 0b011]).Codes.ByClass);

    [Fact]
    public void Pictures_are_equal_by_value()
    {
        var one = Bitmaps.OfRows(2, [1, 2, 3]);
        Assert.Equal(one, Bitmaps.OfRows(2, [1, 2, 3]));
        Assert.Equal(one.GetHashCode(), Bitmaps.OfRows(2, [1, 2, 3]).GetHashCode());
        Assert.NotEqual(one, Bitmaps.OfRows(2, [1, 2, 2]));
        // The same pixels in rows of another length.
        Assert.NotEqual(one, new Bitmaps(3, one.Pictures));
        Assert.False(one.Equals(null));
    }

    public static TheoryData<int[][], string> WrongPictures => new()
    {
        { [], "()" },
        { [[]], "(0)" },
        { [[1, 2], [1]], "(2, 1)" },
        { [[1, 2], [1, 2], [1, 2, 3]], "(2, 2, 3)" },
    };

    [Theory]
    [MemberData(nameof(WrongPictures))]
    public void Pictures_of_several_sizes_are_refused_with_their_heights(int[][] pictures, string heights) => Assert.StartsWith(
        $"Pictures have one size, found heights {heights}.", Assert.Throws<ArgumentException>(() => Bitmaps.OfRows(2, pictures)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_table_counts_its_connections()
    {
        var table = ConnectionTable.Of(3, [0, 2], [1], [0, 1, 2]);
        Assert.Equal((3, 3, 6, "6 of 9 connections"), (table.Inputs, table.Outputs, table.Count, table.ToString()));
        Assert.Equal("3 of 8 connections", ConnectionTable.Of(4, [0, 1], [3]).ToString());
    }

    [Fact]
    public void Tables_are_equal_by_value()
    {
        var table = ConnectionTable.Of(3, [0, 2], [1]);
        Assert.Equal(table, ConnectionTable.Of(3, [0, 2], [1]));
        Assert.Equal(table.GetHashCode(), ConnectionTable.Of(3, [0, 2], [1]).GetHashCode());
        Assert.NotEqual(table, ConnectionTable.Of(3, [0, 1], [1]));
        Assert.NotEqual(table, ConnectionTable.Of(4, [0, 2], [1]));
        Assert.False(table.Equals(null));
    }

    public static TheoryData<int[], string> WrongRows => new()
    {
        { [], "()" },
        { [-1, 1], "(-1, 1)" },
        { [0, 3], "(0, 3)" },
        { [1, 0], "(1, 0)" },
        { [0, 2, 2], "(0, 2, 2)" },
    };

    [Theory]
    [MemberData(nameof(WrongRows))]
    public void A_row_that_no_map_can_have_is_refused(int[] row, string found) => Assert.StartsWith(
        $"A row of a connection table names input maps from 0 to 2 in ascending order, found {found}.",
        Assert.Throws<ArgumentException>(() => ConnectionTable.Of(3, [0], row)).Message, StringComparison.Ordinal);
}
