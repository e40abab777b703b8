using System.Diagnostics;

namespace FunctionalLeNet.Experiments.Bench;

/// <summary>How long something takes: the median of repetitions, after it has been done often enough to be compiled well and to have its memory.</summary>
internal static class Clock
{
    private const int FewestRepetitions = 5;

    // The runtime compiles a method better after its thirtieth call, in the background, which takes it a while.
    private const int WarmUpCalls = 31;
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(150);

    // Repetitions of less than this would measure the clock.
    private static readonly TimeSpan ShortestRepetition = TimeSpan.FromMicroseconds(50);

    /// <summary>Seconds of one call.</summary>
    /// <param name="budget">About how long to measure after the warm-up, which lasts as long, or thirty calls and 150 ms where that is less.</param>
    /// <param name="action">What to do.</param>
    public static double Median(TimeSpan budget, Action action)
    {
        var begun = Stopwatch.GetTimestamp();
        var calls = 0;
        do
        {
            action();
            calls++;
        }
        while (Stopwatch.GetElapsedTime(begun) is var time && time < budget && (calls < WarmUpCalls || time < WarmUp));
        var once = Seconds(1, action);
        var together = (int)Math.Clamp(ShortestRepetition.TotalSeconds / Math.Max(once, 1e-9), 1, 10_000);
        return Median(Repeat(budget, () => Seconds(together, action) / together));
    }

    /// <summary>Seconds of one call of something that is too slow to be done often: the fastest of two or more.</summary>
    /// <param name="budget">About how long to measure.</param>
    /// <param name="action">What to do.</param>
    public static double Slow(TimeSpan budget, Action action)
    {
        var begun = Stopwatch.GetTimestamp();
        var fastest = Seconds(1, action);
        do
            fastest = Math.Min(fastest, Seconds(1, action));
        while (Stopwatch.GetElapsedTime(begun) < budget);
        return fastest;
    }

    /// <summary>The middle of several numbers.</summary>
    /// <param name="values">At least one.</param>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static IEnumerable<double> Repeat(TimeSpan budget, Func<double> measure)
    {
        var begun = Stopwatch.GetTimestamp();
        for (var repetition = 0; repetition < FewestRepetitions || Stopwatch.GetElapsedTime(begun) < budget; repetition++)
            yield return measure();
    }

    private static double Seconds(int calls, Action action)
    {
        var begun = Stopwatch.GetTimestamp();
        for (var call = 0; call < calls; call++)
            action();
        return Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }
}
