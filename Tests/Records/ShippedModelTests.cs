using System.Runtime.CompilerServices;
using FunctionalLeNet.Core.Formats;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Experiments.Data;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Experiments.Training;
using FunctionalLeNet.Tests.Cli;
using FunctionalLeNet.Tests.Data;

namespace FunctionalLeNet.Tests.Records;

/// <summary>The run inside the program: what this program trains, to the last bit.</summary>
public class ShippedModelTests
{
    private const string MakeAgain = "Where a run's files have another form, or its weights are others, on purpose: LENET_DATA=DIR Experiments/Model/make.sh makes the run inside the program again.";

    [Fact]
    public void Its_weights_are_those_that_its_metrics_record()
    {
        var problem = Record.Exception(() => ShippedModel.Model);
        Assert.True(problem is null, $"{problem?.GetBaseException().Message}\n{MakeAgain}");
        var (run, model) = (ShippedModel.Run, ShippedModel.Model);
        Assert.True(run.Metrics.Finished!.WeightsSha256 == Hashes.OfParameters(model.Parameters), MakeAgain);
        Assert.Equal("fast", model.Experiment.Name);
        Assert.InRange(run.Metrics.Finished.TestAccuracy, 0.99, 1);
        Assert.Equal(Hashes.OfParameters(Train.Start(model.Experiment, run.Manifest.Result.Seed).Parameters), Assert.IsType<RunEvent.Start>(run.Metrics.Lines[0]).WeightsSha256);
    }

    /// <summary><c>lenet verify Experiments/Model</c>: the files by their sums, then the training, step by step.</summary>
    [SkippableFact]
    public void Verify_computes_it_again_to_the_same_bits()
    {
        var mnist = RealData.Mnist();
        using var folder = new TemporaryFolder();
        foreach (var file in Directory.EnumerateFiles(Folder()))
            folder.Write($"model/{Path.GetFileName(file)}", File.ReadAllBytes(file));
        var outcome = CommandLine.Run(folder, "verify", "model", "--data", mnist);
        Assert.True(outcome.Code == 0, outcome.Output + outcome.Error + MakeAgain);
        Assert.Contains("everything recorded is the same", outcome.Output, StringComparison.Ordinal);
    }

    /// <summary>The weights on the way, which <c>serve</c> shows. <c>Experiments/Model/make.sh</c> makes them again, by <c>LENET_ACCEPT=1</c>.</summary>
    [SkippableFact]
    public void Its_film_is_what_the_training_passes_through()
    {
        var data = DataSets.Load(RealData.Mnist(), DataLocations.Here(), _ => { }, CancellationToken.None);
        var model = ShippedModel.Model;
        using var workspace = new Workspace(2);
        var start = Train.Start(model.Experiment, ShippedModel.Run.Manifest.Result.Seed);
        foreach (var step in Train.Unfold(model.Experiment, Train.PrepareTraining(model.Experiment, data.Train), start, workspace).Take((int)ShippedModel.FilmSteps[^1]))
            if (ShippedModel.FilmSteps.Contains(step.Step))
            {
                var parameters = step.State().Parameters;
                if (Environment.GetEnvironmentVariable("LENET_ACCEPT") == "1")
                    File.WriteAllBytes(Path.Join(Folder(), $"{step.Step}.safetensors"), SafeTensors.Write(SafeTensorsFile.Of(parameters)));
                else
                    Assert.True(Hashes.OfParameters(parameters) == Hashes.OfParameters(ShippedModel.Film(step.Step)), $"After step {step.Step} the weights are others. {MakeAgain}");
            }
    }

    private static string Folder([CallerFilePath] string here = "") => Path.GetFullPath("../../Experiments/Model", Path.GetDirectoryName(here)!);
}
