using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Data;
using FunctionalLeNet.Experiments.Training;
using FunctionalLeNet.Tests.Snapshots;

namespace FunctionalLeNet.Tests.Autodiff;

public class LayerSnapshotTests
{
    private static readonly ImageSet Images = Digits.Load().Test;

    public static TheoryData<string> Experiments => [.. AllExperiments.InOrder.Select(experiment => experiment.Name)];

    [Theory]
    [MemberData(nameof(Experiments))]
    public void Layer_by_layer_is_what_the_network_puts_out(string name)
    {
        var (experiment, parameters, input) = Setting(name, 3);
        using var workspace = new Workspace();
        Assert.Equal(Forward.Of(experiment.Network, parameters, input, workspace), LayerSnapshot.Outputs(experiment.Network, parameters, input).Last().Value);
    }

    [Theory]
    [MemberData(nameof(Experiments))]
    public void A_changed_parameter_shows_first_at_its_own_layer(string name)
    {
        var (experiment, parameters, input) = Setting(name, 1);
        var before = LayerSnapshot.Of(experiment.Network, parameters, input);
        foreach (var (path, _) in parameters.Leaves)
        {
            var after = LayerSnapshot.Of(experiment.Network, Changed(parameters, path, all: true), input);
            Assert.StartsWith($"{path[..path.LastIndexOf('/')]}: ", SnapshotDifference.First(before, after).Section, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Experiments))]
    public void A_changed_coefficient_shows_in_its_own_parameter_alone(string name)
    {
        var parameters = Setting(name, 1).Parameters;
        var before = LayerSnapshot.Of(parameters);
        foreach (var (path, tensor) in parameters.Leaves)
        {
            var after = LayerSnapshot.Of(Changed(parameters, path, all: false));
            Assert.Equal($"{path}: {tensor.Shape}", SnapshotDifference.First(before, after).Section);
            Assert.Equal(1, before.Split("\n\n").Zip(after.Split("\n\n")).Count(section => section.First != section.Second));
        }
    }

    [Fact]
    public void An_input_of_a_wrong_shape_is_refused()
    {
        var (experiment, parameters, _) = Setting("folk", 1);
        var wrong = Assert.Throws<ArgumentException>(() => LayerSnapshot.Of(experiment.Network, parameters, Tensor.Batch([1, 1, 2, 2], new float[4])));
        Assert.Contains("takes samples of shape [1, 28, 28], but a batch of shape [1, 1, 2, 2] was given", wrong.Message, StringComparison.Ordinal);
    }

    private static (Experiment Experiment, Tree<Tensor> Parameters, Tensor Input) Setting(string name, int count)
    {
        var experiment = AllExperiments.InOrder.Single(candidate => candidate.Name == name);
        return (experiment, Train.Start(experiment, seed: 0).Parameters, Train.Prepare(experiment, Images).Batch(count).First().ToTensor());
    }

    /// <summary>One parameter with 1 added to all of its coefficients, or with the next float32 in the last of them.</summary>
    private static Tree<Tensor> Changed(Tree<Tensor> parameters, string path, bool all)
    {
        var paths = parameters.Leaves.Select(leaf => leaf.Path).ToList();
        var next = 0;
        return parameters.Map(tensor => paths[next++] != path ? tensor : Tensor.Parameter(
            tensor.Shape, [.. tensor.ToArray().Select((value, i) => all ? value + 1 : i == tensor.Count - 1 ? MathF.BitIncrement(value) : value)]));
    }
}
