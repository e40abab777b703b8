using System.Globalization;

namespace FunctionalLeNet.Experiments.Reports;

/// <summary>Shares as people read them.</summary>
internal static class Percent
{
    private const double Certainly = 0.0005;

    /// <summary>A probability with one digit, never rounded to certainty.</summary>
    /// <param name="probability">From 0 to 1.</param>
    public static string Of(double probability) => probability switch
    {
        > 0 and < Certainly => "< 0.1 %",
        < 1 and > 1 - Certainly => "> 99.9 %",
        _ => (100 * probability).ToString("F1", CultureInfo.InvariantCulture) + " %",
    };

    /// <summary>An interval, without the sign: <c>95.7 to 98.9</c>.</summary>
    /// <param name="interval">As fractions.</param>
    public static string Of(Interval interval) => FormattableString.Invariant($"{100 * interval.Low:F1} to {100 * interval.High:F1}");
}
