using FunctionalLeNet.Core.Kernels;

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
        return Node.Of("convolution", y, [x, w, b], (dy, give) =>
        {
            var (dw, db) = Core.Kernels.Convolution.ParameterGradients(workspace, dy, x.Held, geometry, w.Shape);
            give(w, dw);
            give(b, db);
            if (x.IsVariable)
                give(x, Core.Kernels.Convolution.InputGradient(workspace, dy, w.Held, geometry, x.Shape));
        });
    }
}
