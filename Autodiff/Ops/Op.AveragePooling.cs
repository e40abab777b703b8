using FunctionalLeNet.Core.Kernels;

namespace FunctionalLeNet.Autodiff;

public static partial class Op
{
    /// <summary>Average pooling: y[n, c, i, j] = the mean over (u, v) of x[n, c, i·s − p + u, j·s − p + v]; what lies outside the image is not counted.</summary>
    /// <remarks>∂L/∂x is ∂L/∂y divided by the number of the window's cells, at each of them; where windows overlap, their shares are added in the windows' row-major order. For the second derivatives it is divided by that number twice.</remarks>
    /// <param name="x">The images, <c>[N, C, H, W]</c>.</param>
    /// <param name="geometry">Window, stride and padding over the image.</param>
    /// <returns><c>[N, C, OH, OW]</c>.</returns>
    public static Node AveragePooling(Node x, ConvolutionGeometry geometry)
    {
        var samples = x.Shape.First;
        Require("average pooling", "x", x, geometry.Input(samples));
        var workspace = x.Workspace;
        var y = Core.Kernels.AveragePooling.Forward(workspace, x.Held, geometry, geometry.Output(samples, geometry.Channels));
        return Node.Of(
            "average pooling",
            y,
            [x],
            (dy, give) => give(x, Core.Kernels.AveragePooling.InputGradient(workspace, dy, geometry, x.Shape)),
            (_, h, give) => give(x, Core.Kernels.AveragePooling.InputGradient(workspace, h, geometry, x.Shape, squared: true)));
    }
}
