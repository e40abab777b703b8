using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Data;
using FunctionalLeNet.Experiments.Training;

namespace FunctionalLeNet.Tests.Training;

public class TrainTests
{
    private static readonly Experiment Short = LeNet5.Digits with { Batch = 33, Limit = new Limit(2, 70) };

    private static readonly Samples Data = Train.Prepare(Short, Digits.Load().Train.Take(1_200));

    [Fact]
    public void The_number_of_threads_changes_no_bit() =>
        Assert.Single(new[] { 1, 2, 3, 8 }.Select(threads => Hashes.OfParameters(Last(threads).Parameters)).Distinct());

    [Fact]
    public void Another_seed_gives_other_weights() => Assert.NotEqual(
        Hashes.OfParameters(Train.Start(Short, 0).Parameters), Hashes.OfParameters(Train.Start(Short, 1).Parameters));

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(37)]
    [InlineData(50)]
    public void Going_on_from_any_moment_gives_the_bits_of_a_run_that_never_stopped(int steps)
    {
        using var workspace = new Workspace(2);
        var middle = Train.Unfold(Short, Data, Train.Start(Short, 0), workspace).Skip(steps - 1).Select(step => step.State()).First();
        var last = Last(middle, 2);
        Assert.Equal(70, last.Position.Step);
        Assert.Equal(Last(1), last);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(37)]
    [InlineData(50)]
    public void Going_on_draws_what_dropout_would_have_drawn(int steps)
    {
        var experiment = Short with
        {
            Network = new(Short.Network.Input, Network.Sequence(("flatten", new Layer.Flatten()), ("fc1", new Layer.Linear(20)), ("dropout", new Layer.Dropout()), ("fc2", new Layer.Linear(10)))),
        };
        using var workspace = new Workspace(2);
        TrainingState Last(TrainingState from) => Train.Unfold(experiment, Data, from, workspace).Select(step => step.State()).Last();
        var start = Train.Start(experiment, 0);
        var middle = Train.Unfold(experiment, Data, start, workspace).Skip(steps - 1).Select(step => step.State()).First();
        Assert.Equal(Last(start), Last(middle));
    }

    [Fact]
    public void What_is_held_out_is_the_beginning()
    {
        var images = Digits.Load().Train;
        var samples = Train.PrepareTraining(TensorFlow.Experiment, images);
        Assert.Equal(images.Count - (images.Count / 12), samples.Count);
        Assert.Equal(images.Labels.Span[images.Count / 12], samples.Images.Labels.Span[0]);
        Assert.Equal(5_000, 60_000 / TensorFlow.Experiment.HeldOut);
    }

    [Fact]
    public void Measuring_by_steps_grows_rare_by_tens()
    {
        var evaluations = new Evaluations.BySteps(10);
        Assert.Equal([1, 11, 21, 31, 41, 51, 61, 71, 81, 91], Enumerable.Range(1, 100).Where(step => evaluations.After(step)));
        Assert.Equal([101, 201, 301, 401, 501, 601, 701, 801, 901, 1_001, 2_001], Enumerable.Range(100, 2_500).Where(step => evaluations.After(step)));
        Assert.DoesNotContain(Enumerable.Range(1, 100), step => new Evaluations.EachEpoch().After(step));
    }

    [Fact]
    public void Limits_end_a_run_whichever_comes_first()
    {
        using var workspace = new Workspace();
        int Count(Limit limit) => Train.Unfold(Short with { Limit = limit }, Data, Train.Start(Short, 0), workspace).Count();
        Assert.Equal(37, Count(Limit.OfEpochs(1)));
        Assert.Equal(5, Count(Limit.OfSteps(5)));
        Assert.Equal(37, Count(new Limit(1, 50)));
    }

    [Fact]
    public void The_end_of_an_epoch_has_counted_every_sample()
    {
        using var workspace = new Workspace();
        var epochs = Train.Unfold(Short with { Limit = Limit.OfEpochs(2) }, Data, Train.Start(Short, 0), workspace).Where(step => step.EndsEpoch).ToList();
        Assert.Equal([(1, 37L, 1_200L), (2, 74L, 1_200L)], epochs.Select(step => (step.Epoch, step.Step, step.Totals.Samples)));
        Assert.True(epochs[1].Totals.MeanLoss < epochs[0].Totals.MeanLoss);
    }

    private static TrainingState Last(int threads) => Last(Train.Start(Short, 0), threads);

    private static TrainingState Last(TrainingState start, int threads)
    {
        using var workspace = new Workspace(threads);
        return Train.Unfold(Short, Data, start, workspace).Select(step => step.State()).Last();
    }
}
