using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Cli;
using FunctionalLeNet.Tests.Cli;
using FunctionalLeNet.Tests.Data;

namespace FunctionalLeNet.Tests.Snapshots;

/// <summary>What the program says of itself and of the experiments.</summary>
[Trait("Category", "Snapshots")]
public class CommandsTests
{
    public static TheoryData<string> Experiments => [.. AllExperiments.InOrder.Select(experiment => experiment.Name)];

    public static TheoryData<string> Commands => [.. Grammar.Names];

    [Theory]
    [MemberData(nameof(Experiments))]
    public async Task Show(string experiment) => await Verify(Output("show", experiment)).UseDirectory(SnapshotFiles.Folder).UseParameters(experiment);

    [Fact]
    public async Task List() => await Verify(Output("list")).UseDirectory(SnapshotFiles.Folder);

    [Fact]
    public async Task Help() => await Verify(Output("--help")).UseDirectory(SnapshotFiles.Folder);

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_of(string command) => await Verify(Output(command, "--help")).UseDirectory(SnapshotFiles.Folder).UseParameters(command);

    private static string Output(params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        var outcome = CommandLine.Run(folder, arguments);
        Assert.Equal(0, outcome.Code);
        return outcome.Output.TrimEnd();
    }
}
