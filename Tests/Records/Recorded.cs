using System.Text.RegularExpressions;
using FunctionalLeNet.Experiments.Records;

namespace FunctionalLeNet.Tests.Records;

/// <summary>What a run recorded, as two runs that are the same have in common.</summary>
internal static partial class Recorded
{
    /// <summary>A line without its times.</summary>
    public static string Timeless(string line) => Seconds().Replace(line, "");

    /// <summary>All lines of a run but for times, its name, and where its checkpoints were.</summary>
    public static string[] Lines(string run) =>
        [.. File.ReadLines(Path.Join(run, RunFolder.MetricsFile)).Where(line => RunEvent.OfLine(line) is not (RunEvent.Checkpoint or RunEvent.Start)).Select(Timeless)];

    [GeneratedRegex(@",?""seconds"":[^,}]*")]
    private static partial Regex Seconds();
}
