using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CsCheck;
using FunctionalLeNet.Core.Numerics;

namespace FunctionalLeNet.Tests.Numerics;

public class ExactMathTests
{
    private static readonly Dictionary<string, (Func<double, double> Double, Func<float, float> Single, string Vectors)> Functions = new()
    {
        ["exp"] = (ExactMath.Exp, ExactMath.Exp, ExactMathVectors.Exp),
        ["expm1"] = (ExactMath.Expm1, ExactMath.Expm1, ExactMathVectors.Expm1),
        ["log"] = (ExactMath.Log, ExactMath.Log, ExactMathVectors.Log),
        ["log1p"] = (ExactMath.Log1p, ExactMath.Log1p, ExactMathVectors.Log1p),
        ["tanh"] = (ExactMath.Tanh, ExactMath.Tanh, ExactMathVectors.Tanh),
        ["sin"] = (ExactMath.Sin, ExactMath.Sin, ExactMathVectors.Sin),
        ["cos"] = (ExactMath.Cos, ExactMath.Cos, ExactMathVectors.Cos),
        ["erf"] = (ExactMath.Erf, ExactMath.Erf, ExactMathVectors.Erf),
    };

    public static TheoryData<string> Names => [.. Functions.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_function_is_within_an_ulp_of_its_true_value(string name)
    {
        var (function, _, vectors) = Functions[name];
        var lines = vectors.Split('\n');
        Assert.Equal(240, lines.Length);
        foreach (var line in lines)
        {
            var fields = line.Split(' ');
            var (x, nearest, rest) = (FromHex(fields[0]), FromHex(fields[1]), int.Parse(fields[2], CultureInfo.InvariantCulture) / 1000.0);
            var actual = function(x);
            var error = BitConverter.DoubleToInt64Bits(actual) - BitConverter.DoubleToInt64Bits(nearest) - (nearest < 0 ? -rest : rest);
            Assert.True(Math.Abs(error) <= 1, $"{name}({x:R}) is {actual:R}, which is {error} ulp off {nearest:R}.");
        }
    }

    /// <summary>
    /// A hundred thousand values of each function, pinned: a change of a single bit, by hand or by a processor, shows.
    /// </summary>
    [Theory]
    [InlineData("exp", "57ab676857fcc0ca")]
    [InlineData("expm1", "baf412dc973cbc2a")]
    [InlineData("log", "d15a167756f27d2d")]
    [InlineData("log1p", "4fe28d104450ef02")]
    [InlineData("tanh", "3e574e93b7b1f556")]
    [InlineData("sin", "10430deb786103ad")]
    [InlineData("cos", "ac2b41721a2dcd07")]
    [InlineData("erf", "9d2d2e1bd788a517")]
    public void A_function_has_the_same_bits_everywhere(string name, string hash)
    {
        var function = Functions[name].Double;
        var scale = name switch { "exp" or "expm1" => 700, "log1p" => 0.999, "tanh" => 20, "erf" => 6, _ => 1e6 };

        // Multiples of the golden ratio fill the interval evenly; their reciprocals and fifth powers reach the small arguments.
        var values = new double[100_000];
        for (var i = 0; i < values.Length; i += 2)
        {
            var x = scale * ((i * 0.6180339887498949 % 2) - 1);
            x = name == "log" ? Math.Abs(x) + 1e-9 : x;
            values[i] = function(x);
            values[i + 1] = function(name == "log1p" ? x * x * x * x * x : 1 / x is var y && double.IsFinite(y) ? y : 0.5);
        }
        Assert.All(values, v => Assert.False(double.IsNaN(v)));
        Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(values.AsSpan())))[..16]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_float32_function_is_the_double_function_rounded_once(string name)
    {
        var (function, single, _) = Functions[name];
        Gen.UInt.Select(BitConverter.UInt32BitsToSingle).Sample(x =>
        {
            var expected = (float)function(x);
            Assert.True(expected.Equals(single(x)), $"{name}({x:R})");
        });
    }

    // Before it is rounded to float32 the exponential that runs in lanes is within 2⁻⁵⁰ of the other, so a coefficient that is off shows.
    [Fact]
    public void The_exponential_in_lanes_is_as_exact_as_a_double()
    {
        for (var i = 0; i < 20_000; i++)
        {
            var x = 100 * ((i * 0.6180339887498949 % 2) - 1);
            var (exact, found) = (ExactMath.Exp(x), default(ExactMath.ExpFunction).Apply<Doubles1>(x).Value);
            Assert.True(Math.Abs(found - exact) <= double.ScaleB(exact, -50), $"exp({x:R}) is {found:R}, not {exact:R}.");
        }
    }

    [Theory]
    [InlineData("exp")]
    [InlineData("expm1")]
    [InlineData("log")]
    [InlineData("log1p")]
    [InlineData("tanh")]
    [InlineData("erf")]
    public void An_increasing_function_never_falls_in_float32(string name)
    {
        var single = Functions[name].Single;
        Gen.OneOf(Gen.UInt.Select(BitConverter.UInt32BitsToSingle), Gen.Float[-3, 3], Gen.Float[-90, 90]).Sample(
            x =>
            {
                var (here, next) = (single(x), single(MathF.BitIncrement(x)));
                Assert.True(here <= next || float.IsNaN(here) || float.IsNaN(next), $"{name}({x:R}) = {here:R} > {next:R}");
            },
            iter: 20_000);
    }

    [Theory]
    [InlineData("tanh", -1)]
    [InlineData("erf", -1)]
    [InlineData("sin", -1)]
    [InlineData("cos", 1)]
    public void Odd_functions_are_odd_and_even_ones_even_to_the_bit(string name, int sign)
    {
        var function = Functions[name].Double;
        Gen.OneOf(Gen.Double, Gen.Double[-10, 10]).Sample(x => Assert.True((sign * function(x)).Equals(function(-x)), $"{name}({x:R})"));
    }

    [Theory]
    [InlineData("exp", 0.0, 1.0)]
    [InlineData("exp", double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData("exp", double.NegativeInfinity, 0.0)]
    [InlineData("exp", 710.0, double.PositiveInfinity)]
    [InlineData("exp", double.MaxValue, double.PositiveInfinity)]
    [InlineData("exp", double.MinValue, 0.0)]
    [InlineData("exp", -745.13, 5e-324)]
    [InlineData("exp", -745.14, 0.0)]
    [InlineData("expm1", 0.0, 0.0)]
    [InlineData("expm1", -5e-324, -5e-324)]
    [InlineData("expm1", double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData("expm1", double.NegativeInfinity, -1.0)]
    [InlineData("expm1", double.MinValue, -1.0)]
    [InlineData("expm1", double.MaxValue, double.PositiveInfinity)]
    [InlineData("log", 1.0, 0.0)]
    [InlineData("log", 0.0, double.NegativeInfinity)]
    [InlineData("log", -1.0, double.NaN)]
    [InlineData("log", -5e-324, double.NaN)]
    [InlineData("log", double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData("log", double.NegativeInfinity, double.NaN)]
    [InlineData("log1p", 0.0, 0.0)]
    [InlineData("log1p", -1.0, double.NegativeInfinity)]
    [InlineData("log1p", -1.0000000000000002, double.NaN)]
    [InlineData("log1p", double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData("log1p", double.NegativeInfinity, double.NaN)]
    [InlineData("tanh", 0.0, 0.0)]
    [InlineData("tanh", 5e-324, 5e-324)]
    [InlineData("tanh", 23.0, 1.0)]
    [InlineData("tanh", double.PositiveInfinity, 1.0)]
    [InlineData("tanh", double.NegativeInfinity, -1.0)]
    [InlineData("sin", 0.0, 0.0)]
    [InlineData("sin", double.PositiveInfinity, double.NaN)]
    [InlineData("sin", double.NegativeInfinity, double.NaN)]
    [InlineData("cos", 0.0, 1.0)]
    [InlineData("cos", double.PositiveInfinity, double.NaN)]
    [InlineData("erf", 0.0, 0.0)]
    [InlineData("erf", double.PositiveInfinity, 1.0)]
    [InlineData("erf", double.NegativeInfinity, -1.0)]
    public void Corners_are_those_of_IEEE_754(string name, double x, double expected)
    {
        var actual = Functions[name].Double(x);
        Assert.True(
            double.IsNaN(expected) ? double.IsNaN(actual) : BitConverter.DoubleToInt64Bits(expected) == BitConverter.DoubleToInt64Bits(actual),
            $"{name}({x:R}) is {actual:R}, not {expected:R}.");
    }

    [Theory]
    [InlineData("exp", 1.0)]
    [InlineData("expm1", -0.0)]
    [InlineData("log", double.NegativeInfinity)]
    [InlineData("log1p", -0.0)]
    [InlineData("tanh", -0.0)]
    [InlineData("sin", -0.0)]
    [InlineData("cos", 1.0)]
    [InlineData("erf", -0.0)]
    public void Negative_zero_keeps_its_sign(string name, double expected) =>
        Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(Functions[name].Double(-0.0)));

    [Theory]
    [MemberData(nameof(Names))]
    public void NaN_stays_NaN(string name)
    {
        Assert.True(double.IsNaN(Functions[name].Double(double.NaN)));
        Assert.True(float.IsNaN(Functions[name].Single(float.NaN)));
    }

    private static double FromHex(string bits) => BitConverter.UInt64BitsToDouble(ulong.Parse(bits, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
}
