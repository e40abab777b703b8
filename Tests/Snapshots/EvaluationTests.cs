using FunctionalLeNet.Tests.Cli;
using FunctionalLeNet.Tests.Data;

namespace FunctionalLeNet.Tests.Snapshots;

/// <summary>What <c>evaluate</c> says of a run.</summary>
[Trait("Category", "Snapshots")]
public class EvaluationTests
{
    [Fact]
    public async Task Text()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(0, CommandLine.Run(folder, CommandLine.Short("--out", "run")).Code);
        await Verify(CommandLine.Run(folder, "evaluate", "run", "--mistakes", "4").Output.TrimEnd()).UseDirectory(SnapshotFiles.Folder);
    }
}
