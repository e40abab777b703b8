using FunctionalLeNet.Experiments.Cli;
using FunctionalLeNet.Experiments.Data;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Experiments.Reports;

namespace FunctionalLeNet.Tests.Reports;

public class ReproductionTests
{
    private static readonly Dataset Data = Digits.Load();

    [Theory]
    [InlineData("train", "digits")]
    [InlineData("train", "folk", "--seed", "7", "--epochs", "3")]
    [InlineData("train", "official", "--steps", "10", "--epochs", "2", "--batch", "17", "--lr", "0.00012345")]
    [InlineData("train", "lenet-1998", "--distort", "--train-limit", "50", "--test-limit", "40")]
    [InlineData("train", "tensorflow", "--numerics", "mathnet")]
    public void The_command_line_that_a_manifest_gives_is_one_that_makes_it(params string[] words)
    {
        var manifest = Of(words);
        var again = Reproduction.Words(manifest);
        Assert.Equal(manifest.Result, Of([.. again]).Result);
    }

    [Fact]
    public void What_is_usual_is_left_out() => Assert.Equal("train digits --seed 3", Reproduction.Line(Reproduction.Words(Of("train", "digits", "--seed", "3", "--epochs", "2"))));

    [Fact]
    public void A_run_from_foreign_weights_has_no_single_command()
    {
        var manifest = Of("train", "digits");
        Assert.Empty(Reproduction.Words(manifest with { Result = manifest.Result with { ImportedWeightsSha256 = new string('0', 64) } }));
        Assert.Empty(Reproduction.Words(manifest with { Result = manifest.Result with { EarlierLimits = [new(5, new(1, null))] } }));
    }

    [Fact]
    public void A_word_with_a_space_is_quoted() => Assert.Equal("verify \"here/my run\"", Reproduction.Line(["verify", "here/my run"]));

    private static Manifest Of(params string[] words)
    {
        var train = (Invocation.Train)((Parsed.Run)Grammar.Parse(words, 80)).Invocation;
        var experiment = train.Options.Applied(train.Experiment);
        return new(
            ManifestResult.Of(experiment, train.Options.Seeds.First, train.Options.Numerics, Data with { Name = experiment.Data }, train.Options.TrainLimit, train.Options.TestLimit),
            ManifestEnvironment.Here(1, "", words, DateTimeOffset.UnixEpoch));
    }
}
