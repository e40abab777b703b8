using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Random;

namespace FunctionalLeNet.Autodiff;

public static partial class Op
{
    /// <summary>Dropout while training: y = m · x, element by element, with m = 1/(1 − p) where an element is kept and 0 where it is dropped.</summary>
    /// <remarks>∂L/∂x = m · ∂L/∂y. Element i in row-major order is kept where the key's uniform number i lies below 1 − p.</remarks>
    /// <param name="x">The batch, any shape.</param>
    /// <param name="probability">p, from 0 to below 1.</param>
    /// <param name="key">What the numbers follow from.</param>
    /// <returns>The same shape.</returns>
    public static Node Dropout(Node x, double probability, Key key)
    {
        var factors = Core.Kernels.Dropout.Factors(x.Workspace, x.Shape, probability, key.Uniform(x.Shape.Count));
        return Node.Elementwise("dropout", Elementwise.Multiply(x.Workspace, x.Held, factors), x, dy => Elementwise.Multiply(x.Workspace, dy, factors));
    }
}
