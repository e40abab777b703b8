using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Autodiff;

/// <summary>The operations: each computes its value and states its derivative, side by side.</summary>
public static partial class Op
{
    /// <summary>
    /// Convolution (LeCun et al. 1998, section II-A): y[n, o, i, j] = b[o] + Σ over (c, u, v) of w[o, c, u, v] · x[n, c, i·s − p + u, j·s − p + v].
    /// It is the product of the N·OH·OW × C·KH·KW matrix of patches with the weights.
    /// </summary>
    /// <remarks>
    /// ∂L/∂x[n, c, h, k] = Σ over (o, u, v) of ∂L/∂y · w; ∂L/∂w[o, c, u, v] = Σ over (n, i, j) of ∂L/∂y · x; ∂L/∂b[o] = Σ over (n, i, j) of ∂L/∂y.
    /// The second derivatives ∂²L/∂x², ∂²L/∂w², ∂²L/∂b² are the same sums over ∂²L/∂y² with every w and every x squared.
    /// </remarks>
    /// <param name="x">The images, <c>[N, C, H, W]</c>.</param>
    /// <param name="w">The kernels, <c>[O, C, KH, KW]</c>.</param>
    /// <param name="b">The biases, <c>[O]</c>.</param>
    /// <param name="geometry">Kernel, stride and padding over the image.</param>
    /// <returns><c>[N, O, OH, OW]</c>.</returns>
    public static Node Convolution(Node x, Node w, Node b, ConvolutionGeometry geometry)
    {
        var (samples, outputs) = (x.Shape.First, w.Shape.First);
        Require("convolution", "x", x, geometry.Input(samples));
        Require("convolution", "w", w, [outputs, geometry.Channels, geometry.KernelHeight, geometry.KernelWidth]);
        Require("convolution", "b", b, [outputs]);
        var workspace = x.Workspace;
        var y = Core.Kernels.Convolution.Forward(workspace, x.Held, w.Held, b.Held, geometry, geometry.Output(samples, outputs));
        return Node.Of("convolution", y, [x, w, b], (dy, give) => Back(dy, x.Held, w.Held, give), (_, h, give) => Back(h, Square(x), Square(w), give));

        void Back(Tensor dy, Tensor inputs, Tensor weights, Action<Node, Tensor> give)
        {
            var (dw, db) = Core.Kernels.Convolution.ParameterGradients(workspace, dy, inputs, geometry, w.Shape);
            give(w, dw);
            give(b, db);
            if (x.IsVariable)
                give(x, Core.Kernels.Convolution.InputGradient(workspace, dy, weights, geometry, x.Shape));
        }
    }

    /// <summary>
    /// Convolution along a connection table (LeCun et al. 1998, table I): y[n, o, i, j] = b[o] + Σ over (the connections k of o, u, v) of
    /// w[k, u, v] · x[n, c(k), i·s − p + u, j·s − p + v]. What is not connected has no weight.
    /// </summary>
    /// <remarks>The derivatives are those of <see cref="Convolution"/> over the connected maps; the second derivatives have every x and every w squared.</remarks>
    /// <param name="x">The images, <c>[N, C, H, W]</c>.</param>
    /// <param name="w">The kernels, <c>[connections, KH, KW]</c>.</param>
    /// <param name="b">The biases, <c>[O]</c>.</param>
    /// <param name="table">Which input maps each output map sees.</param>
    /// <param name="geometry">Kernel, stride and padding over the image.</param>
    /// <returns><c>[N, O, OH, OW]</c>.</returns>
    public static Node ConnectedConvolution(Node x, Node w, Node b, ConnectionTable table, ConvolutionGeometry geometry)
    {
        var samples = x.Shape.First;
        Require("connected convolution", "x", x, geometry.Input(samples));
        Require("connected convolution", "w", w, [table.Count, geometry.KernelHeight, geometry.KernelWidth]);
        Require("connected convolution", "b", b, [table.Outputs]);
        var (workspace, wiring) = (x.Workspace, table.Wiring);
        var y = Core.Kernels.ConnectedConvolution.Forward(workspace, x.Held, w.Held, b.Held, wiring, geometry, geometry.Output(samples, table.Outputs));
        return Node.Of("connected convolution", y, [x, w, b], (dy, give) => Back(dy, x.Held, w.Held, give), (_, h, give) => Back(h, Square(x), Square(w), give));

        void Back(Tensor dy, Tensor inputs, Tensor weights, Action<Node, Tensor> give)
        {
            var (dw, db) = Core.Kernels.ConnectedConvolution.ParameterGradients(workspace, dy, inputs, wiring, geometry);
            give(w, dw);
            give(b, db);
            if (x.IsVariable)
                give(x, Core.Kernels.ConnectedConvolution.InputGradient(workspace, dy, weights, wiring, geometry, x.Shape));
        }
    }
}
