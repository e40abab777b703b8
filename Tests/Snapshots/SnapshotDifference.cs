using DiffPlex.Renderer;

namespace FunctionalLeNet.Tests.Snapshots;

/// <summary>What a person reads when a snapshot differs.</summary>
internal static class SnapshotDifference
{
    private const int Lines = 60;

    /// <summary>Where the first difference lies, a unified diff, and the command that accepts it.</summary>
    public static string Explain(string before, string after, string received, string verified)
    {
        var (line, section) = First(before, after);
        var diff = UnidiffRenderer.GenerateUnidiff(before, after, "verified", "received").TrimEnd().Split('\n');
        return string.Join('\n', (IEnumerable<string>)
        [
            before.Length == 0 ? $"There is no snapshot {Path.GetFileName(verified)} yet." : $"{Path.GetFileName(verified)} differs from line {line} on.",
            .. before.Length > 0 && section.Length > 0 ? [$"The first to differ: {section}"] : Array.Empty<string>(),
            .. diff.Take(Lines),
            .. diff.Length > Lines ? [$"… {diff.Length - Lines} more lines of difference"] : Array.Empty<string>(),
            "To accept this one:",
            $"  mv '{received}' '{verified}'",
            "To accept all:",
            "  LENET_ACCEPT=1 dotnet test -c Release --filter Category=Snapshots",
        ]);
    }

    /// <summary>The first line that differs, from 1, and the heading <c>== …</c> above it; empty where there is none.</summary>
    public static (int Line, string Section) First(string before, string after)
    {
        var (old, now) = (before.Split('\n'), after.Split('\n'));
        var same = old.Zip(now).TakeWhile(pair => pair.First == pair.Second).Count();
        var heading = (same < now.Length ? now : old).Take(same + 1).LastOrDefault(line => line.StartsWith("== ", StringComparison.Ordinal));
        return (same + 1, heading?[3..] ?? "");
    }
}
