using CsCheck;
using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Random;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Tests.Autodiff;

/// <summary>Derivatives of whole random networks against central differences in double: of all tests here the most important.</summary>
public class RandomNetworksTests
{
    private static readonly Gen<Padding> Paddings = Gen.OneOf(Gen.Int[0, 3].Select(side => (Padding)side), Gen.Const(Padding.Same));

    private static readonly Gen<Layer> Convolutions =
        from channels in Gen.OneOf(Gen.Int[1, 4], Gen.Const(16), Gen.Const(17))
        from height in Gen.Int[1, 5]
        from width in Gen.Int[1, 5]
        from stride in Gen.Int[1, 3]
        from padding in Paddings
        select (Layer)new Layer.Convolution(channels, new Core.Layers.Size(height, width), stride, padding);

    private static readonly Gen<Layer> Poolings =
        from kind in Gen.Int[0, 2]
        from window in Gen.Int[1, 3]
        from stride in Gen.Int[1, 3]
        from padding in Paddings
        select kind switch
        {
            0 => new Layer.AveragePooling(window, stride, padding),
            1 => new Layer.Subsampling(window),
            _ => (Layer)new Layer.MaximumPooling(window, stride, padding),
        };

    // Output o sees every input but o, or all.
    private static Layer Connected(int channels) => new Layer.Convolution(3, 3, 1, 1, ConnectionTable.Of(
        channels, [.. Enumerable.Range(0, 3).Select(o => Enumerable.Range(0, channels).Where(c => c != o || channels == 1).ToArray())]));

    private static readonly (string, Layer)[] Basis = [("fc2", new Layer.Linear(4)), ("basis", new Layer.RadialBasis(Bitmaps.OfRows(2, [1, 2], [3, 0], [2, 2])))];

    private static readonly Gen<Layer> Activations = Gen.OneOf<Layer>(
        new Layer.Rectifier(), new Layer.Rectifier(), new Layer.LeakyRectifier(0.1f), new Layer.Sigmoid(), new Layer.Tanh(), Layer.Tanh.Scaled,
        new Layer.ExponentialLinear(0.7f), new Layer.GaussianErrorLinear());

    private static readonly Gen<Layer> Rows = Gen.OneOf(Activations, Gen.OneOf<Layer>(new Layer.Dropout(0.3), new Layer.Softmax(), new Layer.LogSoftmax()));

    private static readonly Gen<Network> Networks =
        from channels in Gen.Int[1, 3]
        from height in Gen.Int[4, 9]
        from width in Gen.Int[4, 9]
        from body in Gen.OneOf(Convolutions, Convolutions, Poolings, Activations, Gen.Const((Layer)new Layer.Dropout(0.25))).Array[0, 4]
        from flatten in Gen.OneOf<Layer>(new Layer.Flatten(), new Layer.Flatten(FlattenOrder.ChannelsLast), new Layer.GlobalAveragePooling())
        from hidden in Gen.Int[1, 20]
        from row in Rows
        from connected in Gen.Bool
        from basis in Gen.Bool
        select new Network(Shape.Of(channels, height, width), Network.Sequence(
        [
            .. connected ? new[] { ("connected", Connected(channels)) } : [],
            .. body.Select((layer, index) => ($"{index}", layer)),
            ("flatten", flatten),
            ("fc1", new Layer.Linear(hidden)),
            ("row", row),
            .. basis ? Basis : [("fc2", new Layer.Linear(3))],
        ]));

    private static readonly Gen<int> Batches = Gen.Int[0, 5].Select(index => new[] { 1, 2, 15, 16, 17, 33 }[index]);

    [Fact]
    public void Gradients_of_random_networks_are_their_central_differences() =>
        (from network in Networks from batch in Batches from seed in Gen.Int[0, 1_000_000] select (network, batch, seed))
        .Where(c => Fits(c.network))
        .Sample(c => Check(c.network, c.batch, c.seed), iter: 2 * CsCheck.Check.Iter);

    private static bool Fits(Network network)
    {
        try
        {
            return Cost.Of(network).MultiplyAdds < 20_000;
        }
        catch (ShapeException)
        {
            return false;
        }
    }

    private static void Check(Network network, int batch, int seed)
    {
        var (parameters, random) = Parameters.Initialise(network, TorchGenerator.Seed(seed));
        (var pixels, random) = random.Uniform(batch * network.Input.Count, -1, 1);
        var (labels, _) = random.Integers(batch, 0, 3);
        var bytes = labels.Select(label => (byte)label).ToArray();
        var mode = new Mode.Training(Key.Seed(seed));
        using var workspace = new Workspace(2);
        var images = Tensor.Batch(network.Input.Prepend(batch), pixels);
        var (loss, gradients) = Gradient.Of(
            variables => Op.SoftmaxCrossEntropy(Forward.Apply(network, variables, variables.Constant(images), mode), bytes, Reduction.Mean),
            parameters,
            workspace);

        var doubles = parameters.Map(parameter => parameter.ToArray().Select(value => (double)value).ToArray());
        var samples = pixels.Chunk(network.Input.Count).Select(chunk => chunk.Select(value => (double)value).ToArray()).ToArray();
        double At(double[] leaf, int index, double value)
        {
            var before = leaf[index];
            leaf[index] = value;
            var result = NaiveNetwork.Loss(network, doubles, samples, bytes, mode);
            leaf[index] = before;
            return result;
        }

        Assert.Equal(NaiveNetwork.Loss(network, doubles, samples, bytes, mode), loss, 1e-4 * Math.Max(1, loss));
        foreach (var ((path, leaf), (_, gradient)) in doubles.Leaves.Zip(gradients.Leaves))
        {
            var index = seed % leaf.Length;
            double Difference(double h) => (At(leaf, index, leaf[index] + h) - At(leaf, index, leaf[index] - h)) / (2 * h);
            var (coarse, fine) = (Difference(1e-5), Difference(1e-6));
            // At a kink of ReLU or of the maximum the two differences disagree, and there is no derivative to compare with.
            if (Math.Abs(coarse - fine) > 1e-6 * Math.Max(1, Math.Abs(fine)))
                continue;
            var found = gradient.ToArray()[index];
            bool IsFound(double difference) => Math.Abs(difference - found) <= 2e-4 * Math.Max(0.05, Math.Abs(difference));
            Assert.True(IsFound(fine) || Swayed(samples, seed, () => Difference(1e-6)).Any(IsFound), $"{path}[{index}]: expected {fine}, found {found}, in {network}");
        }
    }

    /// <summary>
    /// A result for images that differ in their sixth digits. Of two cells that are equal to as many, float32 may take the other one for the maximum;
    /// the derivative it then has is that of an image which it cannot tell from this one.
    /// </summary>
    private static IEnumerable<double> Swayed(double[][] samples, int seed, Func<double> result)
    {
        var (random, before) = (new System.Random(seed), samples.Select(sample => sample.ToArray()).ToArray());
        try
        {
            for (var attempt = 0; attempt < 20; attempt++)
            {
                foreach (var (sample, exact) in samples.Zip(before))
                    for (var pixel = 0; pixel < sample.Length; pixel++)
                        sample[pixel] = exact[pixel] * (1 + (2e-6 * ((2 * random.NextDouble()) - 1)));
                yield return result();
            }
        }
        finally
        {
            foreach (var (sample, exact) in samples.Zip(before))
                exact.CopyTo(sample, 0);
        }
    }
}
