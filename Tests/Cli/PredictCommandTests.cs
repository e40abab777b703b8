using System.Text.Json;
using FunctionalLeNet.Experiments.Images;
using FunctionalLeNet.Fuzzing;
using FunctionalLeNet.Tests.Data;

namespace FunctionalLeNet.Tests.Cli;

public sealed class PredictCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PredictCommandTests()
    {
        var zero = GreyImage.Of(300, 200, (x, y) => Math.Abs(Math.Sqrt(Math.Pow(x - 90, 2) + Math.Pow((y - 100) / 1.3, 2)) - 40) < 8 ? (byte)30 : (byte)240);
        _folder.Write("zero.png", PngFile.Of(zero));
        _folder.Write("one.png", PngFile.Of(GreyImage.Of(120, 200, (x, y) => Math.Abs(x - 60 + ((y - 100) / 8)) < 6 && y is > 40 and < 160 ? (byte)250 : (byte)10)));
        _folder.Write("empty.png", PngFile.Of(GreyImage.Of(40, 40, (_, _) => 200)));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_a_run_the_network_inside_the_program_reads_each_image()
    {
        var outcome = CommandLine.Run(_folder, "predict", "zero.png", "one.png");
        Assert.Equal(0, outcome.Code);
        Assert.Collection(
            outcome.OutputLines,
            line => Assert.Matches(@"^zero\.png: 0  (> )?\d+\.\d %  \(then \d: (< )?\d+\.\d %, \d: (< )?\d+\.\d %\)$", line),
            line => Assert.StartsWith("one.png: 1  ", line, StringComparison.Ordinal));
        Assert.Contains("With the network inside the program (fast)", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_has_an_object_an_image_with_ten_probabilities()
    {
        var line = JsonSerializer.Deserialize<JsonElement>(Assert.Single(CommandLine.Run(_folder, "predict", "zero.png", "--json").OutputLines));
        Assert.Equal(("prediction", "zero.png", "built-in", 0), (line.GetProperty("event").GetString(), line.GetProperty("image").GetString(), line.GetProperty("run").GetString(), line.GetProperty("digit").GetInt32()));
        var probabilities = line.GetProperty("probabilities").EnumerateArray().Select(value => value.GetDouble()).ToList();
        Assert.Equal(10, probabilities.Count);
        Assert.Equal(1, probabilities.Sum(), 12);
        Assert.Equal(probabilities.Max(), line.GetProperty("probability").GetDouble());

        var steps = JsonSerializer.Deserialize<JsonElement>(CommandLine.Run(_folder, "predict", "zero.png", "--json", "--explain").OutputLines[0]).GetProperty("steps");
        Assert.True(steps.GetProperty("dark_on_light").GetBoolean());
        Assert.Equal(784, steps.GetProperty("pixels").GetArrayLength());
    }

    [Fact]
    public void Explain_says_the_steps_draws_them_and_has_all_ten_probabilities()
    {
        var outcome = CommandLine.Run(_folder, "predict", "zero.png", "--explain");
        Assert.Contains("the ink is darker, by up to 210 of 255", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("3. Fitted into 20×20, its aspect ratio kept: 15×20.", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("▀", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(10, outcome.OutputLines.Count(line => line.Contains(" %", StringComparison.Ordinal)));
        Assert.All(outcome.OutputLines, line => Assert.InRange(line.Length, 0, 100));
        Assert.Equal("zero.png: 0", outcome.OutputLines[^1]);
    }

    [Fact]
    public void A_run_is_used_where_one_is_named_and_an_image_that_is_none_stops_no_other()
    {
        Assert.Equal(0, CommandLine.Run(_folder, CommandLine.Short("--out", "runs/mine")).Code);
        foreach (var name in (string[])["runs/mine", "mine"])
        {
            var outcome = CommandLine.Run(_folder, "predict", name, "empty.png", "absent.png", "zero.png", "--json");
            Assert.Equal(1, outcome.Code);
            Assert.Equal(["error", "error", "prediction"], outcome.OutputLines.Select(line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("event").GetString()));
            Assert.Contains("\"run\":\"runs/mine\"", outcome.OutputLines[2], StringComparison.Ordinal);
            Assert.Equal(2, outcome.ErrorLines.Count(line => line.StartsWith("lenet: ", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void A_run_without_an_image_is_wrong_usage()
    {
        Assert.Equal(0, CommandLine.Run(_folder, CommandLine.Short("--out", "run")).Code);
        var outcome = CommandLine.Run(_folder, "predict", "run");
        Assert.Equal((2, ""), (outcome.Code, outcome.Output));
        Assert.Contains("needs an image", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(2, CommandLine.Run(_folder, "predict").Code);
    }
}
