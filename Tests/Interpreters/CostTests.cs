using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;

namespace FunctionalLeNet.Tests.Interpreters;

/// <summary>Costs against LeCun et al. 1998, section II-B, which counts them layer by layer, and against sums worked out by hand.</summary>
public class CostTests
{
    [Theory]
    [InlineData("C1", 156, 122_304)]
    [InlineData("S2", 12, 5_880)]
    [InlineData("C3", 1_516, 151_600)]
    [InlineData("S4", 32, 2_000)]
    [InlineData("C5", 48_120, 48_120)]
    [InlineData("F6", 10_164, 10_164)]
    public void Layers_of_1998_have_the_papers_parameters_and_connections(string layer, int parameters, int connections)
    {
        var cost = Cost.Of(Assert.Single(Shapes.Of(LeNet1998.Experiment.Network), step => step.Path.Equals(layer, StringComparison.OrdinalIgnoreCase)));
        Assert.Equal((parameters, connections), (cost.Parameters, cost.Connections));
    }

    public static TheoryData<Layer, Shape, LayerCost> Costs => new()
    {
        // 6 maps of 8 × 10 pixels, 3 × 5 taps in each of 2 maps and a bias.
        { new Layer.Convolution(6, new Size(3, 5)), [2, 10, 14], new(6 * ((2 * 15) + 1), 6 * ((2 * 15) + 1) * 80, 6 * 2 * 15 * 80) },
        { new Layer.Convolution(2, 3, Connections: ConnectionTable.Of(3, [0, 2], [1])), [3, 5, 5], new((3 * 9) + 2, ((3 * 9) + 2) * 9, 3 * 9 * 9) },
        { new Layer.MaximumPooling(new Size(2, 3)), [4, 6, 9], new(0, 4 * 3 * 3 * 6, 0) },
        { new Layer.AveragePooling(new Size(2, 3)), [4, 6, 9], new(0, 4 * 3 * 3 * 6, 0) },
        { new Layer.Subsampling(new Size(2, 3)), [4, 6, 9], new(8, 4 * 3 * 3 * 7, 4 * 3 * 3) },
        { new Layer.GlobalAveragePooling(), [4, 6, 9], new(0, 4 * 6 * 9, 0) },
        { new Layer.Linear(7), [5], new(42, 42, 35) },
        { new Layer.RadialBasis(Bitmaps.OfRows(3, [1, 2], [3, 4], [5, 6], [7, 0])), [6], new(0, 24, 24) },
        { new Layer.Rectifier(), [4, 6, 9], default },
        { new Layer.Softmax(), [5], default },
    };

    [Theory]
    [MemberData(nameof(Costs))]
    public void A_layer_costs_what_it_multiplies_and_adds(Layer layer, Shape input, LayerCost expected) =>
        Assert.Equal(expected, Cost.Of(Assert.Single(Shapes.Of(new Network(input, layer)))));

    [Fact]
    public void A_network_costs_what_its_layers_do() => Assert.Equal(
        new LayerCost(42 + 24, 42 + 24, 35 + 21),
        Cost.Of(new Network([5], Network.Sequence(("a", new Layer.Linear(7)), ("b", new Layer.Linear(3))))));
}
