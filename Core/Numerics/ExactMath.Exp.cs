namespace FunctionalLeNet.Core.Numerics;

public static partial class ExactMath
{
    /// <summary>The exponential eˣ = 2ᵏ eʳ with x = k ln 2 + r and |r| ≤ ½ ln 2.</summary>
    /// <param name="x">Any number.</param>
    /// <returns>eˣ within 1 ulp; NaN for NaN, 0 for −∞, +∞ where it overflows.</returns>
    public static double Exp(double x)
    {
        var (k, minus1, tail) = ExpParts(Clamp(x));
        var (one, error) = TwoSum(1, minus1);
        return Scale(one + (error + tail), k);
    }

    /// <summary>eˣ − 1, accurate near 0 too: 2ᵏ eʳ − 1, where the sum's rounding errors are carried along.</summary>
    /// <param name="x">Any number.</param>
    /// <returns>eˣ − 1 within 1 ulp; NaN for NaN, −1 for −∞, +∞ where it overflows, −0 for −0.</returns>
    public static double Expm1(double x)
    {
        const double Tiny = 1.0 / (1L << 54);

        var (k, minus1, tail) = ExpParts(Clamp(x));
        var (one, error) = TwoSum(1, minus1);
        var head = Scale(one, k);
        var (sum, sumError) = TwoSum(head, -1);
        var result = sum + (sumError + Scale(error + tail, k));
        return Math.Abs(x) < Tiny ? x
            : double.IsPositiveInfinity(head) ? head
            : k == 0 ? minus1 + tail
            : result;
    }

    // Beyond these bounds the exponential is +∞ or 0 all the same, and within them k has 11 bits. NaN stays NaN.
    private static double Clamp(double x)
    {
        var bounded = x > 710 ? 710 : x;
        return bounded < -746 ? -746 : bounded;
    }

    // eˣ = 2ᵏ (1 + Minus1 + Tail), where Tail carries the precision some 6 bits beyond double.
    private static (int K, double Minus1, double Tail) ExpParts(double x)
    {
        const double InverseLn2 = 1.44269504088896338700e+00;

        // x = k ln 2 + r + ρ; the first product is exact.
        var (n, k) = Round(x * InverseLn2);
        var high = x - (n * Ln2High);
        var low = n * Ln2Low;
        var r = high - low;
        var ρ = (high - r) - low;

        // eʳ − 1 = r + r²/2 + Σ rⁿ/n!, n = 3 to 14, whose remainder is below 2⁻⁶²; r² = h² + (r − h)(r + h), where h has
        // 26 bits and so h² is exact.
        var h = BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(r) & ~0x7ffffffL);
        var (minus1, error) = TwoSum(r, 0.5 * h * h);
        var z = r * r;
        var odd = (1.0 / 6) + (z * ((1.0 / 120) + (z * ((1.0 / 5040) + (z * ((1.0 / 362880) + (z * ((1.0 / 39916800) + (z * (1.0 / 6227020800))))))))));
        var even = (1.0 / 24) + (z * ((1.0 / 720) + (z * ((1.0 / 40320) + (z * ((1.0 / 3628800) + (z * ((1.0 / 479001600) + (z * (1.0 / 87178291200))))))))));
        var rest = (0.5 * (r - h) * (r + h)) + (r * z * (odd + (r * even))) + (ρ + (ρ * r));
        return (k, minus1, error + rest);
    }
}
