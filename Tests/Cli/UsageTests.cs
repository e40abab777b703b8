using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Tests.Data;

namespace FunctionalLeNet.Tests.Cli;

public class UsageTests
{
    [Theory]
    [InlineData("trian", "Did you mean 'train'?")]
    [InlineData("frobnicate", "is not a command")]
    [InlineData("--josn", "Did you mean '--json'?")]
    [InlineData("train", "needs EXPERIMENT")]
    [InlineData("show", "needs EXPERIMENT")]
    [InlineData("train flok", "Did you mean 'folk'?")]
    [InlineData("show nothing", "'nothing' is not an experiment")]
    [InlineData("train folk digits", "'digits' is one word too many")]
    [InlineData("train folk --epoch 3", "Did you mean '--epochs'?")]
    [InlineData("train folk --epochs 0", "--epochs takes a whole number from 1, but found '0'")]
    [InlineData("train folk --epochs 1.5", "--epochs")]
    [InlineData("train folk --epochs 99999999999999999999", "--epochs")]
    [InlineData("train folk --epochs", "--epochs")]
    [InlineData("train folk --epochs 1 --epochs 2", "--epochs")]
    [InlineData("train folk --steps 0", "--steps")]
    [InlineData("train folk --steps -1", "--steps")]
    [InlineData("train folk --batch 0", "--batch")]
    [InlineData("train folk --lr nan", "--lr takes a finite number above 0")]
    [InlineData("train folk --lr inf", "--lr")]
    [InlineData("train folk --lr 1e999", "--lr")]
    [InlineData("train folk --lr 0", "--lr")]
    [InlineData("train folk --lr -0.1", "--lr")]
    [InlineData("train folk --lr 0,1", "--lr")]
    [InlineData("train folk --threads 0", "--threads")]
    [InlineData("train folk --threads 100000", "--threads")]
    [InlineData("train folk --seed -1", "--seed")]
    [InlineData("train folk --seed x", "--seed")]
    [InlineData("train folk --seeds 5..1", "--seeds takes two whole numbers from 0 in ascending order")]
    [InlineData("train folk --seeds 1", "--seeds")]
    [InlineData("train folk --seeds 1..2..3", "--seeds")]
    [InlineData("train folk --seed 1 --seeds 1..2", "exclude each other")]
    [InlineData("train folk --train-limit 0", "--train-limit")]
    [InlineData("train folk --test-limit 0", "--test-limit")]
    [InlineData("train folk --numerics native", "--numerics takes exact, mathnet or mkl")]
    [InlineData("train folk --checkpoint-every 0", "--checkpoint-every takes a whole number from 1, but found '0'")]
    [InlineData("train folk --data=", "--data")]
    [InlineData("train folk --out=", "--out")]
    [InlineData("--threads 0", "--threads")]
    [InlineData("list folk", "one word too many")]
    [InlineData("list --threads 1", "'--threads' is not an option of 'lenet list'")]
    [InlineData("data mnits", "Did you mean 'mnist'?")]
    [InlineData("repro repld", "Did you mean 'repdl'?")]
    [InlineData("resume", "needs RUN")]
    [InlineData("verify", "needs RUN")]
    [InlineData("resume runs/folk-1 --epochs 0", "--epochs")]
    [InlineData("resume runs/folk-1 --batch 1", "'--batch' is not an option of 'lenet resume'")]
    [InlineData("@file", "'@file' is not a command")]
    public void Wrong_usage_is_one_line_that_says_what_is_wrong_and_exit_code_2(string line, string message)
    {
        using var folder = new TemporaryFolder();
        var arguments = line.Split(' ');

        var people = CommandLine.Run(folder, arguments);
        Assert.Equal((2, ""), (people.Code, people.Output));
        Assert.Contains(message, Assert.Single(people.ErrorLines), StringComparison.Ordinal);

        var json = CommandLine.Run(folder, ["--json", .. arguments]);
        Assert.Equal(2, json.Code);
        Assert.Equal($"lenet: {Assert.IsType<RunEvent.Error>(RunEvent.OfLine(Assert.Single(json.OutputLines))).Message}", Assert.Single(json.ErrorLines));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("", "list", "show", "train", "data", "repro", "--threads", "--data", "--json")]
    [InlineData("list", "--json")]
    [InlineData("show", "EXPERIMENT", "--json")]
    [InlineData("train", "EXPERIMENT", "--data", "--seed", "--seeds", "--epochs", "--steps", "--batch", "--lr", "--threads", "--train-limit", "--test-limit", "--numerics", "--out", "--json")]
    [InlineData("data", "NAME", "--fetch", "--json")]
    [InlineData("repro", "NAME", "--data", "--threads", "--json")]
    public void Every_command_has_help_that_names_its_options_and_gives_examples(string command, params string[] words)
    {
        using var folder = new TemporaryFolder();
        foreach (var help in (string[])["--help", "-h"])
        {
            var outcome = CommandLine.Run(folder, command.Length == 0 ? [help] : [command, help]);
            Assert.Equal((0, ""), (outcome.Code, outcome.Error));
            Assert.All(words.Append("Examples:"), word => Assert.Contains(word, outcome.Output, StringComparison.Ordinal));
            Assert.All(outcome.OutputLines, text => Assert.True(text.TrimEnd().Length <= 80, text));
        }
    }

    [Fact]
    public void Help_is_for_people_and_so_on_standard_error_with_json()
    {
        using var folder = new TemporaryFolder();
        var outcome = CommandLine.Run(folder, "train", "--help", "--json");
        Assert.Equal((0, ""), (outcome.Code, outcome.Output));
        Assert.Contains("--epochs", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_version_is_printed()
    {
        using var folder = new TemporaryFolder();
        Assert.Matches(@"^\d+\.\d+\.\d+", CommandLine.Run(folder, "--version").Output);
    }
}
