using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Data;
using FunctionalLeNet.Experiments.Training;

namespace FunctionalLeNet.Tests.Snapshots;

/// <summary>What every layer of every experiment puts out on the embedded digits with seed 0; its parameters, gradients, and parameters after 10 steps.</summary>
[Trait("Category", "Snapshots")]
public class LayersTests
{
    private static readonly Dataset Set = Digits.Load();

    public static TheoryData<string> Experiments => [.. AllExperiments.InOrder.Select(experiment => experiment.Name)];

    [Theory]
    [MemberData(nameof(Experiments))]
    public async Task A_digit(string experiment) =>
        await Verify(Outputs(experiment, 1)).UseDirectory(SnapshotFiles.Folder).UseParameters(experiment);

    [Theory]
    [MemberData(nameof(Experiments))]
    public async Task A_batch_of_three(string experiment) =>
        await Verify(Outputs(experiment, 3)).UseDirectory(SnapshotFiles.Folder).UseParameters(experiment);

    [Theory]
    [MemberData(nameof(Experiments))]
    public async Task Initial_parameters(string experiment) =>
        await Verify(LayerSnapshot.Of(Train.Start(Named(experiment), seed: 0).Parameters)).UseDirectory(SnapshotFiles.Folder).UseParameters(experiment);

    [Theory]
    [MemberData(nameof(Experiments))]
    public async Task Gradients_of_three(string experiment)
    {
        var named = Named(experiment);
        var batch = Input(named, 3);
        using var workspace = new Workspace();
        var (loss, gradients) = Gradient.Of(
            parameters => Op.SoftmaxCrossEntropy(Forward.Apply(named.Network, parameters, parameters.Constant(batch), new Mode.Evaluation()), Set.Test.Labels[..3], named.Reduction),
            Train.Start(named, seed: 0).Parameters,
            workspace);
        await Verify($"{TensorText.Of("loss", Tensor.Scalar(loss))}\n\n{LayerSnapshot.Of(gradients)}").UseDirectory(SnapshotFiles.Folder).UseParameters(experiment);
    }

    [Theory]
    [MemberData(nameof(Experiments))]
    public async Task Parameters_after_ten_steps(string experiment)
    {
        var named = Named(experiment);
        using var workspace = new Workspace();
        var tenth = Train.Unfold(named, Train.PrepareTraining(named, Set.Train), Train.Start(named, seed: 0), workspace).ElementAt(9);
        await Verify(LayerSnapshot.Of(tenth.State().Parameters)).UseDirectory(SnapshotFiles.Folder).UseParameters(experiment);
    }

    private static Experiment Named(string name) => AllExperiments.InOrder.Single(experiment => experiment.Name == name);

    private static Tensor Input(Experiment experiment, int count) => Train.Prepare(experiment, Set.Test).Batch(count).First().ToTensor();

    private static string Outputs(string name, int count) =>
        LayerSnapshot.Of(Named(name).Network, Train.Start(Named(name), seed: 0).Parameters, Input(Named(name), count));
}
