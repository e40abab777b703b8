using CsCheck;
using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Random;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Tests.Kernels;

public class DropoutTests
{
    [Fact]
    public void Factors_are_drawn_in_row_major_order_whatever_the_memory() =>
        (from samples in KernelCases.Samples from features in Gen.Int[1, 40] from p in Gen.Double[0, 0.9] from seed in Gen.Long select (samples, features, p, seed)).Sample(c =>
        {
            using var workspace = new Workspace();
            var found = Dropout.Factors(workspace, Shape.Of(c.samples, c.features), c.p, Key.Seed(c.seed).Uniform(c.samples * c.features)).ToArray();
            KernelCases.Same(
                [.. Key.Seed(c.seed).Uniform(c.samples * c.features).Select(u => u < (float)(1 - c.p) ? (float)(1 / (1 - c.p)) : 0f)], found);
        });

    [Fact]
    public void The_share_of_dropped_elements_is_the_probability_and_the_expectation_stays()
    {
        using var workspace = new Workspace();
        var factors = Dropout.Factors(workspace, Shape.Of(100, 1_000), 0.3, Key.Seed(1).Uniform(100_000)).ToArray();
        Assert.Equal(0.3, factors.Count(factor => factor == 0) / 100_000.0, 0.01);
        Assert.Equal(1, factors.Average(), 0.01);
    }

    [Fact]
    public void Training_drops_by_its_key_and_evaluation_passes_everything_on()
    {
        using var workspace = new Workspace();
        var network = new Network([50], Network.Sequence(("first", new Layer.Dropout()), ("second", new Layer.Dropout())));
        float[] Of(Mode mode)
        {
            var x = Node.Constant(workspace.In(workspace.Evaluation), Tensor.Batch([2, 50], Enumerable.Repeat(1f, 100).ToArray()));
            return Forward.Apply(network, Tree.Branch<Node>(), x, mode).Value.ToArray();
        }

        Assert.All(Of(new Mode.Evaluation()), value => Assert.Equal(1, value));
        var (one, other) = (Of(new Mode.Training(Key.Seed(1))), Of(new Mode.Training(Key.Seed(2))));
        Assert.Equal(one, Of(new Mode.Training(Key.Seed(1))));
        Assert.NotEqual(one, other);
        // Two layers with the same numbers would keep half of the elements, not a quarter.
        Assert.InRange(one.Count(value => value == 4), 10, 40);
        Assert.All(one, value => Assert.True(value is 0 or 4));
    }
}
