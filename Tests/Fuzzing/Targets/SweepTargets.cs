using System.Text;
using FunctionalLeNet.Experiments.Cli.Sweeps;
using Tomlyn;
using Tomlyn.Model;

namespace FunctionalLeNet.Fuzzing.Targets;

/// <summary>The TOML files of sweeps.</summary>
internal static class SweepTargets
{
    private static readonly string[] Words = ["experiment", "axes", "lr", "batch", "seed", "seeds", "epochs", "steps", "out", "data", "json", "train-limit", "numerics", "exact", "folk", "digits", "runs/x", "--json", "0..3", "a b'c"];

    private static readonly string[] Valid =
    [
        SweepFile.Example,
        "data = \"digits\"\ntrain-limit = 100\n[axes]\nexperiment = [\"folk\", \"official\"]\nnumerics = [\"exact\", \"mathnet\"]\n",
        "experiment = \"digits\"\naxes = { seed = \"0..3\", lr = [1e-3, 2.5E-2], steps = [1_000, 0x10] }\n",
        "[axes]\nseed = [0]\nexperiment = ['folk']\ndata = [\"a b\", \"\"\"c\"\"\"]\n",
    ];

    public static Target Sweep { get; } = new("sweep", 60, draws => draws.MutateText(draws.Of(Valid), Words), IsToml, Read, Size);

    private static bool IsToml(byte[] input) => Table(input).Count > 0;

    private static TomlTable Table(byte[] input)
    {
        try
        {
            return TomlSerializer.Deserialize<TomlTable>(Encoding.UTF8.GetString(input)) ?? [];
        }
        catch (TomlException)
        {
            return [];
        }
    }

    private static void Read(byte[] input)
    {
        var sweep = SweepFile.Read(Encoding.UTF8.GetString(input), "file.toml");
        if (sweep.Runs.Count > SweepFile.MaximumRuns || sweep.Runs.Any(run => run.Words[0] != "train" || run.Values.Count != sweep.Axes.Count))
            throw new InvalidOperationException("The runs are not what they must be.");
    }

    /// <summary>The file's bytes, and those of the command lines that it stands for, which are at most as many as a sweep may have.</summary>
    private static long Size(byte[] input)
    {
        var runs = Table(input).TryGetValue("axes", out var axes) && axes is TomlTable table
            ? table.Values.Aggregate(1L, (product, values) => Math.Min(SweepFile.MaximumRuns, product * (values is TomlArray array ? Math.Max(array.Count, 1) : values is string ? SweepFile.MaximumRuns : 1)))
            : 0;
        return input.Length * (1 + runs);
    }
}
