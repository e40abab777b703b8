using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Numerics;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Tests.Autodiff;

/// <summary>A network in double, as its textbook formulas say, one sample at a time: what the derivatives of whole networks are checked against.</summary>
internal static class NaiveNetwork
{
    /// <summary>The mean softmax cross-entropy of a batch.</summary>
    public static double Loss(Network network, Tree<double[]> parameters, double[][] samples, byte[] labels, Mode mode) =>
        samples.Select((sample, n) =>
        {
            double[] Factors(string path, double probability, int count) => mode is Mode.Training(var key)
                ? [.. key.Child(path).Uniform(samples.Length * count).AsSpan(n * count, count).ToArray().Select(u => u < (float)(1 - probability) ? 1 / (1 - probability) : 0)]
                : [.. Enumerable.Repeat(1.0, count)];
            var logits = Apply("", network.Layers, parameters, network.Input, sample, Factors).Values;
            var largest = logits.Max();
            return largest + Math.Log(logits.Sum(logit => Math.Exp(logit - largest))) - logits[labels[n]];
        }).Average();

    private static (Shape Shape, double[] Values) Apply(
        string path, Layer layer, Tree<double[]> parameters, Shape shape, double[] x, Func<string, double, int, double[]> dropout) => layer.Match(
        convolution =>
        {
            var g = Shapes.Geometry(convolution, shape, path);
            var (w, b) = (parameters["weight"].AsLeaf(), parameters["bias"].AsLeaf());
            var table = convolution.Connections ?? ConnectionTable.Of(g.Channels, [.. Enumerable.Repeat(Enumerable.Range(0, g.Channels).ToArray(), convolution.Channels)]);
            return (Shape.Of(convolution.Channels, g.OutputHeight, g.OutputWidth), Windows(convolution.Channels, g).Select(window => b[window.Channel] + (
                from c in table.Rows[window.Channel].Index()
                from tap in Taps(g, window.Row, window.Column)
                let connection = table.Rows.Take(window.Channel).Sum(row => row.Count) + c.Index
                select x[(c.Item * g.Pixels) + tap.Pixel] * w[(connection * g.KernelHeight * g.KernelWidth) + tap.Index]).Sum()).ToArray());
        },
        pooling => Pooled(Shapes.Geometry(pooling, shape, path), x, Enumerable.Max),
        pooling => Pooled(Shapes.Geometry(pooling, shape, path), x, Enumerable.Average),
        pooling =>
        {
            var (output, sums) = Pooled(Shapes.Geometry(pooling, shape, path), x, Enumerable.Sum);
            var (w, b) = (parameters["weight"].AsLeaf(), parameters["bias"].AsLeaf());
            return (output, sums.Select((sum, place) => (w[place / output.Rest.Count] * sum) + b[place / output.Rest.Count]).ToArray());
        },
        _ => (Shape.Of(shape[0]), x.Chunk(shape[1] * shape[2]).Select(channel => channel.Average()).ToArray()),
        activation => (shape, x.Select(activation.Match<Func<double, double>>(
            _ => value => Math.Max(value, 0),
            leaky => value => value > 0 ? value : leaky.Slope * value,
            _ => value => 1 / (1 + Math.Exp(-value)),
            tanh => value => tanh.Amplitude * Math.Tanh(tanh.Slope * value),
            exponential => value => value > 0 ? value : exponential.Alpha * (Math.Exp(value) - 1),
            _ => value => value * 0.5 * (1 + ExactMath.Erf(value / Math.Sqrt(2))))).ToArray()),
        layer => (shape, x.Zip(dropout(path, layer.Probability, x.Length), (value, factor) => value * factor).ToArray()),
        flatten => (Shape.Of(shape.Count), flatten.Order == FlattenOrder.ChannelsFirst || shape.Rank == 1 ? x : (
            from pixel in Enumerable.Range(0, shape[1] * shape[2])
            from channel in Enumerable.Range(0, shape[0])
            select x[(channel * shape[1] * shape[2]) + pixel]).ToArray()),
        linear =>
        {
            var (w, b) = (parameters["weight"].AsLeaf(), parameters["bias"].AsLeaf());
            return (Shape.Of(linear.Features), b.Select((bias, o) => bias + x.Select((value, f) => value * w[(o * x.Length) + f]).Sum()).ToArray());
        },
        basis => (Shape.Of(basis.Targets.Count), basis.Targets.Pictures.Select(picture =>
            -picture.Zip(x, (pixel, value) => (value - (pixel == '#' ? 1 : -1)) * (value - (pixel == '#' ? 1 : -1))).Sum()).ToArray()),
        _ => (shape, x.Select(value => Math.Exp(value) / x.Sum(Math.Exp)).ToArray()),
        _ => (shape, x.Select(value => value - Math.Log(x.Sum(Math.Exp))).ToArray()),
        sequence => sequence.Layers.Aggregate((Shape: shape, Values: x), (state, child) =>
            Apply(Tree.Join(path, child.Name), child.Layer, parameters.Under(child.Name), state.Shape, state.Values, dropout)));

    private static (Shape Shape, double[] Values) Pooled(Core.Kernels.ConvolutionGeometry g, double[] x, Func<IEnumerable<double>, double> of) => (
        Shape.Of(g.Channels, g.OutputHeight, g.OutputWidth),
        Windows(g.Channels, g).Select(window => of(Taps(g, window.Row, window.Column).Select(tap => x[(window.Channel * g.Pixels) + tap.Pixel]))).ToArray());

    private static IEnumerable<(int Channel, int Row, int Column)> Windows(int channels, Core.Kernels.ConvolutionGeometry g) =>
        from channel in Enumerable.Range(0, channels)
        from row in Enumerable.Range(0, g.OutputHeight)
        from column in Enumerable.Range(0, g.OutputWidth)
        select (channel, row, column);

    private static IEnumerable<(int Index, int Pixel)> Taps(Core.Kernels.ConvolutionGeometry g, int row, int column) =>
        from u in Enumerable.Range(0, g.KernelHeight)
        from v in Enumerable.Range(0, g.KernelWidth)
        let y = (row * g.StrideHeight) - g.Top + u
        let x = (column * g.StrideWidth) - g.Left + v
        where y >= 0 && y < g.Height && x >= 0 && x < g.Width
        select ((u * g.KernelWidth) + v, (y * g.Width) + x);
}
