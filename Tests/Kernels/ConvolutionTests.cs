using CsCheck;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Tests.Kernels;

public sealed class ConvolutionTests
{
    private const int Cases = 300;

    [Fact]
    public void Forward_equals_the_naive_chain_bit_for_bit() =>
        ConvolutionCase.Any.Sample(
            test =>
            {
                var (g, x, w, b) = (test.Geometry, test.Numbers(0, test.Input.Count), test.Numbers(1, test.Weight.Count), test.Numbers(2, test.Outputs));
                using var workspace = test.Workspace();
                var y = Convolution.Forward(
                    workspace, Batch(workspace, test.Input, x), Tensor.Parameter(test.Weight, w), Tensor.Parameter(Shape.Of(test.Outputs), b), g, test.Output);
                ConvolutionBits.Equal(NaiveConvolution.Forward(x, w, b, g, test.Samples), y.ToArray());
            },
            iter: Cases);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_padding_of_zeros_keeps_the_sign_of_a_sum_that_underflowed(int samples)
    {
        // The tap on the pixel underflows to −0, the taps beside it are skipped, and the bias is −0 too. A product with a padded zero would make +0 of it.
        var g = new ConvolutionGeometry(1, 1, 1, 1, 3, 1, 1, 0, 1, 1, 1);
        float[] x = [.. Enumerable.Repeat(1e-30f, samples)], w = [1, -1e-30f, 1], b = [-0f];
        using var workspace = new Workspace();
        var y = Convolution.Forward(
            workspace, Batch(workspace, g.Input(samples), x), Tensor.Parameter([1, 1, 1, 3], w), Tensor.Parameter([1], b), g, g.Output(samples, 1));
        Assert.All(y.ToArray(), value => Assert.Equal(BitConverter.SingleToInt32Bits(-0f), BitConverter.SingleToInt32Bits(value)));
        ConvolutionBits.Equal(NaiveConvolution.Forward(x, w, b, g, samples), y.ToArray());
    }

    [Fact]
    public void Input_gradient_equals_the_naive_chain_bit_for_bit() =>
        ConvolutionCase.Any.Sample(
            test =>
            {
                var (g, dy, w) = (test.Geometry, test.Numbers(0, test.Output.Count), test.Numbers(1, test.Weight.Count));
                using var workspace = test.Workspace();
                var dx = Convolution.InputGradient(workspace, Batch(workspace, test.Output, dy), Tensor.Parameter(test.Weight, w), g, test.Input);
                ConvolutionBits.Equal(NaiveConvolution.InputGradient(dy, w, g, test.Samples, test.Outputs), dx.ToArray());
            },
            iter: Cases);

    [Fact]
    public void Parameter_gradients_equal_the_naive_chains_bit_for_bit() =>
        ConvolutionCase.Any.Sample(
            test =>
            {
                var (g, dy, x) = (test.Geometry, test.Numbers(0, test.Output.Count), test.Numbers(1, test.Input.Count));
                using var workspace = test.Workspace();
                var (dw, db) = Convolution.ParameterGradients(workspace, Batch(workspace, test.Output, dy), Batch(workspace, test.Input, x), g, test.Weight);
                ConvolutionBits.Equal(NaiveConvolution.WeightGradient(dy, x, g, test.Samples, test.Outputs), dw.ToArray());
                ConvolutionBits.Equal(NaiveConvolution.BiasGradient(dy, g, test.Samples, test.Outputs), db.ToArray());
            },
            iter: Cases);

    // Enough for several threads to share the output channels of a few samples.
    [Theory]
    [InlineData(3, 6, 64, 5, 18, 3)]
    [InlineData(8, 2, 43, 3, 34, 2)]
    [InlineData(20, 6, 17, 5, 14, 3)]
    [InlineData(20, 32, 5, 3, 16, 8)]
    public void Threads_that_share_channels_leave_the_chains_as_they_are(int samples, int channels, int outputs, int kernel, int size, int threads)
    {
        var windows = size - kernel + 1;
        var g = new ConvolutionGeometry(channels, size, size, kernel, kernel, 1, 1, 0, 0, windows, windows);
        var test = new ConvolutionCase(g, samples, outputs, threads, ConvolutionNumbers.Sparse, Seed: 7);
        var (dy, x) = (test.Numbers(0, test.Output.Count), test.Numbers(1, test.Input.Count));
        using var workspace = test.Workspace();
        var (dw, db) = Convolution.ParameterGradients(workspace, Batch(workspace, test.Output, dy), Batch(workspace, test.Input, x), g, test.Weight);
        ConvolutionBits.Equal(NaiveConvolution.WeightGradient(dy, x, g, samples, outputs), dw.ToArray());
        ConvolutionBits.Equal(NaiveConvolution.BiasGradient(dy, g, samples, outputs), db.ToArray());
    }

    [Fact]
    public void Derivatives_equal_central_differences() =>
        ConvolutionCase.Any.Where(test => test.Kind == ConvolutionNumbers.Plain).Sample(
            test =>
            {
                // L = Σ r·y for random r is linear in x, in w and in b each, so a central difference in double has rounding error alone.
                var g = test.Geometry;
                var (x, w, b, r) = (test.Numbers(0, test.Input.Count), test.Numbers(1, test.Weight.Count), test.Numbers(2, test.Outputs), test.Numbers(3, test.Output.Count));
                using var workspace = test.Workspace();
                var (batch, gradient, weight) = (Batch(workspace, test.Input, x), Batch(workspace, test.Output, r), Tensor.Parameter(test.Weight, w));
                var dx = Convolution.InputGradient(workspace, gradient, weight, g, test.Input).ToArray();
                var (dw, db) = Convolution.ParameterGradients(workspace, gradient, batch, g, test.Weight);
                double Loss(double[] x, double[] w, double[] b) => NaiveConvolution.Double(x, w, b, g, test.Samples).Zip(r, (y, r) => y * r).Sum();
                double[] dx0 = Array.ConvertAll(x, value => (double)value), dw0 = Array.ConvertAll(w, value => (double)value), db0 = Array.ConvertAll(b, value => (double)value);
                var (ix, iw, ib) = (test.Seed % x.Length, test.Seed % w.Length, test.Seed % b.Length);
                Near(Difference(dx0, ix, values => Loss(values, dw0, db0)), dx[ix]);
                Near(Difference(dw0, iw, values => Loss(dx0, values, db0)), dw.ToArray()[iw]);
                Near(Difference(db0, ib, values => Loss(dx0, dw0, values)), db.ToArray()[ib]);
            },
            iter: 50);

    internal static Tensor Batch(Workspace workspace, Shape shape, float[] values) => Copies.Grouped(workspace, Tensor.Batch(shape, values));

    private static double Difference(double[] values, int index, Func<double[], double> loss)
    {
        const double H = 0.5;
        double[] up = [.. values], down = [.. values];
        (up[index], down[index]) = (values[index] + H, values[index] - H);
        return (loss(up) - loss(down)) / (2 * H);
    }

    private static void Near(double expected, float actual) => Assert.InRange(actual, expected - (1e-4 * (1 + Math.Abs(expected))), expected + (1e-4 * (1 + Math.Abs(expected))));
}
