using System.Numerics;
using CsCheck;
using FunctionalLeNet.Core.Numerics;

namespace FunctionalLeNet.Tests.Numerics;

public class FmaTests
{
    private static readonly float[] Special =
        [0f, -0f, 1f, -1f, float.MaxValue, float.MinValue, float.Epsilon, float.PositiveInfinity, float.NegativeInfinity, float.NaN];

    // Bit patterns with exponents that often meet: uniform bits, small exponents, subnormals and round numbers.
    private static readonly Gen<float> Value = Gen.OneOf(
        Gen.UInt.Select(BitConverter.UInt32BitsToSingle),
        Gen.Select(Gen.UInt[0, 0x7fffff], Gen.UInt[96, 158], Gen.Bool, Compose),
        Gen.Select(Gen.UInt[0, 0x7fffff], Gen.UInt[48, 80], Gen.Bool, Compose),
        Gen.Select(Gen.UInt[0, 0x7fffff], Gen.Const(0u), Gen.Bool, Compose),
        Gen.Select(Gen.UInt[0, 15].Select(i => i << 19), Gen.UInt[0, 255], Gen.Bool, Compose),
        Gen.Select(Gen.UInt[0, 15], Gen.UInt[0, 255], Gen.Bool, Compose),
        Gen.Int[0, Special.Length - 1].Select(i => Special[i]));

    [Fact]
    public void The_software_fma_is_the_exact_sum_rounded_once() =>
        Gen.Select(Value, Value, Value).Sample(
            (a, b, c) => AssertSame(Reference(a, b, c), Fma.SoftwareSingle(a, b, c), a, b, c), iter: 4_000 * Check.Iter);

    [Fact]
    public void The_software_fma_is_the_exact_sum_where_terms_cancel() =>
        Gen.Select(Value, Value, Gen.Int[-40, 40]).Sample(
            (a, b, steps) =>
            {
                // A summand within some float32 steps of the product, or of its half or double.
                var near = -(float)((double)a * b);
                var c = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(near) + (steps / 3)) * (steps % 3) switch { 0 => 1f, 1 => 2f, _ => 0.5f };
                AssertSame(Reference(a, b, c), Fma.SoftwareSingle(a, b, c), a, b, c);
            },
            iter: 4_000 * Check.Iter);

    [Fact]
    public void Rounding_twice_would_show()
    {
        // (1 + 2⁻¹²)² is half way between two float32; 2⁻⁸⁰ more decides, and is lost where the sum is first rounded to double.
        var (a, c) = (1 + MathF.ScaleB(1, -12), MathF.ScaleB(1, -80));
        Assert.Equal(1 + MathF.ScaleB(1, -11) + MathF.ScaleB(1, -23), Fma.SoftwareSingle(a, a, c));
        Assert.Equal(1 + MathF.ScaleB(1, -11), (float)(((double)a * a) + c));
    }

    [Fact]
    public void The_fma_in_use_is_the_software_fma() =>
        Gen.Select(Value, Value, Value).Sample(
            (a, b, c) => AssertSame(Fma.SoftwareSingle(a, b, c), Fma.Single(a, b, c), a, b, c), iter: 4_000 * Check.Iter);

    [Theory]
    [InlineData(float.PositiveInfinity, 0f, 1f, float.NaN)]
    [InlineData(float.PositiveInfinity, 1f, float.NegativeInfinity, float.NaN)]
    [InlineData(float.PositiveInfinity, -1f, 1f, float.NegativeInfinity)]
    [InlineData(float.NaN, 0f, 0f, float.NaN)]
    [InlineData(float.MaxValue, 2f, float.NegativeInfinity, float.NegativeInfinity)]
    [InlineData(float.MaxValue, 2f, -float.MaxValue, float.MaxValue)]
    [InlineData(float.MaxValue, 2f, 0f, float.PositiveInfinity)]
    [InlineData(float.Epsilon, 0.5f, 0f, 0f)]
    [InlineData(float.Epsilon, 0.5f, float.Epsilon, 2 * float.Epsilon)]
    [InlineData(1f, 1f, -1f, 0f)]
    [InlineData(-0f, 1f, -0f, -0f)]
    [InlineData(-1f, 0f, 0f, 0f)]
    public void Corners_are_those_of_IEEE_754(float a, float b, float c, float expected)
    {
        AssertSame(expected, Fma.SoftwareSingle(a, b, c), a, b, c);
        AssertSame(expected, Fma.Single(a, b, c), a, b, c);
    }

    private static float Compose(uint significand, uint exponent, bool negative) =>
        BitConverter.UInt32BitsToSingle((negative ? 1u << 31 : 0) | (exponent << 23) | significand);

    private static void AssertSame(float expected, float actual, float a, float b, float c) =>
        Assert.True(
            float.IsNaN(expected) ? float.IsNaN(actual) : BitConverter.SingleToInt32Bits(expected) == BitConverter.SingleToInt32Bits(actual),
            $"fma({a:R}, {b:R}, {c:R}) is {expected:R}, but {actual:R} was computed.");

    // a·b + c in whole numbers of 2⁻²⁹⁸, then rounded to float32 by its definition.
    private static float Reference(float a, float b, float c)
    {
        if (!float.IsFinite(a) || !float.IsFinite(b) || !float.IsFinite(c))
            return float.IsFinite(a) && float.IsFinite(b) ? c : (a * b) + c;
        var product = Units(a) * Units(b);
        var sum = product + (Units(c) << 149);
        return sum.IsZero
            ? product.IsZero ? (a * b) + c : 0f
            : (sum.Sign < 0 ? -1 : 1) * RoundToSingle(BigInteger.Abs(sum));
    }

    // A float32 is a whole number of 2⁻¹⁴⁹.
    private static BigInteger Units(float x)
    {
        var bits = BitConverter.SingleToInt32Bits(x);
        var exponent = (bits >> 23) & 0xff;
        var significand = (bits & 0x7fffff) | (exponent == 0 ? 0 : 0x800000);
        var magnitude = (BigInteger)significand << Math.Max(exponent - 1, 0);
        return bits < 0 ? -magnitude : magnitude;
    }

    private static float RoundToSingle(BigInteger units)
    {
        var drop = Math.Max((int)units.GetBitLength() - 24, 149);
        var significand = units >> drop;
        var rest = units - (significand << drop);
        var half = BigInteger.One << (drop - 1);
        if (rest > half || (rest == half && !significand.IsEven))
            significand += 1;

        // The significand's leading bit adds 1 to the exponent field, as does a carry out of it.
        var field = ((long)(drop - 149) << 23) + (long)significand;
        return field >= 0x7f800000 ? float.PositiveInfinity : BitConverter.Int32BitsToSingle((int)field);
    }
}
