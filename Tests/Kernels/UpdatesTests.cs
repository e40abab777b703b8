using CsCheck;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Numerics;
using FunctionalLeNet.Core.Optimizers;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Tests.Kernels;

public class UpdatesTests
{
    private static readonly Gen<(float[] P, float[] G, float[] M, float[] V, int Threads)> Leaves =
        from count in Gen.OneOf(KernelCases.Features, Gen.Const(10_000))
        from p in KernelCases.Numbers(count)
        from g in KernelCases.Numbers(count)
        from m in KernelCases.Numbers(count)
        from v in Gen.Float[0, 1].Array[count]
        from threads in KernelCases.Threads
        select (p, g, m, v, threads);

    [Fact]
    public void Gradient_descent_is_its_formula_to_the_last_bit()
    {
        var cases =
            from leaf in Leaves
            from momentum in Gen.OneOf(0.0, 0.9)
            from dampening in Gen.OneOf(0.0, 0.1)
            from nesterov in Gen.Bool
            from decay in Gen.OneOf(0.0, 0.0005)
            from first in Gen.Bool
            select (leaf, momentum, dampening, nesterov, decay, first);
        cases.Sample(
            c =>
            {
                using var workspace = new Workspace(c.leaf.Threads);
                var (p, v) = Updates.Sgd(
                    workspace, Leaf(c.leaf.P), Leaf(c.leaf.G), Leaf(c.leaf.V), 0.1, c.momentum, c.dampening, c.nesterov, c.decay, c.first);
                var naive = c.leaf.P.Select((_, i) => NaiveUpdates.Sgd(
                    c.leaf.P[i], c.leaf.G[i], c.leaf.V[i], 0.1, c.momentum, c.dampening, c.nesterov, c.decay, c.first)).ToArray();
                KernelCases.Same([.. naive.Select(n => n.P)], p.ToArray());
                KernelCases.Same([.. naive.Select(n => n.V)], v.ToArray());
            },
            iter: 60);
    }

    [Fact]
    public void Adam_is_its_formula_to_the_last_bit() => SameAsNaive(
        (workspace, p, g, m, v, t, decay) => Updates.Adam(workspace, p, g, m, v, t, 0.01, 0.9, 0.999, 1e-8, decay),
        (p, g, m, v, t, decay) => NaiveUpdates.Adam(p, g, m, v, t, 0.01, 0.9, 0.999, 1e-8, decay));

    [Fact]
    public void Leaves_larger_than_the_caches_are_updated_to_the_same_bits()
    {
        using var workspace = new Workspace(2);
        var inside = workspace.In(workspace.Evaluation);
        float[] Numbers(int seed)
        {
            var random = new System.Random(seed);
            return [.. Enumerable.Range(0, (1 << 20) + 21).Select(_ => random.NextSingle() - 0.5f)];
        }

        var (p, g, m, v) = (Numbers(0), Numbers(1), Numbers(2), Numbers(3).Select(Math.Abs).ToArray());
        var (newP, newM, newV) = Updates.Adam(inside, Leaf(p), Leaf(g), Leaf(m), Leaf(v), 7, 0.01, 0.9, 0.999, 1e-8, 0);
        var naive = p.Select((_, i) => NaiveUpdates.Adam(p[i], g[i], m[i], v[i], 7, 0.01, 0.9, 0.999, 1e-8, 0)).ToArray();
        KernelCases.Same([.. naive.Select(n => n.P)], newP.ToArray());
        KernelCases.Same([.. naive.Select(n => n.M)], newM.ToArray());
        KernelCases.Same([.. naive.Select(n => n.V)], newV.ToArray());
    }

    [Fact]
    public void TensorFlows_Adam_adds_epsilon_before_the_bias_correction() => SameAsNaive(
        (workspace, p, g, m, v, t, decay) => Updates.AdamEpsilonFirst(workspace, p, g, m, v, t, 0.01, 0.9, 0.999, 1e-7, decay),
        (p, g, m, v, t, decay) => NaiveUpdates.AdamEpsilonFirst(p, g, m, v, t, 0.01, 0.9, 0.999, 1e-7, decay));

    [Fact]
    public void AdamW_shrinks_the_parameter_before_the_step() => SameAsNaive(
        (workspace, p, g, m, v, t, decay) => Updates.AdamW(workspace, p, g, m, v, t, 0.01, 0.9, 0.999, 1e-8, decay),
        (p, g, m, v, t, decay) => NaiveUpdates.AdamW(p, g, m, v, t, 0.01, 0.9, 0.999, 1e-8, decay));

    [Fact]
    public void RMSProp_is_its_formula_to_the_last_bit()
    {
        var cases =
            from leaf in Leaves
            from momentum in Gen.OneOf(0.0, 0.9)
            from centered in Gen.Bool
            from decay in Gen.OneOf(0.0, 0.01)
            select (leaf, momentum, centered, decay);
        cases.Sample(
            c =>
            {
                using var workspace = new Workspace(c.leaf.Threads);
                var (square, mean, velocity) = (Leaf(c.leaf.V), Leaf(c.leaf.M), Leaf([.. c.leaf.M.Reverse()]));
                var (p, moments) = Updates.RmsProp(
                    workspace, Leaf(c.leaf.P), Leaf(c.leaf.G), [square, .. c.centered ? [mean] : Array.Empty<Tensor>(), .. c.momentum == 0 ? [] : new[] { velocity }],
                    0.01, 0.99, 1e-8, c.decay, c.momentum, c.centered);
                var naive = c.leaf.P.Select((_, i) => NaiveUpdates.RmsProp(
                    c.leaf.P[i], c.leaf.G[i], c.leaf.V[i], c.leaf.M[i], c.leaf.M[^(i + 1)], 0.01, 0.99, 1e-8, c.decay, c.momentum, c.centered)).ToArray();
                KernelCases.Same([.. naive.Select(n => n.P)], p.ToArray());
                KernelCases.Same([.. naive.Select(n => n.S)], moments[0].ToArray());
                if (c.centered)
                    KernelCases.Same([.. naive.Select(n => n.A)], moments[1].ToArray());
                if (c.momentum != 0)
                    KernelCases.Same([.. naive.Select(n => n.B)], moments[^1].ToArray());
            },
            iter: 60);
    }

    [Fact]
    public void AdaGrad_is_its_formula_to_the_last_bit()
    {
        var cases = from leaf in Leaves from decay in Gen.OneOf(0.0, 0.01) select (leaf, decay);
        cases.Sample(
            c =>
            {
                using var workspace = new Workspace(c.leaf.Threads);
                var (p, sum) = Updates.AdaGrad(workspace, Leaf(c.leaf.P), Leaf(c.leaf.G), Leaf(c.leaf.V), 0.01, c.decay, 1e-10);
                var naive = c.leaf.P.Select((_, i) => NaiveUpdates.AdaGrad(c.leaf.P[i], c.leaf.G[i], c.leaf.V[i], 0.01, c.decay, 1e-10)).ToArray();
                KernelCases.Same([.. naive.Select(n => n.P)], p.ToArray());
                KernelCases.Same([.. naive.Select(n => n.S)], sum.ToArray());
            },
            iter: 60);
    }

    [Fact]
    public void The_diagonal_update_is_its_formula_to_the_last_bit() => KernelCases.Features.SelectMany(count => KernelCases.Ordinary.Array[3 * count]).Sample(
        numbers =>
        {
            var (p, g, h) = (numbers[..(numbers.Length / 3)], numbers[(numbers.Length / 3)..(2 * numbers.Length / 3)], numbers[(2 * numbers.Length / 3)..].Select(Math.Abs).ToArray());
            using var workspace = new Workspace(2);
            KernelCases.Same(
                [.. p.Select((value, i) => Fma.Single(g[i], -5e-4f / (0.02f + h[i]), value))],
                DiagonalUpdate.Step(workspace, Leaf(p), Leaf(g), Leaf(h), 5e-4, 0.02).ToArray());
        },
        iter: 60);

    [Fact]
    public void Clipping_scales_gradients_beyond_the_norm_and_leaves_the_others()
    {
        using var workspace = new Workspace();
        var (parameters, gradients) = (Tree.Branch(("a", Tree.Leaf(Leaf([0]))), ("b", Tree.Leaf(Leaf([0, 0])))), Tree.Branch(("a", Tree.Leaf(Leaf([3]))), ("b", Tree.Leaf(Leaf([0, 4])))));
        float[] Step(double norm)
        {
            var optimizer = Optimizer.Of(new OptimizerSettings.Clipped(new OptimizerSettings.Sgd(1), norm));
            var (next, _) = optimizer.Step(workspace, parameters, optimizer.Start(parameters), gradients);
            return [.. next.Leaves.SelectMany(leaf => leaf.Value.ToArray())];
        }

        var factor = (float)(1 / (5 + 1e-6));
        Assert.Equal([-3 * factor, 0, -4 * factor], Step(1));
        Assert.Equal([-3, 0, -4], Step(6));
    }

    [Fact]
    public void Powers_by_squaring_round_to_the_platforms_bias_corrections()
    {
        var cases = Gen.Select(Gen.OneOf(0.9, 0.95, 0.98, 0.99, 0.999), Gen.Int[1, 100_000]);
        cases.Sample((beta, t) => (float)(1 - Updates.Power(beta, t)) == (float)(1 - Math.Pow(beta, t)), iter: 10_000);
        Assert.Equal(1, Updates.Power(0.9, 0));
    }

    /// <summary>An update with two moments, on random leaves, against its formula number by number.</summary>
    private static void SameAsNaive(
        Func<Workspace, Tensor, Tensor, Tensor, Tensor, int, double, (Tensor P, Tensor M, Tensor V)> update, Func<float, float, float, float, int, double, (float P, float M, float V)> formula)
    {
        var cases = from leaf in Leaves from t in Gen.Int[1, 2_000] from decay in Gen.OneOf(0.0, 0.01) select (leaf, t, decay);
        cases.Sample(
            c =>
            {
                using var workspace = new Workspace(c.leaf.Threads);
                var (p, m, v) = update(workspace, Leaf(c.leaf.P), Leaf(c.leaf.G), Leaf(c.leaf.M), Leaf(c.leaf.V), c.t, c.decay);
                var naive = c.leaf.P.Select((_, i) => formula(c.leaf.P[i], c.leaf.G[i], c.leaf.M[i], c.leaf.V[i], c.t, c.decay)).ToArray();
                KernelCases.Same([.. naive.Select(n => n.P)], p.ToArray());
                KernelCases.Same([.. naive.Select(n => n.M)], m.ToArray());
                KernelCases.Same([.. naive.Select(n => n.V)], v.ToArray());
            },
            iter: 60);
    }

    private static Tensor Leaf(float[] values) => Tensor.Parameter(Shape.Of(values.Length), values);
}
