using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Data;
using FunctionalLeNet.Experiments.Training;

namespace FunctionalLeNet.Experiments.Records;

/// <summary>A network with parameters that a run gave it.</summary>
/// <param name="Name">The run.</param>
/// <param name="Experiment">Whose network it is.</param>
/// <param name="Parameters">Its parameters.</param>
internal sealed record TrainedModel(string Name, Experiment Experiment, Tree<Tensor> Parameters)
{
    /// <summary>Images as the network takes them.</summary>
    /// <param name="images">Images of MNIST's size.</param>
    /// <returns>A batch, <c>[N, 1, H, W]</c>.</returns>
    public Tensor Input(ImageSet images) => Train.Prepare(Experiment, images).Batch(images.Count).Single().ToTensor();

    /// <summary>What the network takes one image for.</summary>
    /// <param name="image">The image.</param>
    /// <param name="workspace">Threads and memory.</param>
    public Prediction Predict(ImageSet image, Workspace workspace) =>
        Of(Inference.Prepare(Experiment.Network, Parameters).Of(Input(image), workspace).ToArray());

    /// <summary>What the network's output for one image says.</summary>
    /// <param name="logits">The output.</param>
    public Prediction Of(IReadOnlyCollection<float> logits) => new(Experiment.Loss.Probabilities(logits));
}
