using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Autodiff;

public static partial class Op
{
    /// <summary>
    /// Convolution, then perhaps ReLU, then perhaps max-pooling, as one operation: what stands between them never reaches memory.
    /// The value and the derivatives have the bits of the three operations one after another.
    /// </summary>
    /// <remarks>∂L/∂y goes to the pixel that each window chose, where that pixel is positive if ReLU follows, and from there as in <see cref="Convolution"/>.</remarks>
    /// <param name="x">The images, <c>[N, C, H, W]</c>.</param>
    /// <param name="w">The kernels, <c>[O, C, KH, KW]</c>.</param>
    /// <param name="b">The biases, <c>[O]</c>.</param>
    /// <param name="geometry">Kernel, stride and padding over the image.</param>
    /// <param name="rectify">Whether ReLU follows the convolution.</param>
    /// <param name="pool">The windows of the pooling that follows, or none.</param>
    /// <returns><c>[N, O, OH, OW]</c> of the last of the three.</returns>
    internal static Node ConvolutionBlock(Node x, Node w, Node b, ConvolutionGeometry geometry, bool rectify, ConvolutionGeometry? pool)
    {
        var (samples, outputs) = (x.Shape.First, w.Shape.First);
        Require("convolution", "x", x, geometry.Input(samples));
        Require("convolution", "w", w, [outputs, geometry.Channels, geometry.KernelHeight, geometry.KernelWidth]);
        Require("convolution", "b", b, [outputs]);
        var workspace = x.Workspace;
        var (y, choices) = Core.Kernels.ConvolutionBlock.Forward(workspace, x.Held, w.Held, b.Held, geometry, rectify, pool);
        return Node.Of("convolution block", y, [x, w, b], (dy, give) => Back(dy, x.Held, w.Held, give), (_, h, give) => Back(h, Square(x), Square(w), give));

        void Back(Tensor dy, Tensor inputs, Tensor weights, Action<Node, Tensor> give)
        {
            var (dx, dw, db) = Core.Kernels.ConvolutionBlock.Gradients(workspace, dy, y, choices, inputs, weights, geometry, rectify, pool, x.IsVariable);
            give(w, dw);
            give(b, db);
            if (dx is not null)
                give(x, dx);
        }
    }
}
