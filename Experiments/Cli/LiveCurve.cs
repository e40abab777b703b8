using System.Collections.Immutable;
using System.Globalization;
using FunctionalLeNet.Experiments.Reports;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary>A number that is watched beside the bars: what it is now, and its whole course as a small curve. One thread adds, another looks.</summary>
/// <param name="name">What it is.</param>
/// <param name="elapsed">A clock that never jumps.</param>
internal sealed class LiveCurve(string name, Func<TimeSpan> elapsed)
{
    private const int Columns = 32;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private volatile Course _course = new([], 1);
    private (double Sum, int Count) _since;
    private TimeSpan _last = TimeSpan.MinValue;

    /// <summary>Means over equal times, so many of the first ones to each.</summary>
    private sealed record Course(ImmutableList<double> Means, int Each);

    /// <summary>What it is.</summary>
    public string Name { get; } = name;

    /// <summary>What it is now, and its course.</summary>
    public string Text => _course.Means is [.., var newest] means ? $"{newest.ToString("F4", CultureInfo.InvariantCulture)}  {Sparkline.Of(means, Columns)}" : "";

    /// <summary>Adds a value; a look at the screen takes longer than a step, so several are taken together.</summary>
    /// <param name="value">The value.</param>
    public void Add(double value)
    {
        _since = (_since.Sum + value, _since.Count + 1);
        var now = elapsed();
        if (_last != TimeSpan.MinValue && now - _last < Pause * _course.Each)
            return;
        var means = _course.Means.Add(_since.Sum / _since.Count);
        // Full: every two neighbours become one, and from now on one takes twice as long.
        _course = means.Count < 4 * Columns
            ? new(means, _course.Each)
            : new([.. means.Chunk(2).Select(pair => pair.Average())], 2 * _course.Each);
        (_last, _since) = (now, default);
    }
}
