using System.Text.Json;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Tests.Data;
using FunctionalLeNet.Tests.Reference;

namespace FunctionalLeNet.Tests.Cli;

public class ListShowDataTests
{
    [Fact]
    public void List_has_an_object_an_experiment()
    {
        using var folder = new TemporaryFolder();
        var outcome = CommandLine.Run(folder, "list", "--json");
        Assert.Equal(0, outcome.Code);
        var rows = outcome.OutputLines.Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        Assert.Equal(AllExperiments.InOrder.Select(experiment => experiment.Name), rows.Select(row => row.GetProperty("name").GetString()));
        Assert.All(rows, row => Assert.Equal(["name", "line", "network", "data", "optimizer", "parameters"], row.EnumerateObject().Select(member => member.Name)));
    }

    public static TheoryData<string> Experiments => [.. AllExperiments.InOrder.Select(experiment => experiment.Name)];

    [Theory]
    [MemberData(nameof(Experiments))]
    public void Show_fits_eighty_columns(string experiment)
    {
        using var folder = new TemporaryFolder();
        var lines = CommandLine.Run(folder, "show", experiment).OutputLines;
        Assert.True(lines.Length > 15);
        Assert.All(lines, line => Assert.True(line.Length <= 80, line));
    }

    [Theory]
    [InlineData("list")]
    [InlineData("show official --try")]
    [InlineData("show tensorflow --try")]
    public void Tables_fit_eighty_columns(string command)
    {
        using var folder = new TemporaryFolder();
        var outcome = CommandLine.Run(folder, command.Split(' '));
        var end = Array.FindLastIndex(outcome.OutputLines, line => line.StartsWith('─'));
        Assert.True(end > 3);
        Assert.All(outcome.OutputLines[1..(end + 1)], line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public void List_for_people_names_every_experiment_and_says_what_it_is()
    {
        using var folder = new TemporaryFolder();
        var outcome = CommandLine.Run(folder, "list");
        Assert.All(AllExperiments.InOrder, experiment => Assert.Equal(2, outcome.OutputLines.Count(line => line.TrimStart().StartsWith($"{experiment.Name} ", StringComparison.Ordinal))));
        Assert.All(AllExperiments.InOrder, experiment => Assert.Contains(experiment.Line, outcome.Output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("folk", 61_610, 354_078, 341_256)]
    [InlineData("official", 61_706, 429_342, 416_520)]
    [InlineData("repdl", 61_706, 429_342, 416_520)]
    [InlineData("digits", 61_706, 429_342, 416_520)]
    [InlineData("classic-sigmoid", 61_706, 429_342, 416_520)]
    [InlineData("classic-tanh", 61_706, 429_342, 416_520)]
    public void Show_has_one_object_with_totals_and_layers_that_add_up_to_them(string experiment, long parameters, long connections, long multiplyAdds)
    {
        using var folder = new TemporaryFolder();
        var shown = JsonSerializer.Deserialize<JsonElement>(Assert.Single(CommandLine.Run(folder, "show", experiment, "--json").OutputLines));
        foreach (var (member, total) in new[] { ("parameters", parameters), ("connections", connections), ("multiply_adds", multiplyAdds) })
        {
            Assert.Equal(total, shown.GetProperty(member).GetInt64());
            Assert.Equal(total, shown.GetProperty("layers").EnumerateArray().Sum(layer => layer.GetProperty(member).GetInt64()));
        }
    }

    [Theory]
    [MemberData(nameof(Experiments))]
    public void Show_has_everything_that_sets_an_experiment_apart(string name)
    {
        using var folder = new TemporaryFolder();
        var experiment = AllExperiments.InOrder.Single(experiment => experiment.Name == name);
        var shown = JsonSerializer.Deserialize<JsonElement>(Assert.Single(CommandLine.Run(folder, "show", name, "--json").OutputLines));
        Assert.Equal(
            (experiment.Loss.Text, experiment.SameOrder, experiment.Distortion?.Text, experiment.HeldOut),
            (shown.GetProperty("loss").GetString(), shown.GetProperty("same_order").GetBoolean(), shown.TryGetProperty("distortion", out var distortion) ? distortion.GetString() : null, shown.GetProperty("held_out").GetInt32()));
        Assert.Equal([experiment.Greys.Background, experiment.Greys.Ink], shown.GetProperty("greys").EnumerateArray().Select(grey => grey.GetSingle()));
    }

    /// <summary>The tutorial's first look, against what <c>Reference/networks.py</c> printed of it.</summary>
    [Fact]
    public void Trying_the_official_network_gives_PyTorchs_numbers()
    {
        using var folder = new TemporaryFolder();
        var tried = JsonSerializer.Deserialize<JsonElement>(Assert.Single(CommandLine.Run(folder, "show", "official", "--try", "--json").OutputLines));
        var c = ReferenceFile.Networks().Case("official-walk-through");
        Assert.All(
            c["logits"].Values().Zip(tried.GetProperty("output").EnumerateArray()),
            pair => Assert.Equal(pair.First, pair.Second.GetSingle(), 1e-5f * c["logits"].Values().Max(Math.Abs)));
        var norms = c.Configuration.GetProperty("gradient_norms").EnumerateObject().ToList();
        Assert.Equal(norms.Select(norm => norm.Name), tried.GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()));
        Assert.All(
            norms.Zip(tried.GetProperty("parameters").EnumerateArray()),
            pair => Assert.Equal(pair.First.Value.GetDouble(), pair.Second.GetProperty("gradient_norm").GetDouble(), 1e-5 * pair.First.Value.GetDouble()));
    }

    [Fact]
    public void Trying_for_people_prints_what_the_tutorial_prints()
    {
        using var folder = new TemporaryFolder();
        var lines = CommandLine.Run(folder, "show", "folk", "--try").OutputLines;
        Assert.Equal(["Lenet(", "  (conv): Sequential(", "    (0): Conv2d(1, 6, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))"], lines[..3]);
        Assert.Contains("len(params): 10", lines);
        Assert.Contains("params[0].size(): [6, 1, 3, 3]", lines);
    }

    [Fact]
    public void Show_for_people_has_the_layers_the_totals_and_the_settings()
    {
        using var folder = new TemporaryFolder();
        var lines = CommandLine.Run(folder, "show", "folk").OutputLines.Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))).ToList();
        Assert.Contains("conv/0 Convolution 6@3x3 pad 1 6x28x28 60 47,040 42,336", lines);
        Assert.Contains("total 61,610 354,078 341,256", lines);
        Assert.Contains("optimizer SGD 0.001", lines);
        Assert.Contains("limit 10 epochs", lines);
    }

    [Fact]
    public void Data_lists_what_is_here_and_downloads_nothing_unasked()
    {
        using var folder = new TemporaryFolder();
        var outcome = CommandLine.Run(folder, world => world with { Data = TinySet.Locations(folder) }, "data", "--json");
        var set = JsonSerializer.Deserialize<JsonElement>(outcome.OutputLines[0]);
        Assert.Equal(("data", "digits", true), (set.GetProperty("event").GetString(), set.GetProperty("name").GetString(), set.GetProperty("usable").GetBoolean()));
        Assert.Equal(0, outcome.Code);
        Assert.Empty(folder.Files);
    }

    [Fact]
    public void Data_fetches_what_is_not_here_and_then_has_it()
    {
        using var folder = new TemporaryFolder();
        using var server = LoopbackServer.Giving(content => content);
        var locations = TinySet.Locations(folder, server.Address);
        var outcome = CommandLine.Run(folder, world => world with { Data = locations }, "data", "--fetch", "--json");
        Assert.Equal(0, outcome.Code);
        Assert.All(outcome.OutputLines, line => Assert.True(JsonSerializer.Deserialize<JsonElement>(line).GetProperty("usable").GetBoolean(), line));
        Assert.Equal(4, folder.Files.Length);
    }

    [Fact]
    public void A_wrong_folder_is_one_line_and_exit_code_1()
    {
        using var folder = new TemporaryFolder();
        var outcome = CommandLine.Run(folder, CommandLine.Short("--data", "nowhere"));
        Assert.Equal((1, ""), (outcome.Code, outcome.Output));
        Assert.Contains("nowhere", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
        Assert.Empty(folder.Files);
    }

    [Fact]
    public void Images_that_do_not_fit_the_network_are_refused_before_anything_is_written()
    {
        using var folder = new TemporaryFolder();
        TinySet.Write(folder, "small", name => name, content => content);
        var outcome = CommandLine.Run(folder, CommandLine.Short("--data", "small", "--json"));
        Assert.Equal(1, outcome.Code);
        Assert.Contains("takes [1, 32, 32], but found 4x4 images", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
        Assert.Single(outcome.OutputLines);
        Assert.Equal(4, folder.Files.Length);
    }
}
