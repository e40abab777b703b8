using CsCheck;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Numerics;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Tests.Kernels;

/// <summary>The output layer and the loss of 1998, bit for bit and by differences.</summary>
public sealed class RubbishCrossEntropyTests
{
    private static readonly Gen<(int Samples, int Classes, float[] Z, byte[] Labels, double J, bool Mean)> Cases =
        from samples in KernelCases.Samples
        from classes in Gen.Int[2, 17]
        from z in Gen.Float[-30, 0].Array[samples * classes]
        from labels in Gen.Byte[0, (byte)(classes - 1)].Array[samples]
        from j in Gen.Double[0.1, 40]
        from mean in Gen.Bool
        select (samples, classes, z, labels, j, mean);

    [Fact]
    public void The_loss_and_its_derivatives_equal_the_formula_bit_for_bit() => Cases.Sample(
        c =>
        {
            using var workspace = new Workspace();
            var (loss, first, second) = RubbishCrossEntropy.Forward(workspace, KernelCases.Grouped(workspace, [c.Samples, c.Classes], c.Z), c.Labels, c.J, c.Mean);
            var (total, d, h) = (0.0, new List<float>(), new List<float>());
            foreach (var (row, label) in c.Z.Chunk(c.Classes).Zip(c.Labels))
            {
                var largest = Math.Max(-c.J, row.Max());
                var sum = row.Aggregate(ExactMath.Exp(-c.J - largest), (sum, z) => sum + ExactMath.Exp(z - largest));
                total += largest - row[label] + ExactMath.Log(sum);
                var p = row.Select(z => ExactMath.Exp(z - largest) / sum).ToArray();
                var factor = c.Mean ? 1.0 / c.Samples : 1;
                d.AddRange(p.Select((value, k) => (float)((value - (k == label ? 1 : 0)) * factor)));
                h.AddRange(p.Select(value => (float)(value * (1 - value) * factor)));
            }

            KernelCases.Same([(float)(c.Mean ? total / c.Samples : total)], loss.ToArray());
            KernelCases.Same([.. d], first.ToArray());
            KernelCases.Same([.. h], second.ToArray());
        },
        iter: 100);

    [Fact]
    public void Derivatives_are_differences_and_the_loss_is_never_negative() => Cases.Sample(
        c =>
        {
            double Loss(double[] z) => z.Chunk(c.Classes).Zip(c.Labels, (row, label) => -row[label] + Math.Log(Math.Exp(-c.J) + row.Sum(Math.Exp))).Sum() / (c.Mean ? c.Samples : 1);
            using var workspace = new Workspace();
            var (loss, first, second) = RubbishCrossEntropy.Forward(workspace, KernelCases.Grouped(workspace, [c.Samples, c.Classes], c.Z), c.Labels, c.J, c.Mean);
            double[] z = [.. c.Z.Select(value => (double)value)];
            Differences.Close(Differences.Gradient(Loss, z), first.ToArray());
            var (i, step) = (c.Samples - 1, 1e-3);
            double At(double by) => Loss([.. z.Select((value, place) => place == i ? value + by : value)]);
            Differences.Close([(At(step) - (2 * At(0)) + At(-step)) / (step * step)], [second.ToArray()[i]]);
            Assert.True(loss.ToScalar() >= 0);
        },
        iter: 40);

    [Fact]
    public void Distances_and_their_derivatives_equal_the_naive_chains() =>
        (from samples in KernelCases.Samples from seed in Gen.Int[0, 1_000_000] select (samples, seed)).Sample(
            c =>
            {
                var random = new System.Random(c.seed);
                float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (4 * random.NextSingle()) - 2)];
                var targets = Bitmaps.OfRows(4, [.. Enumerable.Range(0, 1 + (c.seed % 17)).Select(_ => new[] { random.Next(16), random.Next(16), random.Next(16) })]);
                var (n, k, f) = (c.samples, targets.Count, targets.Pixels);
                var (x, first, second) = (Numbers(n * f), Numbers(n * k), Numbers(n * k));
                float Target(int row, int column) => targets.Pictures[row][column] == '#' ? 1 : -1;
                using var workspace = new Workspace(1 + (c.seed % 2));
                var batch = KernelCases.Grouped(workspace, [n, f], x);
                var (dz, h) = (KernelCases.Grouped(workspace, [n, k], first), KernelCases.Grouped(workspace, [n, k], second));
                KernelCases.Same(
                    [.. from s in Enumerable.Range(0, n) from o in Enumerable.Range(0, k) select 0 - Enumerable.Range(0, f).Aggregate(0f, (sum, j) => Fma.Single(x[(s * f) + j] - Target(o, j), x[(s * f) + j] - Target(o, j), sum))],
                    RadialBasis.Forward(workspace, batch, targets.Codes).ToArray());
                KernelCases.Same(
                    [.. from s in Enumerable.Range(0, n) from j in Enumerable.Range(0, f) select 2 * Enumerable.Range(0, k).Aggregate(0f, (sum, o) => Fma.Single(first[(s * k) + o], Target(o, j) - x[(s * f) + j], sum))],
                    RadialBasis.InputGradient(workspace, dz, batch, targets.Codes).ToArray());
                KernelCases.Same(
                    [
                        .. from s in Enumerable.Range(0, n)
                           from j in Enumerable.Range(0, f)
                           let squares = Enumerable.Range(0, k).Aggregate(0f, (sum, o) => Fma.Single(second[(s * k) + o], (Target(o, j) - x[(s * f) + j]) * (Target(o, j) - x[(s * f) + j]), sum))
                           select (4 * squares) - (2 * Enumerable.Range(0, k).Aggregate(0f, (sum, o) => sum + first[(s * k) + o])),
                    ],
                    RadialBasis.Curvature(workspace, dz, h, batch, targets.Codes).ToArray());
            },
            iter: 60);

    [Fact]
    public void The_update_is_its_formula() => KernelCases.Features.SelectMany(count => KernelCases.Ordinary.Array[3 * count]).Sample(
        numbers =>
        {
            var (p, g, h) = (numbers[..(numbers.Length / 3)], numbers[(numbers.Length / 3)..(2 * numbers.Length / 3)], numbers[(2 * numbers.Length / 3)..].Select(Math.Abs).ToArray());
            using var workspace = new Workspace(2);
            Tensor Of(float[] values) => Tensor.Parameter([values.Length], values);
            KernelCases.Same(
                [.. p.Select((value, i) => Fma.Single(g[i], -5e-4f / (0.02f + h[i]), value))],
                DiagonalUpdate.Step(workspace, Of(p), Of(g), Of(h), 5e-4, 0.02).ToArray());
        },
        iter: 60);
}
