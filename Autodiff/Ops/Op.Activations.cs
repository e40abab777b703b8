using FunctionalLeNet.Core.Kernels;

namespace FunctionalLeNet.Autodiff;

// Each operation has one rule for both derivatives: the second derivatives ∂²L/∂x² = f′² ∂²L/∂y² are the first rule applied twice, and f″ is left out.
public static partial class Op
{
    /// <summary>ReLU: y = x ≤ 0 ? 0 : x, element by element.</summary>
    /// <remarks>∂L/∂x = y ≤ 0 ? 0 : ∂L/∂y.</remarks>
    /// <param name="x">Any shape.</param>
    /// <returns>The same shape.</returns>
    public static Node Rectify(Node x)
    {
        var y = Activations.Rectify(x.Workspace, x.Held);
        return Node.Elementwise("rectify", y, x, dy => Activations.RectifyGradient(x.Workspace, dy, y));
    }

    /// <summary>Leaky ReLU: y = x ≤ 0 ? s · x : x, element by element.</summary>
    /// <remarks>∂L/∂x = x ≤ 0 ? s · ∂L/∂y : ∂L/∂y.</remarks>
    /// <param name="x">Any shape.</param>
    /// <param name="slope">s.</param>
    /// <returns>The same shape.</returns>
    public static Node LeakyRectify(Node x, float slope) =>
        Node.Elementwise("leaky rectify", Activations.LeakyRectify(x.Workspace, x.Held, slope), x, dy => Activations.LeakyRectifyGradient(x.Workspace, dy, x.Held, slope));

    /// <summary>The logistic sigmoid: y = 1 / (1 + e⁻ˣ), element by element.</summary>
    /// <remarks>∂L/∂x = ∂L/∂y · y (1 − y).</remarks>
    /// <param name="x">Any shape.</param>
    /// <returns>The same shape.</returns>
    public static Node Sigmoid(Node x)
    {
        var y = Activations.Sigmoid(x.Workspace, x.Held);
        return Node.Elementwise("sigmoid", y, x, dy => Activations.SigmoidGradient(x.Workspace, dy, y));
    }

    /// <summary>The hyperbolic tangent: y = A tanh(S x), element by element.</summary>
    /// <remarks>∂L/∂x = ∂L/∂y · A S (1 − tanh²(S x)) = ∂L/∂y · S/A · (A − y)(A + y).</remarks>
    /// <param name="x">Any shape.</param>
    /// <param name="amplitude">A, not 0.</param>
    /// <param name="slope">S.</param>
    /// <returns>The same shape.</returns>
    public static Node Tanh(Node x, float amplitude = 1, float slope = 1)
    {
        var y = Activations.Tanh(x.Workspace, x.Held, amplitude, slope);
        return Node.Elementwise("tanh", y, x, dy => Activations.TanhGradient(x.Workspace, dy, y, amplitude, slope));
    }

    /// <summary>Exponential linear unit: y = x ≤ 0 ? α (eˣ − 1) : x, element by element.</summary>
    /// <remarks>∂L/∂x = x ≤ 0 ? ∂L/∂y · α eˣ : ∂L/∂y.</remarks>
    /// <param name="x">Any shape.</param>
    /// <param name="alpha">α.</param>
    /// <returns>The same shape.</returns>
    public static Node ExponentialLinear(Node x, float alpha) =>
        Node.Elementwise("exponential linear", Activations.ExponentialLinear(x.Workspace, x.Held, alpha), x, dy => Activations.ExponentialLinearGradient(x.Workspace, dy, x.Held, alpha));

    /// <summary>Gaussian error linear unit: y = x Φ(x) with Φ(x) = ½ (1 + erf(x/√2)), element by element.</summary>
    /// <remarks>∂L/∂x = ∂L/∂y · (Φ(x) + x exp(−x²/2)/√(2π)).</remarks>
    /// <param name="x">Any shape.</param>
    /// <returns>The same shape.</returns>
    public static Node GaussianErrorLinear(Node x) =>
        Node.Elementwise("gaussian error linear", Activations.GaussianErrorLinear(x.Workspace, x.Held), x, dy => Activations.GaussianErrorLinearGradient(x.Workspace, dy, x.Held));
}
