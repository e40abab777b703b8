using CsCheck;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Numerics;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Tests.Kernels;

/// <summary>Trainable subsampling against plain loops, bit for bit.</summary>
public sealed class SubsamplingTests
{
    private static readonly Gen<(ConvolutionGeometry G, int Samples, float[] X, float[] Dy, float[] W, float[] B, int Threads)> Cases =
        from samples in KernelCases.Samples
        from channels in Gen.Int[1, 5]
        from window in Gen.Frequency((3, Gen.Const((2, 2))), (2, Gen.Select(Gen.Int[1, 3], Gen.Int[1, 3])))
        from outputs in Gen.Select(Gen.Int[1, 14], Gen.Int[1, 14])
        from rest in Gen.Frequency((3, Gen.Const((0, 0))), (1, Gen.Select(Gen.Int[0, 2], Gen.Int[0, 2])))
        let g = new ConvolutionGeometry(
            channels, (outputs.Item1 * window.Item1) + Math.Min(rest.Item1, window.Item1 - 1), (outputs.Item2 * window.Item2) + Math.Min(rest.Item2, window.Item2 - 1),
            window.Item1, window.Item2, window.Item1, window.Item2, 0, 0, outputs.Item1, outputs.Item2)
        from x in KernelCases.Numbers(samples * channels * g.Pixels)
        from dy in KernelCases.Numbers(samples * channels * g.OutputPixels)
        from w in KernelCases.Any.Array[channels]
        from b in KernelCases.Any.Array[channels]
        from threads in KernelCases.Threads
        select (g, samples, x, dy, w, b, threads);

    [Fact]
    public void Values_sums_and_gradients_equal_the_plain_loops() => Cases.Sample(
        c =>
        {
            var g = c.G;
            using var workspace = new Workspace(c.Threads);
            var (w, dy) = (Tensor.Parameter([g.Channels], c.W), KernelCases.Grouped(workspace, g.Output(c.Samples, g.Channels), c.Dy));
            var (y, sums) = Subsampling.Forward(workspace, KernelCases.Grouped(workspace, g.Input(c.Samples), c.X), w, Tensor.Parameter([g.Channels], c.B), g);
            var dx = Subsampling.InputGradient(workspace, dy, w, g);
            var (dw, db) = Subsampling.ParameterGradients(workspace, dy, sums, g);

            var (s, expectedDx, expectedDw, expectedDb) = (new float[c.Dy.Length], new float[c.X.Length], new float[g.Channels], new float[g.Channels]);
            for (var place = 0; place < s.Length; place++)
            {
                var (map, window) = Math.DivRem(place, g.OutputPixels);
                var (channel, corner) = (map % g.Channels, (map * g.Pixels) + (window / g.OutputWidth * g.StrideHeight * g.Width) + (window % g.OutputWidth * g.StrideWidth));
                for (var u = 0; u < g.KernelHeight; u++)
                    for (var v = 0; v < g.KernelWidth; v++)
                    {
                        s[place] += c.X[corner + (u * g.Width) + v];
                        expectedDx[corner + (u * g.Width) + v] = Fma.Single(c.Dy[place], c.W[channel], 0);
                    }

                expectedDw[channel] = Fma.Single(c.Dy[place], s[place], expectedDw[channel]);
                expectedDb[channel] += c.Dy[place];
            }

            KernelCases.Same(s, sums.ToArray());
            KernelCases.Same([.. s.Select((sum, place) => (sum * c.W[place / g.OutputPixels % g.Channels]) + c.B[place / g.OutputPixels % g.Channels])], y.ToArray());
            KernelCases.Same(expectedDx, dx.ToArray());
            KernelCases.Same(expectedDw, dw.ToArray());
            KernelCases.Same(expectedDb, db.ToArray());
        },
        iter: 200);
}
