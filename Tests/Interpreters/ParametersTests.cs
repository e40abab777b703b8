using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Random;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Tests.Interpreters;

/// <summary>Which parameters a network has, and within what bounds each of them begins.</summary>
public class ParametersTests
{
    private static readonly Network Network = new([3, 6, 6], Network.Sequence(
        ("c", new Layer.Convolution(2, new Size(3, 1), Connections: ConnectionTable.Of(3, [0, 2], [1]))),
        ("s", new Layer.Subsampling(new Size(2, 3))),
        ("flatten", new Layer.Flatten()),
        ("f", new Layer.Linear(200))));

    [Fact]
    public void Only_layers_with_parameters_have_a_branch() => Assert.Equal(
        ["c/weight [3, 3, 1]", "c/bias [2]", "s/weight [2]", "s/bias [2]", "f/weight [200, 8]", "f/bias [200]"],
        Parameters.Specification(Network).Leaves.Select(leaf => $"{leaf.Path} {leaf.Value.Shape}"));

    [Fact]
    public void A_network_without_parameters_has_an_empty_tree()
    {
        Assert.Equal(Tree.Branch<ParameterSpecification>(), Parameters.Specification(new([3], Network.Sequence(("s", new Layer.Softmax())))));
        var half = new Network([3], Network.Sequence(("a", Network.Sequence(("r", new Layer.Rectifier()))), ("b", Network.Sequence(("fc", new Layer.Linear(1))))));
        Assert.Equal(["b"], ((Tree<ParameterSpecification>.Branch)Parameters.Specification(half)).Children.Select(child => child.Name));
    }

    [Fact]
    public void Units_have_the_fan_in_of_their_own_connections()
    {
        var tree = Parameters.Specification(Network);
        var (weight, bias, coefficient, linear) = (tree["c"]["weight"].AsLeaf(), tree["c"]["bias"].AsLeaf(), tree["s"]["weight"].AsLeaf(), tree["f"]["weight"].AsLeaf());
        Assert.Equal([6, 6, 3], weight.RowFanIns);
        Assert.Equal([6, 3], bias.RowFanIns);
        Assert.Equal((6, false, true), (weight.FanIn, weight.IsBias, bias.IsBias));
        Assert.Equal((6, 6), (coefficient.FanIn, coefficient.Summed));
        Assert.Equal((8, 200), (linear.FanIn, linear.FanOut));
    }

    // Of 1,600 uniform numbers one at least comes within a percent of each bound.
    [Theory]
    [InlineData("torch", 0.35355339)]
    [InlineData("by fan-in", 0.3)]
    [InlineData("by root of fan-in", 0.61237244)]
    public void A_weight_fills_its_bounds(string name, double bound)
    {
        var weight = Drawn(name, seed: 0)["f"]["weight"].AsLeaf().ToArray();
        Assert.InRange(weight.Max(), 0.99 * bound, bound);
        Assert.InRange(weight.Min(), -bound, -0.99 * bound);
        Assert.Equal(0, weight.Average(), 0.05 * bound);
        Assert.True(weight.Distinct().Count() > 1_590);
    }

    [Theory]
    [InlineData("by fan-in", new[] { 0.4, 0.4, 0.8 })]
    [InlineData("by root of fan-in", new[] { 0.70710678, 0.70710678, 1 })]
    public void A_kernel_keeps_to_the_bound_of_its_own_map(string name, double[] bounds)
    {
        var draws = Enumerable.Range(0, 400).Select(seed => Drawn(name, seed)["c"]["weight"].AsLeaf().ToArray().Chunk(3).ToList()).ToList();
        Assert.All(bounds.Index(), map => Assert.InRange(draws.Max(kernels => kernels[map.Index].Max(Math.Abs)), 0.97 * map.Item, map.Item + 1e-6));
    }

    [Fact]
    public void A_coefficient_that_multiplies_a_sum_begins_as_if_it_multiplied_the_mean() => Assert.InRange(
        Enumerable.Range(0, 400).Max(seed => Drawn("by root of fan-in", seed)["s"]["weight"].AsLeaf().ToArray().Max(Math.Abs)), 0.97 * 0.1178511, 0.1178512);

    private static Tree<Tensor> Drawn(string name, int seed) => Parameters.Initialise(
        Network,
        name switch { "torch" => Initialisation.Torch, "by fan-in" => Initialisation.ByFanIn(2.4), _ => Initialisation.ByRootOfFanIn },
        TorchGenerator.Seed(seed)).Parameters;
}
