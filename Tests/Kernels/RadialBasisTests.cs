using CsCheck;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Numerics;

namespace FunctionalLeNet.Tests.Kernels;

/// <summary>The output layer of 1998, bit for bit.</summary>
public sealed class RadialBasisTests
{
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
}
