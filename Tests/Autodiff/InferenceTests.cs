using System.Runtime.CompilerServices;
using CsCheck;
using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Random;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;

namespace FunctionalLeNet.Tests.Autodiff;

/// <summary>A network made ready has the bits of the network as its layers say.</summary>
public class InferenceTests
{
    private static readonly Gen<int> Batches = Gen.OneOf(Gen.Int[1, 8], Gen.OneOf(9, 16, 63, 64, 65, 70, 129, 200));

    private static readonly Gen<Layer[]> Blocks =
        from channels in Gen.OneOf(Gen.Int[1, 7], Gen.Int[15, 18])
        from kernel in Gen.Select(Gen.Int[1, 5], Gen.Int[1, 5])
        from stride in Gen.Select(Gen.Int[1, 2], Gen.Int[1, 3])
        from padding in Gen.Int[0, 2]
        from rectify in Gen.Bool
        from window in Gen.OneOf((0, 0), (2, 2), (2, 2), (1, 4), (3, 1))
        from poolStride in Gen.OneOf((0, 0), (0, 0), (2, 2), (3, 3))
        select ((Layer[])
        [
            new Layer.Convolution(channels, new Core.Layers.Size(kernel.Item1, kernel.Item2), new Core.Layers.Size(stride.Item1, stride.Item2), padding),
            .. rectify ? [new Layer.Rectifier()] : Array.Empty<Layer>(),
            .. window.Item1 > 0
                ? [new Layer.MaximumPooling(new Core.Layers.Size(window.Item1, window.Item2), new Core.Layers.Size(poolStride.Item1, poolStride.Item2))]
                : Array.Empty<Layer>(),
        ]);

    private static readonly Gen<(Network Network, int Batch, int Threads, int Seed)> Cases =
        from channels in Gen.Int[1, 3]
        from height in Gen.Int[4, 20]
        from width in Gen.Int[4, 40]
        from blocks in Blocks.Array[0, 2]
        from hidden in Gen.OneOf(Gen.Int[1, 20], Gen.Int[90, 210])
        from rectify in Gen.Bool
        from batch in Batches
        from threads in KernelThreads
        from seed in Gen.Int[0, 1_000_000]
        select (
            new Network(Shape.Of(channels, height, width), Network.Sequence(
            [
                ("body", Network.Sequence([.. blocks.SelectMany(block => block).Select((layer, index) => ($"{index}", layer))])),
                ("flatten", new Layer.Flatten()),
                ("fc1", new Layer.Linear(hidden)),
                .. rectify ? [("relu", new Layer.Rectifier())] : Array.Empty<(string, Layer)>(),
                ("fc2", new Layer.Linear(3)),
            ])),
            batch, threads, seed);

    private static Gen<int> KernelThreads => Gen.Int[1, 3];

    [Theory]
    [InlineData(3)]
    [InlineData(150)]
    public void The_product_that_is_asked_for_is_the_one_that_computes(int samples)
    {
        var (network, (parameters, random)) = (Folk.Experiment.Network, Parameters.Initialise(Folk.Experiment.Network, TorchGenerator.Seed(0)));
        var batch = Tensor.Batch(network.Input.Prepend(samples), random.Uniform(samples * network.Input.Count).Values);
        using Workspace exact = new(), mathNet = new(1, Core.Kernels.Numerics.MathNet);
        var expected = Forward.Of(network, parameters, batch, mathNet).ToArray();
        Assert.NotEqual(expected, Forward.Of(network, parameters, batch, exact).ToArray());
        Assert.Equal(expected, Inference.Prepare(network, parameters).Of(batch, mathNet).ToArray());
    }

    [Fact]
    public void An_evaluation_gives_its_memory_back()
    {
        var (network, (parameters, random)) = (Folk.Experiment.Network, Parameters.Initialise(Folk.Experiment.Network, TorchGenerator.Seed(0)));
        var batch = Tensor.Batch(network.Input.Prepend(1), random.Uniform(network.Input.Count).Values);
        using var workspace = new Workspace();
        foreach (var evaluate in new Func<Tensor>[] { () => Forward.Of(network, parameters, batch, workspace), () => Inference.Prepare(network, parameters).Of(batch, workspace) })
        {
            var generation = workspace.Evaluation.Generation;
            evaluate();
            Assert.Equal(generation + 1, workspace.Evaluation.Generation);
        }
    }

    [Fact]
    public void Random_networks_put_out_the_same_bits() => Cases.Where(c => Fits(c.Network)).Sample(
        c =>
        {
            var (parameters, random) = Parameters.Initialise(c.Network, TorchGenerator.Seed(c.Seed));
            var (pixels, _) = random.Uniform(c.Batch * c.Network.Input.Count, -1, 1);
            Same(c.Network, parameters, Tensor.Batch(c.Network.Input.Prepend(c.Batch), pixels), c.Threads);
        },
        iter: 3 * Check.Iter / 2);

    [Fact]
    public void Every_experiments_network_puts_out_the_same_bits()
    {
        foreach (var experiment in AllExperiments.InOrder)
        {
            var (parameters, random) = Parameters.Initialise(experiment.Network, TorchGenerator.Seed(1));
            foreach (var batch in (int[])[1, 5, 100])
                Same(experiment.Network, parameters, Tensor.Batch(experiment.Network.Input.Prepend(batch), random.Uniform(batch * experiment.Network.Input.Count, 0, 1).Values), 2);
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Weights_that_are_not_finite_do_not_meet_the_padding(float weight)
    {
        var network = new Network([1, 4, 4], Network.Sequence(("c", new Layer.Convolution(2, 3, Padding: 1)), ("flatten", new Layer.Flatten()), ("f", new Layer.Linear(2))));
        var (parameters, random) = Parameters.Initialise(network, TorchGenerator.Seed(2));
        var wrong = parameters.Map(parameter => parameter.Shape.Rank == 4 ? Tensor.Parameter(parameter.Shape, [weight, .. parameter.ToArray().Skip(1)]) : parameter);
        Same(network, wrong, Tensor.Batch([1, 1, 4, 4], random.Uniform(16, 0.5, 1).Values), 1);
    }

    [Fact]
    public async Task The_packed_weights_are_kept_until_the_last_sample_is_through()
    {
        var network = AllExperiments.InOrder[0].Network;
        var (parameters, random) = Parameters.Initialise(network, TorchGenerator.Seed(3));
        var images = Tensor.Batch(network.Input.Prepend(8), random.Uniform(8 * network.Input.Count, 0, 1).Values);
        using var workspace = new Workspace();
        var expected = Forward.Of(network, parameters, images, workspace);
        // Code that is not optimised yet keeps everything to its end, and what is called often is optimised after a moment.
        for (var call = 0; call < 300; call++)
            Assert.Equal(expected, Outputs());
        Thread.Sleep(500);
        using var end = new CancellationTokenSource();
        var collector = Task.Run(() =>
        {
            while (!end.IsCancellationRequested)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        });
        var all = Enumerable.Range(0, 150).All(_ => Outputs().Equals(expected));
        await end.CancelAsync();
        await collector;
        Assert.True(all);

        // A method of its own: nothing else refers to the prepared network.
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        Tensor Outputs() => Inference.Prepare(network, parameters).Of(images, workspace);
    }

    [Fact]
    public void Samples_of_another_shape_are_refused()
    {
        var experiment = AllExperiments.InOrder[0];
        var network = Inference.Prepare(experiment.Network, Parameters.Initialise(experiment.Network, TorchGenerator.Seed(0)).Parameters);
        using var workspace = new Workspace();
        var error = Assert.Throws<ArgumentException>(() => network.Of(Tensor.Batch([1, 1, 3, 3], new float[9]), workspace));
        Assert.Contains("[1, 3, 3]", error.Message, StringComparison.Ordinal);
    }

    private static void Same(Network network, Tree<Tensor> parameters, Tensor images, int threads)
    {
        using var workspace = new Workspace(threads);
        var prepared = Inference.Prepare(network, parameters);
        var expected = Forward.Of(network, parameters, images, workspace);
        Assert.Equal(expected, prepared.Of(images, workspace));
        Assert.Equal(expected, prepared.Of(images, workspace));
    }

    private static bool Fits(Network network)
    {
        try
        {
            return Cost.Of(network).MultiplyAdds < 200_000;
        }
        catch (ShapeException)
        {
            return false;
        }
    }
}
