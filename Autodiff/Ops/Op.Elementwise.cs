using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Autodiff;

public static partial class Op
{
    /// <summary>The sum a + b, element by element.</summary>
    /// <remarks>∂L/∂a = ∂L/∂b = ∂L/∂y.</remarks>
    /// <param name="a">Any shape.</param>
    /// <param name="b">The same shape.</param>
    /// <returns>The same shape.</returns>
    public static Node Add(Node a, Node b)
    {
        Require("add", "b", b, a.Shape);
        return Node.Of("add", Elementwise.Add(a.Workspace, a.Held, b.Held), [a, b], Back, (_, h, give) => Back(h, give));

        void Back(Tensor dy, Action<Node, Tensor> give)
        {
            give(a, dy);
            give(b, dy);
        }
    }

    /// <summary>y = factor · x, element by element.</summary>
    /// <remarks>∂L/∂x = factor · ∂L/∂y.</remarks>
    /// <param name="x">Any shape.</param>
    /// <param name="factor">A constant.</param>
    /// <returns>The same shape.</returns>
    public static Node Scale(Node x, float factor) =>
        Node.Elementwise("scale", Elementwise.Scale(x.Workspace, x.Held, factor), x, dy => Elementwise.Scale(x.Workspace, dy, factor));

    /// <summary>A batch as a batch of rows, in row-major order. Free: the memory is the same.</summary>
    /// <remarks>∂L/∂x is ∂L/∂y seen as images.</remarks>
    /// <param name="x">The images, <c>[N, C, H, W]</c>.</param>
    /// <returns><c>[N, C·H·W]</c>.</returns>
    public static Node Flatten(Node x) =>
        Node.Moved("flatten", x.Held.Reshape([x.Shape.First, x.Shape.Rest.Count]), x, dy => dy.Reshape(x.Shape));

    /// <summary>A batch of images as a batch of rows with the channels of a pixel side by side, as TensorFlow flattens: a permutation.</summary>
    /// <remarks>∂L/∂x is ∂L/∂y with every element back at its place.</remarks>
    /// <param name="x">The images, <c>[N, C, H, W]</c>.</param>
    /// <returns><c>[N, H·W·C]</c>.</returns>
    public static Node FlattenChannelsLast(Node x) =>
        Node.Moved("flatten", Permutation.ChannelsLast(x.Workspace, x.Held), x, dy => Permutation.ChannelsFirst(x.Workspace, dy, x.Shape));

    private static Tensor Square(Node node) => Elementwise.Multiply(node.Workspace, node.Held, node.Held);

    private static void Require(string operation, string argument, Node node, Shape expected)
    {
        if (node.Shape != expected)
            throw new ArgumentException($"The operation '{operation}' expected {argument} of shape {expected}, but found {node.Shape}.");
    }
}
