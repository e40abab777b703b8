using System.Text.Json;
using FunctionalLeNet.Tests.Data;

namespace FunctionalLeNet.Tests.Cli;

public sealed class SnapshotCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SnapshotCommandTests() => Assert.Equal(0, CommandLine.Run(_folder, CommandLine.Short("--out", "run")).Code);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_layer_has_a_section_with_its_numbers()
    {
        var outcome = CommandLine.Run(_folder, "snapshot", "run", "--sample", "7");
        Assert.Equal(0, outcome.Code);
        Assert.Equal(
            ["input", "conv1", "relu1", "pool1", "conv2", "relu2", "pool2", "flatten", "fc1", "relu3", "fc2", "relu4", "fc3"],
            outcome.OutputLines.Where(line => line.StartsWith("== ", StringComparison.Ordinal)).Select(line => line[3..].Split(':')[0]));
        Assert.Contains("run after 6 steps; test image 7 of 'digits', a ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_has_an_object_a_layer_with_the_hash_that_the_text_has()
    {
        var text = CommandLine.Run(_folder, "snapshot", "run").Output;
        var lines = CommandLine.Run(_folder, "snapshot", "run", "--json").OutputLines.Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        Assert.Equal(12, lines.Count);
        Assert.All(lines, line => Assert.Contains(line.GetProperty("sha256").GetString()!, text, StringComparison.Ordinal));
        Assert.Equal([1, 6, 28, 28], lines[0].GetProperty("shape").EnumerateArray().Select(size => size.GetInt32()));
    }

    [Fact]
    public void A_sample_that_is_not_there_is_refused_with_the_range()
    {
        var outcome = CommandLine.Run(_folder, "snapshot", "run", "--sample", "360");
        Assert.Equal(1, outcome.Code);
        Assert.Contains("--sample 360: 'digits' has 360 test images, from 0 to 359.", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_no_run_is_said_to_be_none() =>
        Assert.Equal((1, ""), CommandLine.Run(_folder, "snapshot", "nowhere") is var outcome ? (outcome.Code, outcome.Output) : default);
}
