using System.Security.Cryptography;
using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Numerics;
using FunctionalLeNet.Core.Optimizers;
using FunctionalLeNet.Core.Random;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Data;
using FunctionalLeNet.Experiments.Training;

namespace FunctionalLeNet.Tests.Catalog;

/// <summary>The network and the experiment against the numbers that LeCun et al. 1998 print.</summary>
public sealed class LeNet1998Tests
{
    private static readonly Experiment Short = LeNet1998.Distorted with
    {
        Network = new([1, 12, 12], Network.Sequence(
            ("c1", new Layer.Convolution(2, 3)), ("f", Layer.Tanh.Scaled), ("s2", new Layer.Subsampling(2)), ("g", Layer.Tanh.Scaled), ("flatten", new Layer.Flatten()),
            ("f6", new Layer.Linear(84)), ("h", Layer.Tanh.Scaled), ("output", new Layer.RadialBasis(LeNet1998.Digits)))),
        Limit = Limit.OfEpochs(3),
        Optimizer = new OptimizerSettings.LevenbergMarquardt(5e-4, 0.5, 7),
    };

    [Fact]
    public void Layers_have_the_paper_s_parameters_and_connections()
    {
        var rows = Shapes.Of(LeNet1998.Network).Where(step => Cost.Of(step).Connections > 0).Select(step => (step.Path, Cost.Of(step).Parameters, Cost.Of(step).Connections));
        Assert.Equal(
            [
                ("c1", 156, 122_304), ("s2", 12, 5_880), ("c3", 1_516, 151_600), ("s4", 32, 2_000), ("c5", 48_120, 48_120), ("f6", 10_164, 10_164), ("output", 0, 840),
            ],
            rows);
        Assert.Equal((60_000, 340_908), (Cost.Of(LeNet1998.Network).Parameters, Cost.Of(LeNet1998.Network).Connections));
        Assert.Equal(60_000, Train.Start(LeNet1998.Experiment, 0).Parameters.Leaves.Sum(leaf => leaf.Value.Count));
    }

    [Fact]
    public void Every_map_of_S2_feeds_ten_maps_of_C3() =>
        Assert.All(Enumerable.Range(0, 6), map => Assert.Equal(10, LeNet1998.C3.Rows.Count(row => row.Contains(map))));

    [Fact]
    public void The_bitmaps_are_the_paper_s()
    {
        // The digest is over one byte a pixel, 1 for ink; +1 counts and the nearest pair as well.
        Assert.Equal([35, 27, 33, 32, 41, 35, 39, 25, 43, 39], LeNet1998.Digits.Pictures.Select(picture => picture.Count(pixel => pixel == '#')));
        Assert.Equal(
            "a61b3bbe7e039b175c0b84fb0a0ab523187ba04e7e123a705722277554709f2c",
            Convert.ToHexStringLower(SHA256.HashData([.. LeNet1998.Digits.Pictures.SelectMany(picture => picture.Select(pixel => (byte)(pixel == '#' ? 1 : 0)))])));
    }

    [Fact]
    public void The_sigmoid_is_one_at_one() => Assert.Equal(1, Layer.Tanh.Scaled.Amplitude * ExactMath.Tanh(Layer.Tanh.Scaled.Slope), 5e-6f);

    [Fact]
    public void Weights_and_biases_begin_within_their_unit_s_bound()
    {
        Within(Train.Start(LeNet1998.Experiment, 0).Parameters, (path, fanIn) => Math.Sqrt(3.0 / fanIn) / (path is "s2.weight" or "s4.weight" ? 4 : 1));
        Within(Parameters.Initialise(LeNet1998.Network, Initialisation.ByFanIn(2.4), TorchGenerator.Seed(0)).Parameters, (_, fanIn) => 2.4 / fanIn);

        // The largest of many weights comes near its bound.
        static void Within(Tree<Tensor> parameters, Func<string, int, double> bound)
        {
            foreach (var ((path, leaf), (_, specification)) in parameters.Leaves.Zip(Parameters.Specification(LeNet1998.Network).Leaves))
            {
                var rows = leaf.ToArray().Chunk(leaf.Count / leaf.Shape.First);
                var shares = rows.SelectMany((row, index) => row.Select(value => Math.Abs(value) / bound(path, specification.RowFanIns[index]))).ToList();
                Assert.InRange(shares.Max(), shares.Count > 100 ? 0.95 : 0, 1);
            }
        }

        // C3's maps see 3, 4 or 6 maps of 25 pixels each.
        var c3 = Parameters.Specification(LeNet1998.Network)["c3"]["weight"].AsLeaf().RowFanIns;
        Assert.Equal([.. Enumerable.Repeat(75, 18), .. Enumerable.Repeat(100, 36), .. Enumerable.Repeat(150, 6)], c3);
    }

    [Fact]
    public void Grey_levels_run_from_background_to_ink()
    {
        var samples = Train.Prepare(LeNet1998.Experiment, new ImageSet(28, 28, new byte[784], new byte[1]));
        Assert.Equal((-0.1f, 1.175f, -0.1f), (samples.Table[0], samples.Table[255], samples.Background));
    }

    [Fact]
    public void The_global_rate_falls_by_pass_as_in_the_paper()
    {
        var passes = (Schedule.Passes)LeNet1998.Experiment.Schedule;
        double[] expected = [.. Enumerable.Repeat(5e-4, 2), .. Enumerable.Repeat(2e-4, 3), .. Enumerable.Repeat(1e-4, 3), .. Enumerable.Repeat(5e-5, 4), .. Enumerable.Repeat(1e-5, 8)];
        Assert.All(expected.Index(), pass => Assert.Equal(pass.Item, LeNet1998.Experiment.Optimizer.Rate * passes.Factor(0, 0, pass.Index), 1e-12));
        Assert.Equal(20, LeNet1998.Experiment.Limit.Epochs);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(12)]
    [InlineData(20)]
    [InlineData(31)]
    public void Going_on_from_any_moment_gives_the_bits_of_a_run_that_never_stopped(int steps)
    {
        using var workspace = new Workspace(2);
        var start = Train.Start(Short, 1);
        var states = Train.Unfold(Short, Data(), start, workspace).Select(step => step.State()).ToList();
        Assert.Equal(60, states.Count);
        Assert.Equal(states[^1], Train.Unfold(Short, Data(), states[steps - 1], workspace).Select(step => step.State()).ToList()[^1]);
    }

    [Fact]
    public void Second_derivatives_are_renewed_before_each_pass_and_kept_during_it()
    {
        using var workspace = new Workspace();
        var curvatures = Train.Unfold(Short, Data(), Train.Start(Short, 1), workspace).Select(step => Hashes.OfParameters(step.State().Optimizer.Moments[0].Values)).ToList();
        Assert.Equal([20, 20, 20], curvatures.GroupBy(hash => hash).Select(group => group.Count()));
    }

    private static Samples Data() => Train.PrepareTraining(Short, new ImageSet(
        8, 8, Digits.Load().Train.Pixels[..(20 * 64)], Digits.Load().Train.Labels[..20]));
}
