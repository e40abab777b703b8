using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Autodiff;

public static partial class Op
{
    /// <summary>A fully connected layer: Y = X Wᵀ + 1 bᵀ in PyTorch's shapes.</summary>
    /// <remarks>∂L/∂X = ∂L/∂Y · W; ∂L/∂W = (∂L/∂Y)ᵀ X, a sum over samples; ∂L/∂b = Σ over n of ∂L/∂Y. The second derivatives: the same with X and W squared.</remarks>
    /// <param name="x">The inputs, <c>[N, F]</c>.</param>
    /// <param name="w">The weights, <c>[O, F]</c>.</param>
    /// <param name="b">The biases, <c>[O]</c>.</param>
    /// <returns><c>[N, O]</c>.</returns>
    public static Node Linear(Node x, Node w, Node b)
    {
        Require("linear", "x", x, [x.Shape.First, w.Shape.Rest.Count]);
        Require("linear", "b", b, [w.Shape.First]);
        var workspace = x.Workspace;
        var y = Core.Kernels.Linear.Forward(workspace, x.Held, w.Held, b.Held);
        return Node.Of("linear", y, [x, w, b], (dy, give) => Back(dy, x.Held, w.Held, give), (_, h, give) => Back(h, Square(x), Square(w), give));

        void Back(Tensor dy, Tensor inputs, Tensor weights, Action<Node, Tensor> give)
        {
            var (dx, dw, db) = Core.Kernels.Linear.Gradients(workspace, dy, inputs, weights, x.IsVariable);
            give(w, dw);
            give(b, db);
            if (dx is { } input)
                give(x, input);
        }
    }

    /// <summary>A matrix product: Y = X Wᵀ in PyTorch's shapes; each element is one chain of fused multiply-adds over k.</summary>
    /// <remarks>∂L/∂X = ∂L/∂Y · W; ∂L/∂W = (∂L/∂Y)ᵀ X.</remarks>
    /// <param name="x">A batch, <c>[N, K]</c>.</param>
    /// <param name="w">A parameter, <c>[O, K]</c>.</param>
    /// <returns><c>[N, O]</c>.</returns>
    public static Node MatrixProduct(Node x, Node w)
    {
        Require("matrix product", "x", x, [x.Shape.First, w.Shape.Rest.Count]);
        var workspace = x.Workspace;
        var y = Core.Kernels.Product.Forward(workspace, x.Held, w.Held);
        return Node.Of("matrix product", y, [x, w], (dy, give) => Back(dy, x.Held, w.Held, give), (_, h, give) => Back(h, Square(x), Square(w), give));

        void Back(Tensor dy, Tensor inputs, Tensor weights, Action<Node, Tensor> give)
        {
            give(w, Core.Kernels.Product.WeightGradient(workspace, dy, inputs, w.Shape));
            if (x.IsVariable)
                give(x, Core.Kernels.Linear.InputGradient(workspace, dy, weights, x.Shape));
        }
    }
}
