using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Random;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Interpreters;

/// <summary>What a parameter looks like before it has numbers.</summary>
/// <param name="Shape">Its shape: <c>[out, in, kh, kw]</c>, <c>[out, in]</c>, or <c>[out]</c> for a bias.</param>
/// <param name="FanIn">How many inputs a unit of its layer sums; where its maps see different numbers of inputs, the most that one sums.</param>
public sealed record ParameterSpecification(Shape Shape, int FanIn)
{
    /// <summary>The fan-in of each of the outermost dimension's rows.</summary>
    public EquatableArray<int> RowFanIns { get; init; } = Enumerable.Repeat(FanIn, Shape.First).ToEquatableArray();

    /// <summary>How many units of its layer an input reaches, borders left aside: outputs times the kernel's area.</summary>
    public int FanOut { get; init; } = FanIn;

    /// <summary>How many inputs are added before the parameter multiplies them: a window's for a subsampling coefficient.</summary>
    public int Summed { get; init; } = 1;

    /// <summary>Whether it is a bias, not a weight.</summary>
    public bool IsBias { get; init; }
}

/// <summary>The interpreter of parameters: the one place that says what a network's tree of parameters looks like.</summary>
public static class Parameters
{
    /// <summary>The tree: a branch for each layer that has parameters, with the leaves <c>weight</c> and <c>bias</c>.</summary>
    /// <param name="network">The network.</param>
    /// <exception cref="ShapeException">A layer cannot take what comes in.</exception>
    public static Tree<ParameterSpecification> Specification(Network network)
    {
        var inputs = Shapes.Of(network).ToDictionary(step => step.Path, step => step.Input);
        return Specification("", network.Layers, inputs).FirstOrDefault(Tree.Branch<ParameterSpecification>());
    }

    /// <summary>PyTorch's default initialisation.</summary>
    /// <inheritdoc cref="Initialise(Network, Initialisation, TorchGenerator)"/>
    public static (Tree<Tensor> Parameters, TorchGenerator Random) Initialise(Network network, TorchGenerator random) =>
        Initialise(network, Initialisation.Torch, random);

    /// <summary>Parameters before the first step, drawn in PyTorch's order: layers in order, weight before bias, row-major.</summary>
    /// <param name="network">The network.</param>
    /// <param name="initialisation">What they are drawn from.</param>
    /// <param name="random">The generator.</param>
    /// <returns>The parameters, and the generator after the draws.</returns>
    /// <exception cref="ShapeException">A layer cannot take what comes in.</exception>
    public static (Tree<Tensor> Parameters, TorchGenerator Random) Initialise(Network network, Initialisation initialisation, TorchGenerator random)
    {
        var state = random;
        var parameters = Specification(network).Map(specification =>
        {
            (var values, state) = Draw(specification.IsBias ? initialisation.Biases : initialisation.Weights, specification, state);
            return Tensor.Parameter(specification.Shape, values);
        });
        return (parameters, state);
    }

    /// <remarks>
    /// PyTorch writes its default's bound as √3 · gain(√5) / √fan-in, which differs from 1/√fan-in in the last bit of a double
    /// and is the same float32 for every fan-in up to 20,000.
    /// </remarks>
    private static (float[] Values, TorchGenerator Next) Draw(Initialiser initialiser, ParameterSpecification specification, TorchGenerator random)
    {
        var count = specification.Shape.Count;
        return initialiser.Match(
            constant => (Enumerable.Repeat(constant.Value, count).ToArray(), random),
            _ => Uniform(1 / Math.Sqrt(specification.FanIn)),
            byFanIn => UniformRows(random, specification, fanIn => byFanIn.Range / fanIn),
            _ => UniformRows(random, specification, fanIn => Math.Sqrt(3.0 / fanIn) / specification.Summed),
            scaled => scaled.Law == Law.Uniform ? Uniform(Math.Sqrt(3) * Deviation(scaled)) : random.Normal(count, 0, Deviation(scaled)),
            truncated => TruncatedNormal(random, count, (float)truncated.StandardDeviation));

        (float[] Values, TorchGenerator Next) Uniform(double bound) => random.Uniform(count, -bound, bound);

        double Deviation(Initialiser.Scaled scaled) => scaled.Fan == Fan.In
            ? scaled.Gain / Math.Sqrt(specification.FanIn)
            : scaled.Gain * Math.Sqrt(2.0 / (specification.FanIn + specification.FanOut));
    }

    private static (float[] Values, TorchGenerator Next) UniformRows(TorchGenerator random, ParameterSpecification specification, Func<int, double> bound)
    {
        var values = new List<float>(specification.Shape.Count);
        foreach (var fanIn in specification.RowFanIns)
        {
            (var row, random) = random.Uniform(specification.Shape.Rest.Count, -bound(fanIn), bound(fanIn));
            values.AddRange(row);
        }

        return ([.. values], random);
    }

    // All numbers are drawn; then those beyond 2 again, in order and all together; and so on.
    private static (float[] Values, TorchGenerator Next) TruncatedNormal(TorchGenerator random, int count, float deviation)
    {
        var (values, missing) = (new float[count], Enumerable.Range(0, count).ToList());
        while (missing.Count > 0)
        {
            (var drawn, random) = random.Normal(missing.Count);
            foreach (var (place, value) in missing.Zip(drawn))
                values[place] = value;
            missing = missing.FindAll(place => Math.Abs(values[place]) > 2);
        }

        return (Array.ConvertAll(values, value => value * deviation), random);
    }

    private static IEnumerable<Tree<ParameterSpecification>> Specification(string path, Layer layer, IReadOnlyDictionary<string, Shape> inputs) => layer.Match(
        convolution => convolution.Connections is { } table ? Connected(table, convolution.Kernel) : Weighted(Shape.Of(convolution.Channels, inputs[path][0], convolution.Kernel.Height, convolution.Kernel.Width)),
        _ => [],
        _ => [],
        pooling => Coefficients(inputs[path][0], pooling.Window.Height * pooling.Window.Width),
        _ => [],
        _ => [],
        _ => [],
        _ => [],
        linear => Weighted(Shape.Of(linear.Features, inputs[path].Count)),
        _ => [],
        _ => [],
        _ => [],
        sequence =>
        {
            var children = sequence.Layers.SelectMany(child => Specification(Tree.Join(path, child.Name), child.Layer, inputs).Select(tree => (child.Name, tree))).ToList();
            return children.Count == 0 ? [] : [Tree.Branch(children)];
        });

    private static IEnumerable<Tree<ParameterSpecification>> Weighted(Shape weight) =>
        Branch(new(weight, weight.Rest.Count) { FanOut = weight.Count / weight[1] }, new(Shape.Of(weight.First), weight.Rest.Count));

    private static IEnumerable<Tree<ParameterSpecification>> Coefficients(int maps, int window) =>
        Branch(new(Shape.Of(maps), window) { Summed = window }, new(Shape.Of(maps), window));

    private static IEnumerable<Tree<ParameterSpecification>> Connected(ConnectionTable table, Size kernel)
    {
        var fanIns = table.Rows.Select(row => row.Count * kernel.Height * kernel.Width).ToEquatableArray();
        return Branch(
            new(Shape.Of(table.Count, kernel.Height, kernel.Width), fanIns.Max()) { RowFanIns = table.Rows.SelectMany((row, o) => row.Select(_ => fanIns[o])).ToEquatableArray() },
            new(Shape.Of(table.Outputs), fanIns.Max()) { RowFanIns = fanIns });
    }

    private static IEnumerable<Tree<ParameterSpecification>> Branch(ParameterSpecification weight, ParameterSpecification bias) =>
        [Tree.Branch(("weight", Tree.Leaf(weight)), ("bias", Tree.Leaf(bias with { FanOut = weight.FanOut, IsBias = true })))];
}
