namespace FunctionalLeNet.Core.Numerics;

/// <summary>
/// The elementary functions, defined to the last bit on every machine: each is a fixed sequence of IEEE 754 additions,
/// subtractions, multiplications, divisions, comparisons and integer operations on bits. No fused operation, no table,
/// no call to the platform's C library, whose results differ between systems.
/// </summary>
/// <remarks>
/// <para>
/// The double functions are within 1 ulp of the true value. The float32 functions are computed in double and rounded once
/// to float32, which is the correctly rounded float32 but for about one argument in 2²⁵ or fewer.
/// </para>
/// <para>
/// The float32 exponential, sigmoid and tanh of layers are written once for any number of lanes (<c>ExactMath.Single.cs</c>).
/// </para>
/// <para>
/// The reductions and approximations are those of fdlibm 5.3 (K. C. Ng and others, https://www.netlib.org/fdlibm/):
/// e_exp.c, s_expm1.c, e_log.c, s_log1p.c, k_sin.c, k_cos.c, e_rem_pio2.c and s_erf.c. Its notice: Copyright (C) 1993, 2004
/// by Sun Microsystems, Inc. All rights reserved. Permission to use, copy, modify, and distribute this software is freely
/// granted, provided that this notice is preserved. Here the sums that fdlibm rounds twice are carried exactly
/// (<see cref="TwoSum"/>), so fewer branches meet the same bound.
/// </para>
/// </remarks>
public static partial class ExactMath
{
    // ln 2 in two parts; the first has 32 bits, so that its products with exponents are exact.
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;

    // 1.5 · 2⁵²: adding it rounds to an integer, which then stands in the low bits of the sum.
    private const double Shifter = 6755399441055744.0;

    // Rounds to the nearest integer, ties to even, for |x| < 2³¹; what comes of a NaN or an infinity is not used.
    private static (double Value, int Integer) Round(double x)
    {
        var shifted = x + Shifter;
        return (shifted - Shifter, unchecked((int)BitConverter.DoubleToInt64Bits(shifted)));
    }

    // The sum and its rounding error: a + b = Sum + Error exactly (Knuth, TAOCP 2, section 4.2.2, theorem B).
    private static (double Sum, double Error) TwoSum(double a, double b)
    {
        var sum = a + b;
        var addend = sum - a;
        return (sum, (a - (sum - addend)) + (b - addend));
    }

    // 2ᵏ for −1022 ≤ k ≤ 1023.
    private static double PowerOfTwo(int k) => BitConverter.Int64BitsToDouble((long)(k + 1023) << 52);

    // x · 2ᵏ for −2044 ≤ k ≤ 2046, rounded once if x is near 1: the first half is exact.
    private static double Scale(double x, int k) => x * PowerOfTwo(k >> 1) * PowerOfTwo(k - (k >> 1));
}
