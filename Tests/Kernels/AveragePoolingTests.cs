using CsCheck;
using FunctionalLeNet.Core.Kernels;

namespace FunctionalLeNet.Tests.Kernels;

public class AveragePoolingTests
{
    private static readonly Gen<(ConvolutionGeometry G, int Samples, float[] X, float[] Dy, int Threads)> Cases =
        from g in PoolingTests.Geometries
        from samples in KernelCases.Samples
        from x in KernelCases.Numbers(samples * g.Channels * g.Pixels)
        from dy in KernelCases.Numbers(samples * g.Channels * g.OutputPixels)
        from threads in KernelCases.Threads
        select (g, samples, x, dy, threads);

    [Fact]
    public void Each_window_is_averaged_and_shares_its_gradient_among_its_cells() => Cases.Sample(
        c =>
        {
            using var workspace = new Workspace(c.Threads);
            var x = KernelCases.Grouped(workspace, c.G.Input(c.Samples), c.X);
            var dy = KernelCases.Grouped(workspace, c.G.Output(c.Samples, c.G.Channels), c.Dy);
            var maps = Enumerable.Range(0, c.Samples * c.G.Channels).ToArray();
            KernelCases.Same(
                [.. maps.SelectMany(map => NaiveAveragePooling.Forward(c.X.AsSpan(map * c.G.Pixels, c.G.Pixels), c.G))],
                AveragePooling.Forward(workspace, x, c.G, dy.Shape).ToArray());
            KernelCases.Same(
                [.. maps.SelectMany(map => NaiveAveragePooling.InputGradient(c.Dy.AsSpan(map * c.G.OutputPixels, c.G.OutputPixels), c.G))],
                AveragePooling.InputGradient(workspace, dy, c.G, x.Shape).ToArray());
        },
        iter: 150);

    /// <summary>Average pooling of one channel as the page has it.</summary>
    private static class NaiveAveragePooling
    {
        public static float[] Forward(ReadOnlySpan<float> x, ConvolutionGeometry g)
        {
            var y = new float[g.OutputPixels];
            for (var window = 0; window < y.Length; window++)
            {
                var (sum, count) = (0f, 0);
                foreach (var cell in Cells(g, window))
                    (sum, count) = (sum + x[cell], count + 1);
                y[window] = sum / count;
            }

            return y;
        }

        public static float[] InputGradient(ReadOnlySpan<float> dy, ConvolutionGeometry g)
        {
            var dx = new float[g.Pixels];
            for (var window = 0; window < dy.Length; window++)
            {
                var cells = Cells(g, window).ToList();
                foreach (var cell in cells)
                    dx[cell] += dy[window] / cells.Count;
            }

            return dx;
        }

        private static IEnumerable<int> Cells(ConvolutionGeometry g, int window) =>
            from u in Enumerable.Range(0, g.KernelHeight)
            from v in Enumerable.Range(0, g.KernelWidth)
            let h = (window / g.OutputWidth * g.StrideHeight) - g.Top + u
            let w = (window % g.OutputWidth * g.StrideWidth) - g.Left + v
            where h >= 0 && h < g.Height && w >= 0 && w < g.Width
            select (h * g.Width) + w;
    }
}
