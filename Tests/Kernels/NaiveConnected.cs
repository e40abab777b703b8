using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Numerics;

namespace FunctionalLeNet.Tests.Kernels;

/// <summary>
/// Convolution along a connection table as the page has it. Each derivative visits the same terms y[n, o, i, j] += x[n, c, h, k] · w[connection, u, v] in the same order,
/// in which every one of the three sums is in its own: samples and outputs outside, pixels inside.
/// </summary>
public static class NaiveConnected
{
    public static float[] Forward(float[] x, float[] w, float[] b, ConvolutionGeometry g, ConnectionTable table, int samples)
    {
        var y = new float[samples * table.Outputs * g.OutputPixels];
        for (var place = 0; place < y.Length; place++)
        {
            var (o, i, j) = (place / g.OutputPixels % table.Outputs, place % g.OutputPixels / g.OutputWidth, place % g.OutputWidth);
            var (n, sum, connection) = (place / (g.OutputPixels * table.Outputs), 0f, table.Rows.Take(o).Sum(row => row.Count));
            foreach (var c in table.Rows[o])
            {
                foreach (var (tap, pixel) in Taps(g, i, j))
                    sum = Fma.Single(x[(((n * g.Channels) + c) * g.Pixels) + pixel], w[(connection * g.KernelHeight * g.KernelWidth) + tap], sum);
                connection++;
            }

            y[place] = sum + b[o];
        }

        return y;
    }

    public static float[] InputGradient(float[] dy, float[] w, ConvolutionGeometry g, ConnectionTable table, int samples)
    {
        var dx = new float[samples * g.Channels * g.Pixels];
        // Every pixel receives its terms in the order (o, u, v): taps outside, windows inside.
        foreach (var (n, o, c, connection) in Connections(table, samples))
            for (var tap = 0; tap < g.KernelHeight * g.KernelWidth; tap++)
                foreach (var (place, pixel) in Windows(g, tap))
                {
                    ref var sum = ref dx[(((n * g.Channels) + c) * g.Pixels) + pixel];
                    sum = Fma.Single(dy[(((n * table.Outputs) + o) * g.OutputPixels) + place], w[(connection * g.KernelHeight * g.KernelWidth) + tap], sum);
                }

        return dx;
    }

    public static float[] WeightGradient(float[] dy, float[] x, ConvolutionGeometry g, ConnectionTable table, int samples)
    {
        var area = g.KernelHeight * g.KernelWidth;
        var dw = new float[table.Count * area];
        foreach (var (n, o, c, connection) in Connections(table, samples))
            for (var tap = 0; tap < area; tap++)
                foreach (var (place, pixel) in Windows(g, tap))
                {
                    ref var sum = ref dw[(connection * area) + tap];
                    sum = Fma.Single(dy[(((n * table.Outputs) + o) * g.OutputPixels) + place], x[(((n * g.Channels) + c) * g.Pixels) + pixel], sum);
                }

        return dw;
    }

    private static IEnumerable<(int Sample, int Output, int Input, int Connection)> Connections(ConnectionTable table, int samples) =>
        from n in Enumerable.Range(0, samples)
        from connection in table.Rows.SelectMany((row, o) => row.Select(c => (Output: o, Input: c))).Index()
        select (n, connection.Item.Output, connection.Item.Input, connection.Index);

    private static IEnumerable<(int Tap, int Pixel)> Taps(ConvolutionGeometry g, int i, int j) =>
        from tap in Enumerable.Range(0, g.KernelHeight * g.KernelWidth)
        let pixel = Pixel(g, i, j, tap)
        where pixel >= 0
        select (tap, pixel);

    private static IEnumerable<(int Place, int Pixel)> Windows(ConvolutionGeometry g, int tap) =>
        from place in Enumerable.Range(0, g.OutputPixels)
        let pixel = Pixel(g, place / g.OutputWidth, place % g.OutputWidth, tap)
        where pixel >= 0
        select (place, pixel);

    private static int Pixel(ConvolutionGeometry g, int i, int j, int tap)
    {
        var (h, k) = ((i * g.StrideHeight) - g.Top + (tap / g.KernelWidth), (j * g.StrideWidth) - g.Left + (tap % g.KernelWidth));
        return (uint)h < (uint)g.Height && (uint)k < (uint)g.Width ? (h * g.Width) + k : -1;
    }
}
