using CsCheck;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Numerics;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Tests.Kernels;

public class ElementwiseTests
{
    private static readonly Gen<(Shape Shape, float[] A, float[] B, int Threads)> Cases =
        from samples in KernelCases.Samples
        from features in Gen.OneOf(KernelCases.Features, Gen.Const(2_000))
        from a in KernelCases.Any.Array[samples * features]
        from b in KernelCases.Any.Array[samples * features]
        from threads in KernelCases.Threads
        select (Shape.Of(samples, features), a, b, threads);

    [Fact]
    public void Sums_and_multiples_are_taken_element_by_element() =>
        Check((workspace, a, b) => Elementwise.Add(workspace, a, b), (a, b) => a + b);

    [Fact]
    public void Scaling_multiplies_every_element() =>
        Check((workspace, a, _) => Elementwise.Scale(workspace, a, 0.3f), (a, _) => a * 0.3f);

    [Fact]
    public void The_rectifier_keeps_what_is_above_zero_and_NaN() =>
        Check((workspace, a, _) => Activations.Rectify(workspace, a), (a, _) => a <= 0 ? 0 : a);

    [Fact]
    public void The_gradient_of_the_rectifier_passes_where_the_output_is_above_zero() =>
        Check(Activations.RectifyGradient, (dy, y) => y <= 0 ? 0 : dy);

    [Fact]
    public void Products_are_taken_element_by_element() =>
        Check(Elementwise.Multiply, (a, b) => a * b);

    [Fact]
    public void The_leaky_rectifier_and_its_gradient_are_their_formulas()
    {
        Check((workspace, x, _) => Activations.LeakyRectify(workspace, x, 0.2f), (x, _) => x <= 0 ? 0.2f * x : x);
        Check((workspace, dy, x) => Activations.LeakyRectifyGradient(workspace, dy, x, 0.2f), (dy, x) => x <= 0 ? 0.2f * dy : dy);
    }

    [Fact]
    public void The_sigmoid_and_its_gradient_are_their_formulas()
    {
        Check((workspace, x, _) => Activations.Sigmoid(workspace, x), (x, _) => ExactMath.Sigmoid(x));
        Check(Activations.SigmoidGradient, (dy, y) => dy * (y * (1 - y)));
    }

    [Fact]
    public void The_tangent_and_its_gradient_are_their_formulas()
    {
        const float A = 1.7159f, S = 2f / 3;
        Check((workspace, x, _) => Activations.Tanh(workspace, x, 1, 1), (x, _) => ExactMath.Tanh(x));
        Check((workspace, x, _) => Activations.Tanh(workspace, x, A, S), (x, _) => A * ExactMath.Tanh(S * x));
        Check((workspace, dy, y) => Activations.TanhGradient(workspace, dy, y, A, S), (dy, y) => dy * (S / A * ((A - y) * (A + y))));
    }

    [Fact]
    public void The_exponential_linear_unit_and_its_gradient_are_their_formulas()
    {
        Check((workspace, x, _) => Activations.ExponentialLinear(workspace, x, 0.5f), (x, _) => x <= 0 ? 0.5f * ExactMath.Expm1(x) : x);
        Check((workspace, dy, x) => Activations.ExponentialLinearGradient(workspace, dy, x, 0.5f), (dy, x) => x <= 0 ? dy * (0.5f * ExactMath.Exp(x)) : dy);
    }

    [Fact]
    public void The_gaussian_error_linear_unit_and_its_gradient_are_their_formulas()
    {
        Check(
            (workspace, x, _) => Activations.GaussianErrorLinear(workspace, x),
            (x, _) => (float)(x * (0.5 * (1 + ExactMath.Erf(x * 0.70710678118654752440)))));
        Check(
            Activations.GaussianErrorLinearGradient,
            (dy, x) => dy * (float)((0.5 * (1 + ExactMath.Erf(x * 0.70710678118654752440)))
                + (x * (0.39894228040143267794 * default(ExactMath.ExpFunction).Apply<Doubles1>((double)x * x * -0.5).Value))));
    }

    private static void Check(Func<Workspace, Tensor, Tensor, Tensor> kernel, Func<float, float, float> function) => Cases.Sample(
        c =>
        {
            using var workspace = new Workspace(c.Threads);
            var expected = c.A.Zip(c.B, function).ToArray();
            var batch = kernel(workspace, KernelCases.Grouped(workspace, c.Shape, c.A), KernelCases.Grouped(workspace, c.Shape, c.B));
            KernelCases.Same(expected, batch.ToArray());
            var parameter = kernel(workspace, Tensor.Parameter(c.Shape, c.A), Tensor.Parameter(c.Shape, c.B));
            KernelCases.Same(expected, parameter.ToArray());
            Assert.Equal((MemoryOrder.SamplesLast, MemoryOrder.RowMajor), (batch.Order, parameter.Order));
        },
        iter: 40);
}
