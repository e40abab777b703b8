using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary>Where something long says how far it is.</summary>
internal sealed class ProgressReport
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private readonly Func<string, double, Action<string, double>> _begin;
    private readonly Func<string, Action<double>> _watch;

    private ProgressReport(bool isLive, Func<string, double, Action<string, double>> begin, Func<string, Action<double>> watch) => (IsLive, _begin, _watch) = (isLive, begin, watch);

    /// <summary>Whether anybody sees it.</summary>
    public bool IsLive { get; }

    /// <summary>A report on a terminal.</summary>
    /// <param name="context">The bars.</param>
    /// <param name="elapsed">A clock that never jumps.</param>
    /// <param name="watch">Shows a number below the bars.</param>
    public ProgressReport(ProgressContext context, Func<TimeSpan> elapsed, Action<LiveCurve> watch)
        : this(true, (description, total) =>
        {
            var task = context.AddTask(description, maxValue: total);
            var last = TimeSpan.MinValue;
            return (text, value) =>
            {
                // A step is shorter than a look at the screen: most reports are for nobody.
                var now = elapsed();
                if (last != TimeSpan.MinValue && now - last < Pause && value < total)
                    return;
                last = now;
                task.Description = text;
                task.Value = value;
            };
        },
        name =>
        {
            var curve = new LiveCurve(name, elapsed);
            watch(curve);
            return curve.Add;
        })
    {
    }

    /// <summary>A report to nobody.</summary>
    public static ProgressReport Silent { get; } = new(false, (_, _) => (_, _) => { }, _ => _ => { });

    /// <summary>A new bar.</summary>
    /// <param name="description">What stands before it.</param>
    /// <param name="total">What is all of it.</param>
    /// <returns>Sets what stands before the bar and how much of it is done.</returns>
    public Action<string, double> Begin(string description, double total) => _begin(description, total);

    /// <summary>A number that is shown below the bars with its course.</summary>
    /// <param name="name">What it is.</param>
    /// <returns>Adds a value.</returns>
    public Action<double> Watch(string name) => _watch(name);
}

/// <summary>How much is done in a second.</summary>
/// <param name="unit">In what, in words.</param>
/// <param name="scale">How many of them one count is.</param>
internal sealed class ThroughputColumn(string unit, double scale) : ProgressColumn
{
    /// <inheritdoc/>
    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
        new Text(task.Speed * scale is { } speed ? $"{speed.ToString(speed < 100 ? "0.#" : "N0", CultureInfo.InvariantCulture)} {unit}" : "");
}
