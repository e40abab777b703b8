using FunctionalLeNet.Experiments.Reports;

namespace FunctionalLeNet.Tests.Reports;

public class IntervalTests
{
    /// <summary>The values of R's <c>binom::binom.confint(x, n, methods = "wilson")</c> and of statsmodels' <c>proportion_confint(x, n, method="wilson")</c>.</summary>
    [Theory]
    [InlineData(8, 10, 0.4901625, 0.9433178)]
    [InlineData(0, 10, 0, 0.2775328)]
    [InlineData(10, 10, 0.7224672, 1)]
    [InlineData(5, 10, 0.2365931, 0.7634069)]
    [InlineData(1, 100, 0.0017674, 0.0544862)]
    [InlineData(0, 0, 0, 1)]
    public void Wilsons_interval_has_its_known_values(int correct, int count, double low, double high)
    {
        var interval = Interval.Wilson(correct, count);
        Assert.Equal(low, interval.Low, 6);
        Assert.Equal(high, interval.High, 6);
    }

    /// <summary>Wilson's interval is where the normal test of a share does not reject what was seen.</summary>
    [Fact]
    public void Its_ends_are_1_96_deviations_away_from_what_was_seen()
    {
        var (low, high) = Interval.Wilson(9832, 10_000);
        foreach (var end in new[] { low, high })
            Assert.Equal(1.959964, Math.Abs(0.9832 - end) / Math.Sqrt(end * (1 - end) / 10_000), 5);
    }
}
