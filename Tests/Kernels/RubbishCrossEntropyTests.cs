using CsCheck;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Numerics;

namespace FunctionalLeNet.Tests.Kernels;

/// <summary>The loss of 1998, bit for bit and by differences.</summary>
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
}
