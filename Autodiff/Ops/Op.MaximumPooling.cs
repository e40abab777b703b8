using FunctionalLeNet.Core.Kernels;

namespace FunctionalLeNet.Autodiff;

public static partial class Op
{
    /// <summary>
    /// Max-pooling: y[n, c, i, j] = max over (u, v) of x[n, c, i·s + u, j·s + v]; of equal numbers the first in row-major order, a NaN wins.
    /// </summary>
    /// <remarks>∂L/∂x is ∂L/∂y at the chosen pixel and 0 elsewhere; where windows overlap, their shares are added in the windows' row-major order.</remarks>
    /// <param name="x">The images, <c>[N, C, H, W]</c>.</param>
    /// <param name="geometry">Window and stride over the image.</param>
    /// <returns><c>[N, C, OH, OW]</c>.</returns>
    public static Node MaximumPooling(Node x, ConvolutionGeometry geometry)
    {
        var samples = x.Shape.First;
        Require("maximum pooling", "x", x, geometry.Input(samples));
        var workspace = x.Workspace;
        var (y, choices) = Core.Kernels.MaximumPooling.Forward(workspace, x.Held, geometry, geometry.Output(samples, geometry.Channels));
        return Node.Moved("maximum pooling", y, x, dy => Core.Kernels.MaximumPooling.InputGradient(workspace, dy, choices, geometry, x.Shape));
    }
}
