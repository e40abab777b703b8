using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Autodiff;

public static partial class Op
{
    /// <summary>
    /// Trainable subsampling (LeCun et al. 1998, section II-B): y[n, c, i, j] = w[c] · s + b[c], where s is the sum over (u, v) of x[n, c, i·s + u, j·s + v].
    /// </summary>
    /// <remarks>
    /// ∂L/∂x = w[c] · ∂L/∂y at each of the window's cells; ∂L/∂w[c] = Σ over (n, i, j) of ∂L/∂y · s; ∂L/∂b[c] = Σ ∂L/∂y.
    /// The second derivatives are the same with w and s squared: the four inputs of a unit are added before they meet the coefficient, so s is what it multiplies.
    /// </remarks>
    /// <param name="x">The images, <c>[N, C, H, W]</c>.</param>
    /// <param name="w">The coefficients, <c>[C]</c>.</param>
    /// <param name="b">The biases, <c>[C]</c>.</param>
    /// <param name="geometry">The windows, without padding.</param>
    /// <returns><c>[N, C, OH, OW]</c>.</returns>
    public static Node Subsampling(Node x, Node w, Node b, ConvolutionGeometry geometry)
    {
        Require("subsampling", "x", x, geometry.Input(x.Shape.First));
        Require("subsampling", "w", w, [geometry.Channels]);
        Require("subsampling", "b", b, [geometry.Channels]);
        var workspace = x.Workspace;
        var (y, sums) = Core.Kernels.Subsampling.Forward(workspace, x.Held, w.Held, b.Held, geometry);
        return Node.Of("subsampling", y, [x, w, b], (dy, give) => Back(dy, sums, w.Held, give), (_, h, give) => Back(h, Elementwise.Multiply(workspace, sums, sums), Square(w), give));

        void Back(Tensor dy, Tensor multiplied, Tensor weights, Action<Node, Tensor> give)
        {
            var (dw, db) = Core.Kernels.Subsampling.ParameterGradients(workspace, dy, multiplied, geometry);
            give(w, dw);
            give(b, db);
            if (x.IsVariable)
                give(x, Core.Kernels.Subsampling.InputGradient(workspace, dy, weights, geometry));
        }
    }
}
