using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Experiments.Training;

/// <summary>Which pixels matter: the derivative of a class's score by the image. Simonyan, Vedaldi and Zisserman, "Deep Inside Convolutional Networks", ICLR 2014, section 3.</summary>
public static class Saliency
{
    /// <summary>∂ z_class / ∂ x at an image x: where it is positive, more ink makes the class more likely.</summary>
    /// <param name="network">The network.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="image">The image, <c>[1, C, H, W]</c>.</param>
    /// <param name="ofClass">The class, from 0.</param>
    /// <param name="workspace">Threads and memory.</param>
    /// <returns>A number for each of the image's, in its shape.</returns>
    public static Tensor Of(Network network, Tree<Tensor> parameters, Tensor image, int ofClass, Workspace workspace)
    {
        var (_, gradient) = Gradient.Of(
            variable => Op.NegativeLogLikelihood(
                Forward.Apply(network, parameters.Map(parameter => Node.Constant(variable.AsLeaf().Workspace, parameter)), variable.AsLeaf(), new Mode.Evaluation()), new[] { (byte)ofClass }, Reduction.Sum),
            new Tree<Tensor>.Leaf(image),
            workspace);
        return Tensor.Batch(image.Shape, [.. gradient.AsLeaf().ToArray().Select(value => -value)]);
    }
}
