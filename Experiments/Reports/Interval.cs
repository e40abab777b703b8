namespace FunctionalLeNet.Experiments.Reports;

/// <summary>Where a share that was estimated from samples lies, as two fractions.</summary>
/// <param name="Low">Not below this.</param>
/// <param name="High">Not above this.</param>
internal readonly record struct Interval(double Low, double High)
{
    /// <summary>The 0.975 quantile of the normal distribution: 95 of 100 such intervals hold the share.</summary>
    private const double Z = 1.959963984540054;

    /// <summary>The 95 % interval of a share, (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n): Wilson 1927. From 0 to 1 where there are no samples.</summary>
    /// <param name="correct">Successes, from 0.</param>
    /// <param name="count">Samples, n.</param>
    public static Interval Wilson(long correct, long count)
    {
        if (count == 0)
            return new(0, 1);
        var (n, p) = ((double)count, (double)correct / count);
        var (centre, reach) = (p + (Z * Z / (2 * n)), Z * Math.Sqrt((p * (1 - p) / n) + (Z * Z / (4 * n * n))));
        var scale = 1 + (Z * Z / n);
        return new(correct == 0 ? 0 : (centre - reach) / scale, correct == count ? 1 : (centre + reach) / scale);
    }
}
