using System.Runtime.CompilerServices;

namespace FunctionalLeNet.Core.Numerics;

/// <summary>
/// The exponential and its kin for float32 numbers, computed in double and rounded once. From one reduction follow all of them, each with a single division.
/// </summary>
/// <remarks>
/// x = k ln 2 + r with |r| ≤ ½ ln 2, and eʳ = (R + r)/(R − r), where R(r²) = r (eʳ + 1)/(eʳ − 1) = 2 + r²/6 − r⁴/360 + … is an even function
/// (fdlibm, e_exp.c, whose polynomial is within 2⁻⁵⁹). With p = 2ᵏ:
/// <code>
/// eˣ        =  p (R + r)                / (R − r)
/// eˣ − 1    = ((p − 1) R + (p + 1) r)   / (R − r)
/// 1/(1+e⁻ˣ) =  p (R + r)                / (p (R + r) + (R − r))
/// tanh(x/2) = ((p − 1) R + (p + 1) r)   / ((p + 1) R + (p − 1) r)
/// </code>
/// For small x, p is 1 and nothing cancels. The double quotients are within about 4 ulp, so that the float32 is the correctly rounded one
/// but for about one argument in 2²⁵.
/// </remarks>
public static partial class ExactMath
{
    /// <summary>The exponential eˣ, rounded once to float32.</summary>
    /// <param name="x">Any number.</param>
    /// <returns>eˣ; NaN for NaN, 0 for −∞, +∞ where it overflows.</returns>
    public static float Exp(float x) => (float)default(ExpFunction).Apply<Doubles1>(x).Value;

    /// <summary>eˣ − 1, rounded once to float32, accurate near 0 too.</summary>
    /// <param name="x">Any number.</param>
    /// <returns>eˣ − 1; NaN for NaN, −1 for −∞, +∞ where it overflows, −0 for −0.</returns>
    public static float Expm1(float x) => (float)default(Expm1Function).Apply<Doubles1>(x).Value;

    /// <summary>The logistic sigmoid 1/(1 + e⁻ˣ), rounded once to float32.</summary>
    /// <param name="x">Any number.</param>
    /// <returns>A number in [0, 1]; NaN for NaN.</returns>
    public static float Sigmoid(float x) => (float)default(SigmoidFunction).Apply<Doubles1>(x).Value;

    /// <summary>The hyperbolic tangent, rounded once to float32.</summary>
    /// <param name="x">Any number.</param>
    /// <returns>tanh x in [−1, 1]; NaN for NaN, −0 for −0.</returns>
    public static float Tanh(float x) => (float)default(TanhFunction).Apply<Doubles1>(x).Value;

    /// <summary>eˣ.</summary>
    internal readonly struct ExpFunction : IDoubleFunction
    {
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public T Apply<T>(T x) where T : struct, IDoubles<T>
        {
            var (p, R, r) = Reduced(x);
            return p * (R + r) / (R - r);
        }
    }

    /// <summary>eˣ − 1.</summary>
    internal readonly struct Expm1Function : IDoubleFunction
    {
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public T Apply<T>(T x) where T : struct, IDoubles<T>
        {
            var (p, R, r) = Reduced(x);
            return T.CopySign((((p - 1) * R) + ((p + 1) * r)) / (R - r), x);
        }
    }

    /// <summary>1/(1 + e⁻ˣ).</summary>
    internal readonly struct SigmoidFunction : IDoubleFunction
    {
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public T Apply<T>(T x) where T : struct, IDoubles<T>
        {
            var (p, R, r) = Reduced(x);
            var numerator = p * (R + r);
            return numerator / (numerator + (R - r));
        }
    }

    /// <summary>tanh x, with the sign taken apart so that it is odd to the bit.</summary>
    internal readonly struct TanhFunction : IDoubleFunction
    {
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public T Apply<T>(T x) where T : struct, IDoubles<T>
        {
            var (p, R, r) = Reduced(T.CopySign(x + x, 0));
            return T.CopySign((((p - 1) * R) + ((p + 1) * r)) / (((p + 1) * R) + ((p - 1) * r)), x);
        }
    }

    /// <summary>log x, number by number.</summary>
    internal readonly struct LogFunction : IDoubleFunction
    {
        public T Apply<T>(T x) where T : struct, IDoubles<T> => T.Each(x, Log);
    }

    /// <summary>x Φ(x), where Φ(x) = ½ (1 + erf(x/√2)) is the normal distribution's.</summary>
    internal readonly struct GeluFunction : IDoubleFunction
    {
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public T Apply<T>(T x) where T : struct, IDoubles<T> => x * Normal(x);
    }

    /// <summary>The derivative of x Φ(x): Φ(x) + x exp(−x²/2)/√(2π).</summary>
    internal readonly struct GeluSlopeFunction : IDoubleFunction
    {
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public T Apply<T>(T x) where T : struct, IDoubles<T>
        {
            const double InverseSqrt2Pi = 0.39894228040143267794;
            return Normal(x) + (x * (InverseSqrt2Pi * default(ExpFunction).Apply(x * x * -0.5)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Normal<T>(T x) where T : struct, IDoubles<T>
    {
        const double SqrtHalf = 0.70710678118654752440;
        return 0.5 * (1 + T.Each(x * SqrtHalf, Erf));
    }

    // p = 2ᵏ, R and r as above. Beyond ±110 nothing changes in float32, and NaN stays NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (T P, T R, T Remainder) Reduced<T>(T number) where T : struct, IDoubles<T>
    {
        const double InverseLn2 = 1.44269504088896338700e+00;
        const double P1 = 1.66666666666666019037e-01;
        const double P2 = -2.77777777770155933842e-03;
        const double P3 = 6.61375632143793436117e-05;
        const double P4 = -1.65339022054652515390e-06;
        const double P5 = 4.13813679705723846039e-08;

        var x = T.SelectLess(110, number, 110, number);
        x = T.SelectLess(x, -110, -110, x);
        var shifted = (x * InverseLn2) + Shifter;
        var k = shifted - Shifter;
        var r = (x - (k * Ln2High)) - (k * Ln2Low);
        var z = r * r;
        return (T.PowerOfTwo(shifted), 2 + (z * (P1 + (z * (P2 + (z * (P3 + (z * (P4 + (z * P5))))))))), r);
    }
}

/// <summary>A function of one number, the same operations in every lane.</summary>
internal interface IDoubleFunction
{
    /// <summary>The value in every lane.</summary>
    T Apply<T>(T x) where T : struct, IDoubles<T>;
}
