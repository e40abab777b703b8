using FunctionalLeNet.Experiments.Cli;
using FunctionalLeNet.Experiments.Reports;

namespace FunctionalLeNet.Tests.Reports;

public class SparklineTests
{
    [Theory]
    [InlineData("▁▂▃▄▅▆▇█", 8, new double[] { 1, 2, 4, 8, 16, 32, 64, 128 })]
    [InlineData("▁█", 2, new double[] { 0, 1, 2, 3 })]
    [InlineData("▅▅▅", 9, new[] { 0.5, 0.5, 0.5 })]
    [InlineData("█▁", 9, new[] { 7, double.NaN, 0 })]
    [InlineData("", 9, new[] { double.NaN })]
    public void A_column_is_as_high_as_its_mean(string line, int width, double[] values) => Assert.Equal(line, Sparkline.Of(values, width));

    [Fact]
    public void A_live_curve_keeps_its_whole_course_in_bounded_space()
    {
        var time = TimeSpan.Zero;
        var curve = new LiveCurve("loss", () => time += TimeSpan.FromSeconds(0.05));
        foreach (var step in Enumerable.Range(0, 10_000))
            curve.Add(Math.Pow(0.999, step));
        Assert.Matches("^[0-9.]+  █[▁-█]{30,31}$", curve.Text);
        Assert.EndsWith("▁", curve.Text, StringComparison.Ordinal);
    }
}
