using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Reports;

namespace FunctionalLeNet.Tests.Reports;

public class ChartTests
{
    [Fact]
    public void Curves_are_drawn_between_their_extremes_and_meet_in_stars() => Assert.Equal(
        [
            "       2 ┤B   A",
            "         │",
            "         │",
            "         │ *",
            "         │",
            "       0 ┤A   B",
            "         └─────",
            "          1   9",
        ],
        Chart.Lines([Curve('A', (1, 0), (3, 0.75), (9, 2)), Curve('B', (1, 2), (3, 0.8), (9, 0))], width: 15, height: 6, logarithmic: false, "").Select(line => line.TrimEnd()));

    [Fact]
    public void Equal_ratios_are_equal_distances_where_every_value_is_above_zero()
    {
        var points = new[] { (1.0, 100.0), (2, 10), (3, 1) };
        Assert.Equal([0, 5, 10], RowsOf(points, logarithmic: true));
        Assert.Equal([0, 9, 10], RowsOf(points, logarithmic: false));
        Assert.Equal([0, 9, 10], RowsOf([(1, 99), (2, 9), (3, 0)], logarithmic: true));
    }

    [Fact]
    public void A_column_has_the_mean_of_its_points_and_what_is_not_finite_is_left_out()
    {
        Assert.Equal([0, 10], RowsOf([(1, 3), (2, double.NaN), (2, double.PositiveInfinity), (1_000, 0), (1_000, 2)], logarithmic: false));
        Assert.Empty(Chart.Lines([Curve('A', (1, double.NaN))], 80, 11, false, "steps"));
        Assert.Empty(Chart.Lines([], 80, 11, false, "steps"));
    }

    [Fact]
    public void A_single_point_is_in_the_middle() => Assert.Equal([5], RowsOf([(7, 7)], logarithmic: true));

    private static int[] RowsOf((double, double)[] points, bool logarithmic) =>
        [.. Chart.Lines([Curve('A', points)], 80, 11, logarithmic, "steps").Index().Where(line => line.Item.Contains('A', StringComparison.Ordinal)).Select(line => line.Index)];

    private static Chart.Curve Curve(char mark, params (double, double)[] points) => new(mark, points.ToEquatableArray());
}
