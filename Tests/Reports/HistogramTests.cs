using FunctionalLeNet.Experiments.Records;

namespace FunctionalLeNet.Tests.Reports;

public class HistogramTests
{
    [Fact]
    public void Every_finite_number_is_in_one_part()
    {
        var values = Enumerable.Range(0, 1000).Select(i => MathF.Sin(i)).Append(float.NaN).Append(float.PositiveInfinity).ToList();
        var histogram = Histogram.Of(values);
        Assert.Equal((values.Take(1000).Min(), values.Take(1000).Max()), ((float)histogram.Low, (float)histogram.High));
        Assert.Equal((Histogram.Parts, 1000), (histogram.Counts.Count, histogram.Counts.Sum()));
        var width = (histogram.High - histogram.Low) / Histogram.Parts;
        Assert.All(histogram.Counts.Index().Take(Histogram.Parts - 1), part => Assert.Equal(
            values.Take(1000).Count(value => value >= histogram.Low + (part.Index * width) && value < histogram.Low + ((part.Index + 1) * width)), part.Item));
    }

    [Fact]
    public void Equal_numbers_are_in_the_middle() => Assert.Equal((0.25, 0.25, 3), Histogram.Of([0.25f, 0.25f, 0.25f]) is var histogram ? (histogram.Low, histogram.High, histogram.Counts[Histogram.Parts / 2]) : default);

    [Fact]
    public void No_numbers_are_an_empty_histogram() => Assert.Equal((0.0, 0.0, 0), Histogram.Of([float.NaN]) is var histogram ? (histogram.Low, histogram.High, histogram.Counts.Sum()) : default);
}
