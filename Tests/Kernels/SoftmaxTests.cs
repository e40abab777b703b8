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
        Probabilities,
        (p, dp) =>
        {
            var sum = p.Zip(dp).Aggregate(0f, (chain, pair) => MathF.FusedMultiplyAdd(pair.Second, pair.First, chain));
            return [.. p.Zip(dp, (value, gradient) => value * (gradient - sum))];
        },
        Softmax.Forward,
        Softmax.InputGradient);

    [Fact]
    public void Log_softmax_and_its_derivative_are_their_formulas_to_the_last_bit() => Check(
        Logarithms,
        (y, dy) =>
        {
            var sum = dy.Aggregate(0f, (total, gradient) => total + gradient);
            return [.. y.Zip(dy, (value, gradient) => gradient - (ExactMath.Exp(value) * sum))];
        },
        Softmax.LogForward,
        Softmax.LogInputGradient);

    [Fact]
    public void Second_derivatives_are_their_formulas_to_the_last_bit()
    {
        Check(
            Probabilities,
            (p, h) =>
            {
                var sum = p.Zip(h).Aggregate(0f, (chain, pair) => MathF.FusedMultiplyAdd(pair.Second, pair.First * pair.First, chain));
                return [.. p.Zip(h, (value, second) => value * value * MathF.FusedMultiplyAdd(second, 1 - (value + value), sum))];
            },
            Softmax.Forward,
            Softmax.InputCurvature);
        Check(
            Logarithms,
            (y, h) =>
            {
                var sum = h.Aggregate(0f, (total, second) => total + second);
                return [.. y.Zip(h, (value, second) => ExactMath.Exp(value) is var p ? MathF.FusedMultiplyAdd(second, 1 - (p + p), p * p * sum) : 0)];
            },
            Softmax.LogForward,
            Softmax.LogInputCurvature);
    }

    [Fact]
    public void Second_derivatives_are_those_of_the_outputs_times_the_squared_first_derivatives()
    {
        float[] x = [0.3f, -1, 2, 0.5f], h = [1, 0.5f, 2, 3];
        using var workspace = new Workspace();
        foreach (var (forward, backward, second) in new (Func<Workspace, Tensor, Tensor>, Func<Workspace, Tensor, Tensor, Tensor>, Func<Workspace, Tensor, Tensor, Tensor>)[]
                 {
                     (Softmax.Forward, Softmax.InputGradient, Softmax.InputCurvature), (Softmax.LogForward, Softmax.LogInputGradient, Softmax.LogInputCurvature),
                 })
        {
            var y = forward(workspace, Row(x));
            // Row j of the Jacobian is the gradient of output j alone.
            var jacobian = Enumerable.Range(0, 4).Select(j => backward(workspace, Row([.. Enumerable.Range(0, 4).Select(k => k == j ? 1f : 0)]), y).ToArray()).ToArray();
            Differences.Close(
                [.. Enumerable.Range(0, 4).Select(k => Enumerable.Range(0, 4).Sum(j => (double)h[j] * jacobian[j][k] * jacobian[j][k]))],
                second(workspace, Row(h), y).ToArray());
        }

        Tensor Row(float[] values) => KernelCases.Grouped(workspace, Shape.Of(1, 4), values);
    }

    [Fact]
    public void The_logarithm_of_a_softmax_is_finite_where_the_softmax_is_zero()
    {
        using var workspace = new Workspace();
        var x = KernelCases.Grouped(workspace, Shape.Of(1, 2), [0, 200]);
        Assert.Equal([0, 1], Softmax.Forward(workspace, x).ToArray());
        Assert.Equal([-200, 0], Softmax.LogForward(workspace, x).ToArray());
    }

    private static float[] Probabilities(float[] x)
    {
        var (exponentials, _) = Exponentials(x);
        var sum = exponentials.Aggregate(0f, (total, e) => total + e);
        return [.. exponentials.Select(e => e / sum)];
    }

    private static float[] Logarithms(float[] x)
    {
        var (exponentials, maximum) = Exponentials(x);
        var logarithm = ExactMath.Log(exponentials.Aggregate(0f, (total, e) => total + e));
        return [.. x.Select(value => value - maximum - logarithm)];
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
