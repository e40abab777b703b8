using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Numerics;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Tests.Kernels;

namespace FunctionalLeNet.Tests.Autodiff;

/// <summary>
/// The backward pass of LeCun et al. 1998, appendix C, as the page has it, layer by layer from the last to the first, for the layers of 1998:
/// ∂²E/∂a² = f′(a)² ∂²E/∂y², ∂²E/∂x² = Σ u² ∂²E/∂a², ∂²E/∂u² = Σ x² ∂²E/∂a² over the connections that share u and over the patterns.
/// </summary>
internal static class NaiveCurvature
{
    /// <summary>The mean second derivatives by every parameter, by path.</summary>
    public static Dictionary<string, float[]> Of(Network network, Tree<Tensor> parameters, float[] images, byte[] labels, Loss loss)
    {
        var (samples, x, values) = (labels.Length, images, new List<float[]> { images });
        var steps = Shapes.Of(network).ToArray();
        float[] Parameter(LayerShape step, string name) => parameters[step.Path][name].AsLeaf().ToArray();
        foreach (var step in steps)
            values.Add(x = Forward(step, x, samples, name => Parameter(step, name)));

        var (g, h) = Loss(loss, x, labels);
        var result = new Dictionary<string, float[]>();
        for (var i = steps.Length - 1; i >= 0; i--)
            (g, h) = Backward(steps[i], values[i], values[i + 1], g, h, samples, name => Parameter(steps[i], name), (name, numbers) => result[$"{steps[i].Path}/{name}"] = numbers);
        return result;
    }

    private static float[] Forward(LayerShape step, float[] x, int samples, Func<string, float[]> parameter) => step.Layer switch
    {
        Layer.Convolution { Connections: { } table } layer => NaiveConnected.Forward(x, parameter("weight"), parameter("bias"), Shapes.Geometry(layer, step.Input), table, samples),
        Layer.Convolution layer => NaiveConvolution.Forward(x, parameter("weight"), parameter("bias"), Shapes.Geometry(layer, step.Input), samples),
        Layer.Linear => NaiveConvolution.Forward(x, parameter("weight"), parameter("bias"), ConvolutionGeometry.Linear(step.Input.Count), samples),
        Layer.Tanh tanh => [.. x.Select(value => tanh.Amplitude * ExactMath.Tanh(tanh.Slope * value))],
        Layer.Subsampling layer => [.. Sums(Shapes.Geometry(layer, step.Input), x, samples).Select((sum, place) =>
            (sum * parameter("weight")[place / step.Output.Rest.Count % step.Output[0]]) + parameter("bias")[place / step.Output.Rest.Count % step.Output[0]])],
        Layer.RadialBasis layer => [.. x.Chunk(layer.Targets.Pixels).SelectMany(features => Targets(layer).Select(target =>
            0 - features.Zip(target).Aggregate(0f, (sum, pair) => Fma.Single(pair.First - pair.Second, pair.First - pair.Second, sum))))],
        _ => x,
    };

    private static (float[] First, float[] Second) Loss(Loss loss, float[] z, byte[] labels)
    {
        var (n, classes) = (labels.Length, z.Length / labels.Length);
        var (first, second) = (new float[z.Length], new float[z.Length]);
        for (var place = 0; place < z.Length; place++)
        {
            var (sample, k) = Math.DivRem(place, classes);
            var right = labels[sample] == k;
            if (loss is Loss.Rubbish(var j))
            {
                var own = z.AsSpan(sample * classes, classes).ToArray();
                var largest = Math.Max(-j, own.Max());
                var p = ExactMath.Exp(z[place] - largest) / own.Aggregate(ExactMath.Exp(-j - largest), (sum, logit) => sum + ExactMath.Exp(logit - largest));
                (first[place], second[place]) = ((float)((p - (right ? 1 : 0)) * (1.0 / n)), (float)(p * (1 - p) * (1.0 / n)));
            }
            else
                first[place] = right ? (float)(-1.0 / n) : 0;
        }

        return (first, second);
    }

    private static (float[] First, float[] Second) Backward(
        LayerShape step, float[] x, float[] y, float[] first, float[] h, int samples, Func<string, float[]> parameter, Action<string, float[]> found)
    {
        // First derivatives are needed by the output layer alone.
        switch (step.Layer)
        {
            case Layer.Convolution { Connections: { } table } layer:
                var wired = Shapes.Geometry(layer, step.Input);
                found("weight", NaiveConnected.WeightGradient(h, Squares(x), wired, table, samples));
                found("bias", NaiveConvolution.BiasGradient(h, wired, samples, table.Outputs));
                return (first, NaiveConnected.InputGradient(h, Squares(parameter("weight")), wired, table, samples));
            case Layer.Convolution or Layer.Linear:
                var g = step.Layer is Layer.Convolution convolution ? Shapes.Geometry(convolution, step.Input) : ConvolutionGeometry.Linear(step.Input.Count);
                found("weight", NaiveConvolution.WeightGradient(h, Squares(x), g, samples, step.Output[0]));
                found("bias", NaiveConvolution.BiasGradient(h, g, samples, step.Output[0]));
                return (first, NaiveConvolution.InputGradient(h, Squares(parameter("weight")), g, samples, step.Output[0]));
            case Layer.Tanh(var a, var s):
                return (first, [.. h.Zip(y, (second, value) => second * (s / a * ((a - value) * (a + value))) * (s / a * ((a - value) * (a + value))))]);
            case Layer.Subsampling layer:
                var pool = Shapes.Geometry(layer, step.Input);
                found("weight", PerMap(Squares(Sums(pool, x, samples)), h, pool, samples));
                found("bias", NaiveConvolution.BiasGradient(h, pool, samples, pool.Channels));
                return (first, [.. x.Select((_, place) =>
                {
                    var (map, pixel) = Math.DivRem(place, pool.Pixels);
                    var (i, j) = (pixel / pool.Width / pool.StrideHeight, pixel % pool.Width / pool.StrideWidth);
                    return i < pool.OutputHeight && j < pool.OutputWidth
                        ? Fma.Single(h[(map * pool.OutputPixels) + (i * pool.OutputWidth) + j], Squares(parameter("weight"))[map % pool.Channels], 0)
                        : 0;
                })]);
            case Layer.RadialBasis layer:
                var targets = Targets(layer);
                return (first, [.. x.Select((value, place) =>
                {
                    var (n, j) = Math.DivRem(place, layer.Targets.Pixels);
                    var (squares, slopes) = (0f, 0f);
                    for (var k = 0; k < targets.Length; k++)
                    {
                        squares = Fma.Single(h[(n * targets.Length) + k], (targets[k][j] - value) * (targets[k][j] - value), squares);
                        slopes += first[(n * targets.Length) + k];
                    }

                    return (4 * squares) - (2 * slopes);
                })]);
            default:
                return (first, h);
        }
    }

    private static float[] Squares(float[] numbers) => [.. numbers.Select(number => number * number)];

    private static float[][] Targets(Layer.RadialBasis layer) => [.. layer.Targets.Pictures.Select(picture => picture.Select(pixel => pixel == '#' ? 1f : -1f).ToArray())];

    private static float[] Sums(ConvolutionGeometry g, float[] x, int samples) =>
    [
        .. from map in Enumerable.Range(0, samples * g.Channels)
           from i in Enumerable.Range(0, g.OutputHeight)
           from j in Enumerable.Range(0, g.OutputWidth)
           select (from u in Enumerable.Range(0, g.KernelHeight) from v in Enumerable.Range(0, g.KernelWidth) select (u, v)).Aggregate(
               0f, (sum, tap) => sum + x[(map * g.Pixels) + (((i * g.StrideHeight) + tap.u) * g.Width) + (j * g.StrideWidth) + tap.v]),
    ];

    private static float[] PerMap(float[] sums, float[] h, ConvolutionGeometry g, int samples)
    {
        var result = new float[g.Channels];
        for (var place = 0; place < samples * g.Channels * g.OutputPixels; place++)
            result[place / g.OutputPixels % g.Channels] = Fma.Single(h[place], sums[place], result[place / g.OutputPixels % g.Channels]);
        return result;
    }
}
