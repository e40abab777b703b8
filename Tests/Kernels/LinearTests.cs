using CsCheck;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Random;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Tests.Kernels;

public class LinearTests
{
    private static readonly Gen<Case> Cases =
        from samples in KernelCases.Samples
        from features in KernelCases.Features
        from outputs in KernelCases.Features
        from x in KernelCases.Numbers(samples * features)
        from w in KernelCases.Numbers(outputs * features)
        from b in KernelCases.Numbers(outputs)
        from dy in KernelCases.Numbers(samples * outputs)
        from threads in KernelCases.Threads
        select new Case(samples, features, outputs, x, w, b, dy, threads);

    [Fact]
    public void The_layer_is_a_chain_over_features_and_then_the_bias() => Cases.Sample(
        c =>
        {
            using var workspace = new Workspace(c.Threads);
            var x = KernelCases.Grouped(workspace, Shape.Of(c.Samples, c.Features), c.X);
            var (w, b) = (Tensor.Parameter(Shape.Of(c.Outputs, c.Features), c.W), Tensor.Parameter(Shape.Of(c.Outputs), c.B));
            KernelCases.Same(NaiveDense.Linear(c.X, c.W, c.B, c.Samples, c.Features, c.Outputs), Linear.Forward(workspace, x, w, b).ToArray());
            KernelCases.Same(NaiveDense.Product(c.X, c.W, c.Samples, c.Features, c.Outputs), Product.Forward(workspace, x, w).ToArray());
        },
        iter: 60);

    [Fact]
    public void The_gradient_of_the_input_is_a_chain_over_outputs() => Cases.Sample(
        c =>
        {
            using var workspace = new Workspace(c.Threads);
            var dy = KernelCases.Grouped(workspace, Shape.Of(c.Samples, c.Outputs), c.Dy);
            var w = Tensor.Parameter(Shape.Of(c.Outputs, c.Features), c.W);
            KernelCases.Same(
                NaiveDense.InputGradient(c.Dy, c.W, c.Samples, c.Features, c.Outputs),
                Linear.InputGradient(workspace, dy, w, Shape.Of(c.Samples, c.Features)).ToArray());
        },
        iter: 60);

    [Fact]
    public void The_gradients_of_the_parameters_run_over_samples() => Cases.Sample(
        c =>
        {
            using var workspace = new Workspace(c.Threads);
            var dy = KernelCases.Grouped(workspace, Shape.Of(c.Samples, c.Outputs), c.Dy);
            var x = KernelCases.Grouped(workspace, Shape.Of(c.Samples, c.Features), c.X);
            var (dw, db) = Linear.ParameterGradients(workspace, dy, x, Shape.Of(c.Outputs, c.Features));
            KernelCases.Same(NaiveDense.WeightGradient(c.Dy, c.X, c.Samples, c.Features, c.Outputs), dw.ToArray());
            KernelCases.Same(NaiveDense.BiasGradient(c.Dy, c.Samples, c.Outputs), db.ToArray());
        },
        iter: 60);

    [Theory]
    [InlineData(33, 400, 120)]
    [InlineData(16, 120, 500)]
    [InlineData(100, 84, 10)]
    [InlineData(20, 410, 70)]
    [InlineData(64, 400, 120)]
    [InlineData(30, 120, 84)]
    [InlineData(64, 1024, 48)]
    public void Layers_of_real_sizes_equal_their_naive_twins_too(int samples, int features, int outputs)
    {
        var cases =
            from x in KernelCases.Ordinary.Array[samples * features]
            from w in KernelCases.Ordinary.Array[outputs * features]
            from b in KernelCases.Ordinary.Array[outputs]
            from dy in KernelCases.Ordinary.Array[samples * outputs]
            from threads in KernelCases.Threads
            select new Case(samples, features, outputs, x, w, b, dy, threads);
        cases.Sample(
            c =>
            {
                using var workspace = new Workspace(c.Threads);
                Tensor x = KernelCases.Grouped(workspace, Shape.Of(samples, features), c.X), dy = KernelCases.Grouped(workspace, Shape.Of(samples, outputs), c.Dy);
                Tensor w = Tensor.Parameter(Shape.Of(outputs, features), c.W), b = Tensor.Parameter(Shape.Of(outputs), c.B);
                var (dw, db) = Linear.ParameterGradients(workspace, dy, x, w.Shape);
                KernelCases.Same(NaiveDense.Linear(c.X, c.W, c.B, samples, features, outputs), Linear.Forward(workspace, x, w, b).ToArray());
                KernelCases.Same(NaiveDense.InputGradient(c.Dy, c.W, samples, features, outputs), Linear.InputGradient(workspace, dy, w, x.Shape).ToArray());
                KernelCases.Same(NaiveDense.WeightGradient(c.Dy, c.X, samples, features, outputs), dw.ToArray());
                KernelCases.Same(NaiveDense.BiasGradient(c.Dy, samples, outputs), db.ToArray());
                foreach (var wantInput in new[] { true, false })
                {
                    var together = Linear.Gradients(workspace, dy, x, w, wantInput);
                    Assert.Equal(wantInput, together.Input is not null);
                    if (together.Input is { } input)
                        KernelCases.Same(NaiveDense.InputGradient(c.Dy, c.W, samples, features, outputs), input.ToArray());
                    KernelCases.Same(dw.ToArray(), together.Weight.ToArray());
                    KernelCases.Same(db.ToArray(), together.Bias.ToArray());
                }
            },
            iter: 3);
    }

    [Theory]
    [InlineData(1_024)]
    [InlineData(1_030)]
    public unsafe void A_gradient_larger_than_the_caches_equals_its_naive_twin(int features)
    {
        const int Samples = 20, Outputs = 1_024;
        var (x, _) = TorchGenerator.Seed(1).Uniform(Samples * features, -1, 1);
        var (dy, _) = TorchGenerator.Seed(2).Uniform(Samples * Outputs, -1, 1);
        dy = [.. dy.Select(gradient => Math.Max(gradient, 0))];
        using var workspace = new Workspace(2);
        var inside = workspace.In(workspace.Evaluation);
        var (dw, _) = Linear.ParameterGradients(
            inside, KernelCases.Grouped(inside, Shape.Of(Samples, Outputs), dy), KernelCases.Grouped(inside, Shape.Of(Samples, features), x), Shape.Of(Outputs, features));
        Assert.True(Aside.Takes(dw.Count, dw.Block.Address));
        KernelCases.Same(NaiveDense.WeightGradient(dy, x, Samples, features, Outputs), dw.ToArray());
    }

    [Fact]
    public void Gradients_behind_a_ReLU_with_zeros_and_numbers_that_underflow_equal_their_naive_twins()
    {
        var numbers = Gen.Frequency((6, Gen.OneOf(0f, -0f)), (5, KernelCases.Ordinary), (1, Gen.Float[-1, 1].Select(value => value * 1e-30f)));
        var special = Gen.Frequency((200, numbers), (1, Gen.OneOf(float.NaN, float.PositiveInfinity)));
        (from samples in Gen.Int[17, 24]
         from features in Gen.OneOf(Gen.Int[1, 40], Gen.OneOf(192, 210, 400))
         from outputs in Gen.Int[1, 40]
         from kind in Gen.Bool
         from x in (kind ? numbers : special).Array[samples * features]
         from w in (kind ? KernelCases.Ordinary : special).Array[outputs * features]
         from dy in numbers.Array[samples * outputs]
         from threads in KernelCases.Threads
         select new Case(samples, features, outputs, x, w, new float[outputs], dy, threads)).Sample(
            c =>
            {
                using var workspace = new Workspace(c.Threads);
                var (x, dy) = (KernelCases.Grouped(workspace, Shape.Of(c.Samples, c.Features), c.X), KernelCases.Grouped(workspace, Shape.Of(c.Samples, c.Outputs), c.Dy));
                var w = Tensor.Parameter(Shape.Of(c.Outputs, c.Features), c.W);
                var (dw, db) = Linear.ParameterGradients(workspace, dy, x, w.Shape);
                KernelCases.Same(NaiveDense.InputGradient(c.Dy, c.W, c.Samples, c.Features, c.Outputs), Linear.InputGradient(workspace, dy, w, x.Shape).ToArray());
                KernelCases.Same(NaiveDense.WeightGradient(c.Dy, c.X, c.Samples, c.Features, c.Outputs), dw.ToArray());
                KernelCases.Same(NaiveDense.BiasGradient(c.Dy, c.Samples, c.Outputs), db.ToArray());
            },
            iter: 60);
    }

    [Fact]
    public void The_gradients_are_the_derivatives_of_the_layer()
    {
        const int Samples = 3, Features = 5, Outputs = 4;
        var cases =
            from x in KernelCases.Ordinary.Array[Samples * Features]
            from w in KernelCases.Ordinary.Array[Outputs * Features]
            from b in KernelCases.Ordinary.Array[Outputs]
            from dy in KernelCases.Ordinary.Array[Samples * Outputs]
            select (x, w, b, dy);
        cases.Sample(
            c =>
            {
                using var workspace = new Workspace();
                var x = KernelCases.Grouped(workspace, Shape.Of(Samples, Features), c.x);
                var dy = KernelCases.Grouped(workspace, Shape.Of(Samples, Outputs), c.dy);
                var w = Tensor.Parameter(Shape.Of(Outputs, Features), c.w);
                var (dw, db) = Linear.ParameterGradients(workspace, dy, x, w.Shape);

                double Loss(double[] px, double[] pw, double[] pb) =>
                    NaiveDense.Linear(px, pw, pb, Samples, Features, Outputs).Zip(c.dy, (value, weight) => value * weight).Sum();
                var (xs, ws, bs) = (Double(c.x), Double(c.w), Double(c.b));
                Differences.Close(Differences.Gradient(p => Loss(p, ws, bs), xs), Linear.InputGradient(workspace, dy, w, x.Shape).ToArray());
                Differences.Close(Differences.Gradient(p => Loss(xs, p, bs), ws), dw.ToArray());
                Differences.Close(Differences.Gradient(p => Loss(xs, ws, p), bs), db.ToArray());
            },
            iter: 20);
    }

    private static double[] Double(float[] values) => [.. values.Select(value => (double)value)];

    private sealed record Case(int Samples, int Features, int Outputs, float[] X, float[] W, float[] B, float[] Dy, int Threads);
}
