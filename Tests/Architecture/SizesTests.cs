using System.Runtime.CompilerServices;

namespace FunctionalLeNet.Tests.Architecture;

/// <summary>What a reader is promised: files that need no table of contents, and a graph that is read in one sitting.</summary>
public class SizesTests
{
    /// <summary>What a tool generates (<c>.g.cs</c>) nobody reads.</summary>
    [Theory]
    [InlineData("Core")]
    [InlineData("Autodiff")]
    [InlineData("Experiments")]
    public void No_file_is_long(string folder) => Assert.All(
        Files(folder, SearchOption.AllDirectories),
        file => Assert.True(File.ReadLines(file).Count() <= 400, $"{file} has more than 400 lines."));

    /// <summary>Nodes, the walk back, the forward interpreter and snapshots. The operations are one idea a file beside it; prepared inference builds no graph.</summary>
    [Fact]
    public void The_graph_without_its_operations_is_under_300_lines_of_code() => Assert.InRange(
        Files("Autodiff", SearchOption.TopDirectoryOnly).Where(file => Path.GetFileName(file) != "Inference.cs").Sum(file => File.ReadLines(file).Count(IsCode)), 100, 300);

    private static bool IsCode(string line) => line.Trim() is { Length: > 0 } text && !text.StartsWith("//", StringComparison.Ordinal);

    private static IEnumerable<string> Files(string folder, SearchOption search, [CallerFilePath] string here = "") =>
        Directory.EnumerateFiles(Path.GetFullPath($"../../{folder}", Path.GetDirectoryName(here)!), "*.cs", search)
            .Where(file => !file.EndsWith(".g.cs", StringComparison.Ordinal))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));
}
