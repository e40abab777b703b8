using CsCheck;
using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Random;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Tests.Kernels;

namespace FunctionalLeNet.Tests.Autodiff;

/// <summary>The interpreter of second derivatives.</summary>
public sealed class CurvatureTests
{
    private static readonly Loss[] Losses = [new Loss.RightDistance(), new Loss.Rubbish(10), new Loss.Rubbish(100)];

    [Fact]
    public void Of_small_networks_of_1998_equals_the_paper_s_backward_pass_bit_for_bit() =>
        (from channels in Gen.Int[1, 2]
         from maps in Gen.Int[1, 4]
         from outputs in Gen.Int[1, 17]
         from size in Gen.Int[8, 13]
         from samples in Gen.Int[0, 3].Select(index => new[] { 1, 2, 9, 17 }[index])
         from loss in Gen.Int[0, Losses.Length - 1].Select(index => Losses[index])
         from seed in Gen.Int[0, 1_000_000]
         select (channels, maps, outputs, size, samples, loss, seed))
        .Sample(c => Check(Small(c.channels, c.maps, c.outputs, c.size), c.samples, c.loss, c.seed, threads: 1 + (c.seed % 2)), iter: CsCheck.Check.Iter / 2);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Of_the_network_of_1998_equals_the_paper_s_backward_pass_bit_for_bit(int samples)
    {
        foreach (var loss in Losses)
            Check(LeNet1998.Network, samples, loss, seed: samples, threads: 2);
    }

    [Fact]
    public void Is_exact_for_one_linear_layer_under_squared_error() =>
        (from samples in Gen.Int[1, 20] from features in Gen.Int[1, 9] from outputs in Gen.Int[1, 4] from seed in Gen.Int[0, 1_000_000] select (samples, features, outputs, seed))
        .Sample(
            c =>
            {
                var network = new Network([c.features], Network.Sequence(("fc", new Layer.Linear(c.outputs))));
                var (parameters, random) = Parameters.Initialise(network, TorchGenerator.Seed(c.seed));
                (var x, random) = random.Uniform(c.samples * c.features, -1, 1);
                var (targets, _) = random.Uniform(c.samples * c.outputs, -1, 1);
                using var workspace = new Workspace();
                var curvature = Curvature.Of(
                    variables => Op.SquaredError(
                        Forward.Apply(network, variables, variables.Constant(Tensor.Batch([c.samples, c.features], x)), new Mode.Evaluation()),
                        variables.Constant(Tensor.Batch([c.samples, c.outputs], targets)),
                        Reduction.Mean),
                    parameters,
                    workspace);
                double[] numbers = [.. parameters.Leaves.SelectMany(leaf => leaf.Value.ToArray()).Select(value => (double)value)];
                double Loss(double[] p) => (
                    from n in Enumerable.Range(0, c.samples)
                    from o in Enumerable.Range(0, c.outputs)
                    let y = p[(c.features * c.outputs) + o] + Enumerable.Range(0, c.features).Sum(f => p[(o * c.features) + f] * x[(n * c.features) + f])
                    select (y - targets[(n * c.outputs) + o]) * (y - targets[(n * c.outputs) + o])).Average();
                // The loss is quadratic, so its second difference is its second derivative whatever the step.
                double[] expected = [.. numbers.Select((value, i) => (At(value + 1, i) - (2 * Loss(numbers)) + At(value - 1, i)))];
                Differences.Close(expected, [.. curvature.Leaves.SelectMany(leaf => leaf.Value.ToArray())]);

                double At(double value, int index) => Loss([.. numbers.Select((number, i) => i == index ? value : number)]);
            },
            iter: CsCheck.Check.Iter / 2);

    [Fact]
    public void Of_a_mean_over_samples_is_the_mean_of_their_curvatures()
    {
        var network = Small(1, 2, 3, 8);
        var (parameters, random) = Parameters.Initialise(network, TorchGenerator.Seed(3));
        var (pixels, _) = random.Uniform(4 * network.Input.Count, -1, 1);
        byte[] labels = [0, 1, 2, 1];
        using var workspace = new Workspace();
        Tree<Tensor> Of(float[] images, byte[] classes) => Curvature.Of(
            variables => new Loss.Rubbish(10).Of(
                Forward.Apply(network, variables, variables.Constant(Tensor.Batch(network.Input.Prepend(classes.Length), images)), new Mode.Evaluation()), classes, Reduction.Mean),
            parameters, workspace);
        var together = Of(pixels, labels);
        var apart = pixels.Chunk(network.Input.Count).Select((image, n) => Of(image, [labels[n]])).ToArray();
        foreach (var (index, (_, leaf)) in together.Leaves.Index())
            Differences.Close(
                [.. leaf.ToArray().Select((_, i) => apart.Average(tree => (double)tree.Leaves.ElementAt(index).Value.ToArray()[i]))],
                leaf.ToArray());
    }

    [Fact]
    public void An_operation_without_a_rule_is_named()
    {
        var (parameters, _) = Parameters.Initialise(new Network([4], new Layer.Linear(3)), TorchGenerator.Seed(0));
        using var workspace = new Workspace();
        var error = Assert.Throws<NotSupportedException>(() => Curvature.Of(
            variables => Node.Of("own", Tensor.Batch([1, 1], [0]), [variables["weight"].AsLeaf()], (_, _) => { }),
            parameters, workspace));
        Assert.Contains("'own'", error.Message, StringComparison.Ordinal);
    }

    private static Network Small(int channels, int maps, int outputs, int size)
    {
        var side = (((size - 2) / 2) - 1) / 2;
        var table = ConnectionTable.Of(maps, [.. Enumerable.Range(0, outputs).Select(o => Enumerable.Range(0, maps).Where(c => c == o % maps || (c + o) % 3 == 0).ToArray())]);
        return new([channels, size, size], Network.Sequence(
            ("c1", new Layer.Convolution(maps, 3)),
            ("c1f", Layer.Tanh.Scaled),
            ("s2", new Layer.Subsampling(2)),
            ("s2f", Layer.Tanh.Scaled),
            ("c3", new Layer.Convolution(outputs, 2, Connections: table)),
            ("c3f", Layer.Tanh.Scaled),
            ("s4", new Layer.Subsampling(2)),
            ("s4f", Layer.Tanh.Scaled),
            ("c5", new Layer.Convolution(5, side)),
            ("flatten", new Layer.Flatten()),
            ("f6", new Layer.Linear(6)),
            ("f6f", Layer.Tanh.Scaled),
            ("output", new Layer.RadialBasis(Bitmaps.OfRows(3, [5, 2], [7, 0], [1, 6])))));
    }

    private static void Check(Network network, int samples, Loss loss, int seed, int threads)
    {
        var (parameters, random) = Parameters.Initialise(network, Initialisation.ByFanIn(2.4), TorchGenerator.Seed(seed));
        (var pixels, random) = random.Uniform(samples * network.Input.Count, -0.1, 1.175);
        var (classes, _) = random.Integers(samples, 0, Shapes.Output(network).Count);
        byte[] labels = [.. classes.Select(label => (byte)label)];
        using var workspace = new Workspace(threads);
        var curvature = Curvature.Of(
            variables => loss.Of(
                Forward.Apply(network, variables, variables.Constant(Tensor.Batch(network.Input.Prepend(samples), pixels)), new Mode.Evaluation()), labels, Reduction.Mean),
            parameters, workspace);
        var expected = NaiveCurvature.Of(network, parameters, pixels, labels, loss);
        foreach (var (path, leaf) in curvature.Leaves)
            KernelCases.Same(expected[path], leaf.ToArray());
    }
}
