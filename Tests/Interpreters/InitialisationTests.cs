using System.Text.Json;
using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Random;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Tests.Reference;

namespace FunctionalLeNet.Tests.Interpreters;

public class InitialisationTests
{
    private static readonly Dictionary<string, Initialiser> Initialisers = new()
    {
        ["kaiming-uniform"] = Initialiser.Kaiming(Law.Uniform),
        ["kaiming-normal"] = Initialiser.Kaiming(Law.Normal),
        ["xavier-uniform"] = Initialiser.Xavier(Law.Uniform),
        ["xavier-normal"] = Initialiser.Xavier(Law.Normal),
        ["xavier-uniform-4"] = Initialiser.Xavier(Law.Uniform, 4),
        ["lecun-uniform"] = Initialiser.LeCun(Law.Uniform),
        ["lecun-normal"] = Initialiser.LeCun(Law.Normal),
    };

    /// <summary>From one seed the numbers of <c>torch.nn.init</c>, which <c>Reference/initialisations.py</c> printed, to the last bit.</summary>
    [Fact]
    public void Weights_are_PyTorchs_bit_for_bit()
    {
        using var numbers = JsonDocument.Parse(File.ReadAllText(ReferenceFile.PathOf("initialisations.json")));
        var cases = numbers.RootElement.GetProperty("cases").EnumerateArray().ToList();
        Assert.Equal(4 * Initialisers.Count, cases.Count);
        Assert.All(cases, c =>
        {
            var shape = Shape.Of([.. c.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())]);
            var weight = Weight(shape, Initialisers[c.GetProperty("name").GetString()!]);
            Assert.Equal(c.GetProperty("first").EnumerateArray().Select(value => value.GetSingle()), weight.ToArray().Take(5));
            Assert.Equal(c.GetProperty("sha256").GetString(), Convert.ToHexStringLower(weight.Sha256()));
        });
    }

    /// <summary>The standard deviation and the quantiles of a normal distribution cut at two standard deviations, in closed form.</summary>
    [Fact]
    public void A_truncated_normal_has_its_law()
    {
        var values = Weight([1_000, 200], new Initialiser.TruncatedNormal(0.1)).ToArray();
        Assert.All(values, value => Assert.InRange(value, -0.2f, 0.2f));
        Assert.Equal(0, values.Average(), 0.001);
        Assert.Equal(0.0879626, Math.Sqrt(values.Average(value => (double)value * value)), 0.0005);
        // P(|x| < σ) = 0.6827 / 0.9545.
        Assert.Equal(0.7152, values.Count(value => Math.Abs(value) < 0.1) / (double)values.Length, 0.005);
    }

    [Fact]
    public void Biases_have_an_initialiser_of_their_own()
    {
        var network = new Network([4], Network.Sequence(("fc", new Layer.Linear(3))));
        var (parameters, _) = Parameters.Initialise(
            network, new Initialisation(new Initialiser.TruncatedNormal(0.1), new Initialiser.Constant(0.1f)), TorchGenerator.Seed(0));
        Assert.Equal([0.1f, 0.1f, 0.1f], parameters["fc"]["bias"].AsLeaf().ToArray());
        Assert.Equal(Parameters.Initialise(network, TorchGenerator.Seed(3)), Parameters.Initialise(network, Initialisation.Torch, TorchGenerator.Seed(3)));
    }

    private static Tensor Weight(Shape shape, Initialiser initialiser)
    {
        var network = shape.Rank == 2
            ? new Network([shape[1]], Network.Sequence(("layer", new Layer.Linear(shape[0]))))
            : new Network([shape[1], 28, 28], Network.Sequence(("layer", new Layer.Convolution(shape[0], shape[2]))));
        return Parameters.Initialise(network, Initialisation.WithoutBias(initialiser), TorchGenerator.Seed(0)).Parameters["layer"]["weight"].AsLeaf();
    }
}
