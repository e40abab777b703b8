using CsCheck;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Numerics;
using FunctionalLeNet.Tests.Kernels;

namespace FunctionalLeNet.Tests.Numerics;

/// <summary>The functions that are written once for every number of lanes have the same bits in all of them, whatever this processor has.</summary>
public class DoublesTests
{
    private static readonly Gen<float> Arguments = Gen.OneOf(
        Gen.Float[-120, 100], Gen.Float[-1, 1], Gen.Float[-1e-6f, 1e-6f], Gen.Float, KernelCases.Any,
        Gen.OneOf(88.722839f, 88.72284f, -103.97208f, -103.9721f, 110f, -110f, 55f, -55f, 710f, -746f));

    [Fact]
    public void The_exponential_has_the_same_bits_in_any_lanes() => Check(default(ExactMath.ExpFunction), ExactMath.Exp);

    [Fact]
    public void The_exponential_less_one_has_the_same_bits_in_any_lanes() => Check(default(ExactMath.Expm1Function), ExactMath.Expm1);

    [Fact]
    public void The_sigmoid_has_the_same_bits_in_any_lanes() => Check(default(ExactMath.SigmoidFunction), ExactMath.Sigmoid);

    [Fact]
    public void The_tangent_has_the_same_bits_in_any_lanes() => Check(default(ExactMath.TanhFunction), ExactMath.Tanh);

    [Fact]
    public void The_logarithm_has_the_same_bits_in_any_lanes() => Check(default(ExactMath.LogFunction), ExactMath.Log);

    [Fact]
    public void The_normal_distributions_functions_have_the_same_bits_in_any_lanes()
    {
        Check(default(ExactMath.GeluFunction), x => (float)default(ExactMath.GeluFunction).Apply<Doubles1>(x).Value);
        Check(default(ExactMath.GeluSlopeFunction), x => (float)default(ExactMath.GeluSlopeFunction).Apply<Doubles1>(x).Value);
    }

    [Fact]
    public void The_sigmoid_is_its_definition_and_never_falls()
    {
        Gen.Float[-80, 80].Sample(x => Assert.Equal(1 / (1 + Math.Exp(-(double)x)), ExactMath.Sigmoid(x), 1e-7 * ExactMath.Sigmoid(x)));
        Gen.OneOf(Gen.Float[-3, 3], Gen.Float[-120, 120]).Sample(x => Assert.True(ExactMath.Sigmoid(x) <= ExactMath.Sigmoid(MathF.BitIncrement(x)), $"{x:R}"), iter: 20_000);
        Assert.Equal(
            [0, 0.5f, 0.5f, 1, float.NaN],
            new[] { float.NegativeInfinity, -0f, 0f, float.PositiveInfinity, float.NaN }.Select(ExactMath.Sigmoid));
    }

    private static unsafe void Check<TFunction>(TFunction function, Func<float, float> scalar) where TFunction : unmanaged, IDoubleFunction =>
        Arguments.Array[16].Sample(
            numbers =>
            {
                float[] expected = [.. numbers.Select(scalar)];
                Check<Lanes1>();
                Check<Lanes128>();
                Check<Lanes256>();
                Check<Lanes512>();

                void Check<T>() where T : struct, ILanes<T>
                {
                    var found = new float[16];
                    fixed (float* x = numbers, y = found)
                        for (var i = 0; i < 16; i += T.Count)
                            T.Store(T.InDouble(T.Load(x + i), function), y + i);
                    KernelCases.Same(expected, found);
                }
            },
            iter: 2_000);
}
