using System.Runtime.CompilerServices;
using FunctionalLeNet.Core.Numerics;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>Activation functions and their derivatives, element by element, each operation rounded as written.</summary>
internal static class Activations
{
    /// <summary>The rectifier: 0 where x ≤ 0, else x; so a NaN stays a NaN.</summary>
    public static Tensor Rectify(Workspace workspace, Tensor x) => Elementwise.Map(workspace, x, x, default(Rectifier));

    /// <summary>∂L/∂x from ∂L/∂y and y: 0 where y ≤ 0, else ∂L/∂y. The output tells what the input was.</summary>
    public static Tensor RectifyGradient(Workspace workspace, Tensor dy, Tensor y) => Elementwise.Map(workspace, dy, y, default(Gate));

    /// <summary>slope · x where x ≤ 0, else x.</summary>
    public static Tensor LeakyRectify(Workspace workspace, Tensor x, float slope) => Elementwise.Map(workspace, x, x, new Leak(slope));

    /// <summary>∂L/∂x from ∂L/∂y and x: slope · ∂L/∂y where x ≤ 0, else ∂L/∂y.</summary>
    public static Tensor LeakyRectifyGradient(Workspace workspace, Tensor dy, Tensor x, float slope) => Elementwise.Map(workspace, dy, x, new Leak(slope));

    /// <summary>The logistic sigmoid, 1 / (1 + e⁻ˣ), rounded once.</summary>
    public static Tensor Sigmoid(Workspace workspace, Tensor x) => Elementwise.Map(workspace, x, x, default(Logistic));

    /// <summary>∂L/∂x from ∂L/∂y and y: ∂L/∂y · (y · (1 − y)).</summary>
    public static Tensor SigmoidGradient(Workspace workspace, Tensor dy, Tensor y) => Elementwise.Map(workspace, dy, y, default(LogisticSlope));

    /// <summary>A · tanh(S · x).</summary>
    public static Tensor Tanh(Workspace workspace, Tensor x, float amplitude, float slope) =>
        Elementwise.Map(workspace, x, x, new ScaledTanh(amplitude, slope));

    /// <summary>∂L/∂x from ∂L/∂y and y: ∂L/∂y · (S/A · ((A − y) · (A + y))).</summary>
    public static Tensor TanhGradient(Workspace workspace, Tensor dy, Tensor y, float amplitude, float slope) =>
        Elementwise.Map(workspace, dy, y, new ScaledTanhSlope(amplitude, slope / amplitude));

    /// <summary>α · (eˣ − 1) where x ≤ 0, else x.</summary>
    public static Tensor ExponentialLinear(Workspace workspace, Tensor x, float alpha) => Elementwise.Map(workspace, x, x, new Exponential(alpha));

    /// <summary>∂L/∂x from ∂L/∂y and x: ∂L/∂y · (α · eˣ) where x ≤ 0, else ∂L/∂y.</summary>
    public static Tensor ExponentialLinearGradient(Workspace workspace, Tensor dy, Tensor x, float alpha) =>
        Elementwise.Map(workspace, dy, x, new ExponentialSlope(alpha));

    /// <summary>x · Φ(x) = x · (½ · (1 + erf(x/√2))), rounded once.</summary>
    public static Tensor GaussianErrorLinear(Workspace workspace, Tensor x) => Elementwise.Map(workspace, x, x, default(Gaussian));

    /// <summary>∂L/∂x from ∂L/∂y and x: ∂L/∂y · (Φ(x) + x · φ(x)), the factor rounded once.</summary>
    public static Tensor GaussianErrorLinearGradient(Workspace workspace, Tensor dy, Tensor x) => Elementwise.Map(workspace, dy, x, default(GaussianSlope));

    private readonly struct Rectifier : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b) where T : struct, ILanes<T> => T.SelectLessOrEqual(a, T.Broadcast(0), T.Broadcast(0), a);
    }

    private readonly struct Gate : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b) where T : struct, ILanes<T> => T.SelectLessOrEqual(b, T.Broadcast(0), T.Broadcast(0), a);
    }

    private readonly struct Leak(float slope) : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b) where T : struct, ILanes<T> => T.SelectLessOrEqual(b, T.Broadcast(0), T.Multiply(T.Broadcast(slope), a), a);
    }

    private readonly struct Logistic : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b) where T : struct, ILanes<T> => T.InDouble(a, default(ExactMath.SigmoidFunction));
    }

    private readonly struct LogisticSlope : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b) where T : struct, ILanes<T> => T.Multiply(a, T.Multiply(b, T.Subtract(T.Broadcast(1), b)));
    }

    private readonly struct ScaledTanh(float amplitude, float slope) : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b) where T : struct, ILanes<T> =>
            T.Multiply(T.Broadcast(amplitude), T.InDouble(T.Multiply(T.Broadcast(slope), a), default(ExactMath.TanhFunction)));
    }

    private readonly struct ScaledTanhSlope(float amplitude, float factor) : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b) where T : struct, ILanes<T> =>
            T.Multiply(a, T.Multiply(T.Broadcast(factor), T.Multiply(T.Subtract(T.Broadcast(amplitude), b), T.Add(T.Broadcast(amplitude), b))));
    }

    private readonly struct Exponential(float alpha) : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b) where T : struct, ILanes<T> =>
            T.SelectLessOrEqual(a, T.Broadcast(0), T.Multiply(T.Broadcast(alpha), T.InDouble(a, default(ExactMath.Expm1Function))), a);
    }

    private readonly struct ExponentialSlope(float alpha) : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b) where T : struct, ILanes<T> => T.SelectLessOrEqual(
            b, T.Broadcast(0), T.Multiply(a, T.Multiply(T.Broadcast(alpha), T.InDouble(b, default(ExactMath.ExpFunction)))), a);
    }

    private readonly struct Gaussian : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b) where T : struct, ILanes<T> => T.InDouble(a, default(ExactMath.GeluFunction));
    }

    private readonly struct GaussianSlope : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b) where T : struct, ILanes<T> => T.Multiply(a, T.InDouble(b, default(ExactMath.GeluSlopeFunction)));
    }
}
