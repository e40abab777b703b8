using CsCheck;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Numerics;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Tests.Kernels;

public class SoftmaxTests
{
    private static readonly Gen<(int Samples, int Classes, float[] X, float[] Dy, int Threads)> Cases =
        from samples in KernelCases.Samples
        from classes in Gen.Int[1, 20]
        from x in Gen.OneOf(Gen.Float[-10, 10], Gen.Float[-200, 200], KernelCases.Any).Array[samples * classes]
        from dy in KernelCases.Numbers(samples * classes)
        from threads in KernelCases.Threads
        select (samples, classes, x, dy, threads);

    [Fact]
    public void Softmax_and_its_derivative_are_their_formulas_to_the_last_bit() => Check(
        x =>
        {
            var (exponentials, _) = Exponentials(x);
            var sum = exponentials.Aggregate(0f, (total, e) => total + e);
            return [.. exponentials.Select(e => e / sum)];
        },
        (p, dp) =>
        {
            var sum = p.Zip(dp).Aggregate(0f, (chain, pair) => MathF.FusedMultiplyAdd(pair.Second, pair.First, chain));
            return [.. p.Zip(dp, (value, gradient) => value * (gradient - sum))];
        },
        Softmax.Forward,
        Softmax.InputGradient);

    [Fact]
    public void Log_softmax_and_its_derivative_are_their_formulas_to_the_last_bit() => Check(
        x =>
        {
            var (exponentials, maximum) = Exponentials(x);
            var logarithm = ExactMath.Log(exponentials.Aggregate(0f, (total, e) => total + e));
            return [.. x.Select(value => value - maximum - logarithm)];
        },
        (y, dy) =>
        {
            var sum = dy.Aggregate(0f, (total, gradient) => total + gradient);
            return [.. y.Zip(dy, (value, gradient) => gradient - (ExactMath.Exp(value) * sum))];
        },
        Softmax.LogForward,
        Softmax.LogInputGradient);

    [Fact]
    public void The_logarithm_of_a_softmax_is_finite_where_the_softmax_is_zero()
    {
        using var workspace = new Workspace();
        var x = KernelCases.Grouped(workspace, Shape.Of(1, 2), [0, 200]);
        Assert.Equal([0, 1], Softmax.Forward(workspace, x).ToArray());
        Assert.Equal([-200, 0], Softmax.LogForward(workspace, x).ToArray());
    }

    private static (float[] Values, float Maximum) Exponentials(float[] x)
    {
        var maximum = x.Aggregate(float.NegativeInfinity, (largest, value) => value >= largest ? value : largest);
        return ([.. x.Select(value => ExactMath.Exp(value - maximum))], maximum);
    }

    private static void Check(
        Func<float[], float[]> value, Func<float[], float[], float[]> derivative, Func<Workspace, Tensor, Tensor> forward, Func<Workspace, Tensor, Tensor, Tensor> backward) =>
        Cases.Sample(
            c =>
            {
                using var workspace = new Workspace(c.Threads);
                var shape = Shape.Of(c.Samples, c.Classes);
                var expected = c.X.Chunk(c.Classes).Select(value).ToArray();
                var found = forward(workspace, KernelCases.Grouped(workspace, shape, c.X));
                KernelCases.Same([.. expected.SelectMany(row => row)], found.ToArray());
                KernelCases.Same(
                    [.. expected.Zip(c.Dy.Chunk(c.Classes), derivative).SelectMany(row => row)],
                    backward(workspace, KernelCases.Grouped(workspace, shape, c.Dy), found).ToArray());
            },
            iter: 100);
}
