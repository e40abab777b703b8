namespace FunctionalLeNet.Core.Numerics;

public static partial class ExactMath
{
    /// <summary>
    /// The hyperbolic tangent: x + x³ P(x²)/Q(x²) where it is about ½ or less (S. Moshier, Cephes, double/tanh.c), else
    /// 1 − 2/(e²ˣ + 1), with the rounding errors of the sums carried along.
    /// </summary>
    /// <param name="x">Any number.</param>
    /// <returns>tanh x within 1 ulp, in [−1, 1]; NaN for NaN, −0 for −0.</returns>
    public static double Tanh(double x)
    {
        const double P0 = -9.64399179425052238628e-1;
        const double P1 = -9.92877231001918586564e1;
        const double P2 = -1.61468768441708447952e3;
        const double Q0 = 1.12811678491632931402e2;
        const double Q1 = 2.23548839060100448583e3;
        const double Q2 = 4.84406305325125486048e3;
        const double Tiny = 1.0 / (1 << 28);
        const double Crossover = 0.55;

        var z = x * x;
        var ratio = (P2 + (z * (P1 + (z * P0)))) / (Q2 + (z * (Q1 + (z * (Q0 + z)))));
        var small = x + (x * (z * ratio));

        var magnitude = Math.Abs(x);
        var (k, minus1, tail) = ExpParts(magnitude > 22 ? 44 : 2 * magnitude);
        var scale = PowerOfTwo(k);
        var (one, error) = TwoSum(1, minus1);
        var (exp, expError) = TwoSum(one, error + tail);
        var (d, sumError) = TwoSum(exp * scale, 1);
        var q = 2 / d;
        var correction = q * ((sumError + (expError * scale)) * (0.5 * q));
        var (rest, restError) = TwoSum(1, -q);
        var large = rest + (restError + correction);

        return magnitude < Tiny ? x
            : magnitude < Crossover ? small
            : x < 0 ? -large : large;
    }
}
