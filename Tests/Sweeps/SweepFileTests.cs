using FunctionalLeNet.Core.Formats;
using FunctionalLeNet.Experiments.Cli.Sweeps;

namespace FunctionalLeNet.Tests.Sweeps;

public class SweepFileTests
{
    [Fact]
    public void The_example_is_a_sweep_of_every_combination_the_last_axis_fastest()
    {
        var sweep = SweepFile.Read(SweepFile.Example, "my/rates.toml");
        Assert.Equal(("rates", "runs/rates", 30), (sweep.Name, sweep.Folder, sweep.Runs.Count));
        Assert.Equal(["lr", "batch", "seed"], sweep.Axes);
        Assert.Equal(
            ["lr=0.0005,batch=32,seed=0", "lr=0.0005,batch=32,seed=1", "lr=0.0005,batch=32,seed=2", "lr=0.0005,batch=32,seed=3", "lr=0.0005,batch=32,seed=4", "lr=0.0005,batch=64,seed=0"],
            sweep.Runs.Take(6).Select(run => run.Name));
        var last = sweep.Runs[^1];
        Assert.Equal("train folk --epochs 3 --lr 0.002 --batch 64 --seed 4 --out runs/rates/lr=0.002,batch=64,seed=4", string.Join(' ', last.Words));
        Assert.Equal(("folk", 3, 0.002, 64, 4L), (last.Train.Experiment.Name, last.Train.Options.Epochs, last.Train.Options.LearningRate, last.Train.Options.Batch, last.Train.Options.Seeds.First));
    }

    [Fact]
    public void An_experiment_is_an_axis_too_and_the_files_name_is_the_folders()
    {
        var sweep = SweepFile.Read("data = \"digits\"\n[axes]\nexperiment = [\"folk\", \"official\"]", "both.toml");
        Assert.Equal(["runs/both/experiment=folk", "runs/both/experiment=official"], sweep.Runs.Select(run => run.Folder));
        Assert.Equal(["train", "official", "--data", "digits", "--out", "runs/both/experiment=official"], sweep.Runs[1].Words);
    }

    [Fact]
    public void What_is_no_name_of_a_folder_is_replaced_there_alone()
    {
        var run = SweepFile.Read("experiment = \"folk\"\n[axes]\ndata = [\"/my sets/a\"]", "x.toml").Runs.Single();
        Assert.Equal("runs/x/data=_my_sets_a", run.Folder);
        Assert.Contains("/my sets/a", run.Words);
    }

    [Theory]
    [InlineData("[axes]\nlr = [0.1", "is no TOML")]
    [InlineData("experiment = \"folk\"", "there is nothing to combine")]
    [InlineData("experiment = \"folk\"\n[axes]", "there is nothing to combine")]
    [InlineData("axes = 5", "'axes' makes no sense: expected a table of lists, found 5")]
    [InlineData("[axes]\nlr = [0.1]", "no experiment is named")]
    [InlineData("experiment = \"flok\"\n[axes]\nlr = [0.1]", "'flok' is not an experiment. Did you mean 'folk'?")]
    [InlineData("experiment = \"folk\"\n[axes]\nrate = [0.1]", "'--rate' is not an option of 'lenet train'")]
    [InlineData("experiment = \"folk\"\n[axes]\nlr = [0.1, -1]", "run 2 (lr=-1) is nothing that 'lenet train' takes: found --lr takes a finite number above 0")]
    [InlineData("experiment = \"folk\"\n[axes]\nlr = 0.1", "'lr' makes no sense: expected a list of values, found 0.1")]
    [InlineData("experiment = \"folk\"\n[axes]\nlr = []", "found an empty list")]
    [InlineData("experiment = \"folk\"\n[axes]\nlr = [[0.1]]", "expected a number, a text or true, found a list")]
    [InlineData("experiment = \"folk\"\n[axes]\nlr = [1979-05-27]", "expected a number, a text or true, found 1979-05-27")]
    [InlineData("experiment = \"folk\"\n[axes]\nlr = [0.1, 0.10]", "several runs would have the folder 'lr=0.1'")]
    [InlineData("experiment = \"folk\"\nlr = 0.1\n[axes]\nlr = [0.2]", "'lr' has a value for all runs and an axis")]
    [InlineData("experiment = \"folk\"\n[axes]\nseed = \"4..0\"", "two whole numbers in ascending order")]
    [InlineData("experiment = \"folk\"\n[axes]\nseed = \"0..2147483647\"", "at most 10,000 seeds")]
    [InlineData("experiment = \"folk\"\n[axes]\nseed = \"0..999\"\nlr = \"0..4\"", "'lr' makes no sense")]
    [InlineData("experiment = \"folk\"\n[axes]\nseed = \"0..999\"\nbatch = [1,2,3,4,5,6,7,8,9,10,11]", "too many runs: expected at most 10,000 combinations, found 1,000 × 11")]
    [InlineData("experiment = \"folk\"\n[axes]\nseeds = [\"0..1\"]", "'seeds' is not for a run of a sweep")]
    [InlineData("experiment = \"folk\"\n[axes]\nout = [\"a\", \"b\"]", "'out' is not for a run of a sweep")]
    [InlineData("experiment = \"folk\"\njson = true\n[axes]\nlr = [0.1]", "'json' is not for a run of a sweep")]
    [InlineData("experiment = \"folk\"\n\"--lr=1 --x\" = 1\n[axes]\nseed = [1]", "is no name of an option")]
    [InlineData("experiment = \"folk\"\ndata = \"\"\n[axes]\nseed = [1]", "is nothing that 'lenet train' takes")]
    [InlineData("experiment = \"folk\"\nversion = true\n[axes]\nseed = [1]", "is nothing that 'lenet train' takes")]
    public void What_is_wrong_is_named(string toml, string message)
    {
        var error = Assert.Throws<DataException>(() => SweepFile.Read(toml, "my.toml"));
        Assert.StartsWith("my.toml: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
