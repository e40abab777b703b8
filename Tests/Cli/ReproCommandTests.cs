using System.Text.Json;
using FunctionalLeNet.Experiments.Cli;
using FunctionalLeNet.Experiments.Data;
using FunctionalLeNet.Tests.Data;

namespace FunctionalLeNet.Tests.Cli;

public class ReproCommandTests
{
    [Fact]
    public void Without_a_name_it_lists_what_can_be_replayed()
    {
        using var folder = new TemporaryFolder();
        var outcome = CommandLine.Run(folder, "repro", "--json");
        Assert.Equal(0, outcome.Code);
        Assert.Equal(["repdl", "torch-folk", "tutorial", "lenet-1998", "lenet-1998-distorted", "lenet-1998-sizes"], outcome.OutputLines.Select(line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("name").GetString()));
    }

    [Theory]
    [InlineData("repdl")]
    [InlineData("torch-folk")]
    [InlineData("tutorial")]
    public void Other_data_than_the_published_run_had_is_refused(string name)
    {
        using var folder = new TemporaryFolder();
        var outcome = CommandLine.Run(folder, "repro", name, "--data", "digits");
        Assert.Equal((1, ""), (outcome.Code, outcome.Output));
        Assert.Contains("other bytes than mnist", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public void Seeds_are_for_the_tutorial_alone()
    {
        using var folder = new TemporaryFolder();
        var outcome = CommandLine.Run(folder, "repro", "repdl", "--seeds", "0..1");
        Assert.Equal(2, outcome.Code);
        Assert.Contains("--seeds is not for 'repdl'", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public void PyTorchs_first_hundred_steps_are_in_the_program() =>
        Assert.Equal((100, 147.37006), (PrintedByPyTorch.FirstSteps().Count, PrintedByPyTorch.FirstSteps()[0]));

    [SkippableFact]
    public void RepDLs_published_values_are_met()
    {
        var mnist = RealData.Mnist();
        using var folder = new TemporaryFolder();
        var outcome = CommandLine.Run(folder, world => world with { Data = DataLocations.Here() }, "repro", "repdl", "--data", mnist, "--json");
        Assert.Equal(0, outcome.Code);
        var checks = outcome.OutputLines.Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        Assert.Equal(
            [PublishedByRepDl.Initial, PublishedByRepDl.Trained, "0.9804", PublishedByRepDl.Logits],
            checks.Select(check => check.GetProperty("found").ToString()));
        Assert.All(checks, check => Assert.Equal(["event", "name", "check", "expected", "found", "ok"], check.EnumerateObject().Select(member => member.Name)));
    }
}
