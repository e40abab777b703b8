using System.Globalization;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Experiments.Cli.Sweeps;

/// <summary>Many runs that differ along axes.</summary>
/// <param name="Name">What it is called: its file's name.</param>
/// <param name="Folder">The folder of its runs.</param>
/// <param name="Axes">The names of what differs.</param>
/// <param name="Runs">A run for each combination of values, the last axis fastest.</param>
internal sealed record Sweep(string Name, string Folder, EquatableArray<string> Axes, EquatableArray<SweepRun> Runs)
{
    /// <summary>The axis of the seeds, whose runs are repetitions of one another.</summary>
    public const string Seed = "seed";

    /// <summary>The axes but the seeds'.</summary>
    public IEnumerable<string> Settings => Axes.Where(axis => axis != Seed);
}

/// <summary>A run of a sweep.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Name">Its values on the axes, <c>lr=0.001,seed=0</c>: its folder's name within the sweep's.</param>
/// <param name="Folder">Its folder.</param>
/// <param name="Values">Its value on each axis, as the command line has it.</param>
/// <param name="Words">The words after the program's name: a plain <c>train …</c>.</param>
/// <param name="Train">What these words mean.</param>
internal sealed record SweepRun(int Number, string Name, string Folder, EquatableArray<(string Axis, string Value)> Values, EquatableArray<string> Words, Invocation.Train Train)
{
    /// <summary>The run's value on an axis.</summary>
    /// <param name="axis">The axis.</param>
    public string On(string axis) => Values.First(value => value.Axis == axis).Value;

    /// <summary>A command line for this run on so many threads, unless the sweep's file fixes them.</summary>
    /// <param name="words">The command line.</param>
    /// <param name="threads">How many.</param>
    public EquatableArray<string> OnThreads(IEnumerable<string> words, int threads) =>
        Train.Options.Threads is null ? [.. words, "--threads", threads.ToString(CultureInfo.InvariantCulture)] : words.ToEquatableArray();
}
