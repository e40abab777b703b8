namespace FunctionalLeNet.Experiments.Reports;

/// <summary>A curve one line high.</summary>
internal static class Sparkline
{
    private const string Heights = "▁▂▃▄▅▆▇█";

    /// <summary>The curve; empty where there is nothing finite. Where every number is above 0, equal distances upwards are equal ratios.</summary>
    /// <param name="values">The numbers, evenly apart; what is not finite is left out.</param>
    /// <param name="width">Columns at most; a column shows the mean of the numbers that fall into it.</param>
    public static string Of(IReadOnlyCollection<double> values, int width)
    {
        var finite = values.Where(double.IsFinite).ToList();
        if (finite.Count == 0)
            return "";
        var columns = Math.Min(width, finite.Count);
        var means = finite.Index().GroupBy(value => (int)((long)value.Index * columns / finite.Count), value => value.Item).Select(column => column.Average()).ToList();
        var heights = means.All(mean => mean > 0) ? means.ConvertAll(Math.Log) : means;
        var (low, high) = (heights.Min(), heights.Max());
        return string.Concat(heights.Select(height => low < high ? Heights[(int)Math.Round((height - low) / (high - low) * (Heights.Length - 1))] : Heights[Heights.Length / 2]));
    }
}
