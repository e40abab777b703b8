using FunctionalLeNet.Core.Formats;
using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Tests.Interpreters;

/// <summary>Weights with connection tables, and the same with zeros where nothing is connected.</summary>
public class DenseWeightsTests
{
    private static readonly ConnectionTable Table = ConnectionTable.Of(3, [0, 2], [1]);

    private static readonly Tensor Connected = Tensor.Parameter([3, 1, 2], [1, 2, 3, 4, 5, 6]);

    private static readonly Tensor Dense = Tensor.Parameter([2, 3, 1, 2], [1, 2, 0, 0, 3, 4, 0, 0, 5, 6, 0, 0]);

    [Fact]
    public void Kernels_stand_at_their_pairs_among_zeros() => Assert.Equal(Dense, DenseWeights.Of(Table, Connected));

    [Fact]
    public void And_are_found_again() => Assert.Equal(Connected, DenseWeights.Connected(Table, Dense, "c3.weight", "w.safetensors"));

    [Fact]
    public void A_number_between_maps_that_are_not_connected_is_named()
    {
        var values = Dense.ToArray();
        values[11] = 0.5f;
        var error = Assert.Throws<DataException>(() => DenseWeights.Connected(Table, Tensor.Parameter(Dense.Shape, values), "c3.weight", "w.safetensors"));
        Assert.Equal(
            "w.safetensors: 'c3.weight' has numbers where output 1 is not connected with input 2: expected zeros there, found 0.5. "
                + "Where it was trained, set them to zero after every step.",
            error.Message);
    }

    [Fact]
    public void Of_a_network_only_weights_with_a_table_change()
    {
        var network = new Network([3, 1, 3], Network.Sequence(
            ("c3", new Layer.Convolution(2, new Size(1, 2), Connections: Table)), ("c4", new Layer.Convolution(1, new Size(1, 2)))));
        var (bias, other) = (Tensor.Parameter([2], [7, 8]), Tensor.Parameter([1, 2, 1, 2], [1, 2, 3, 4]));
        var parameters = Tree.OfLeaves([("c3/weight", Connected), ("c3/bias", bias), ("c4/weight", other), ("c4/bias", Tensor.Zeros([1]))]);
        Assert.Equal(
            Tree.OfLeaves([("c3/weight", Dense), ("c3/bias", bias), ("c4/weight", other), ("c4/bias", Tensor.Zeros([1]))]),
            DenseWeights.Of(network, parameters));
        Assert.Equal(["c3/weight"], DenseWeights.Tables(network).Keys);
    }
}
