using CsCheck;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Tests.Kernels;

public sealed class ConvolutionBlockTests
{
    private static readonly Gen<(ConvolutionCase Convolution, bool Rectify, ConvolutionGeometry? Pool)> Blocks =
        from test in ConvolutionCase.Any
        from rectify in Gen.Bool
        from size in Gen.Frequency(
            (4, Gen.Const((2, 2))), (1, Gen.Const((0, 0))), (1, Gen.Const((1, 4))), (2, Gen.Select(Gen.Int[1, 3], Gen.Int[1, 3])))
        from extra in Gen.Frequency((3, Gen.Const((0, 0))), (1, Gen.Select(Gen.Int[0, 1], Gen.Int[0, 1])))
        select (test, rectify, Pool(test, size, extra));

    private static readonly Gen<(ConvolutionCase Convolution, bool Rectify, ConvolutionGeometry? Pool)> LeNets =
        from test in ConvolutionCase.Any
        from rectify in Gen.Bool
        from channels in Gen.Int[3, 8]
        from outputs in Gen.Int[8, 18]
        from kernel in Gen.Select(Gen.Int[3, 5], Gen.Int[3, 5])
        from padding in Gen.Int[0, 2]
        from windows in Gen.Select(Gen.Int[3, 6], Gen.Int[3, 9])
        let g = new ConvolutionGeometry(
            channels, (2 * windows.Item1) + kernel.Item1 - 1 - (2 * padding), (2 * windows.Item2) + kernel.Item2 - 1 - (2 * padding), kernel.Item1, kernel.Item2, 1, 1,
            padding, padding, 2 * windows.Item1, 2 * windows.Item2)
        let block = test with { Geometry = g, Outputs = outputs, Samples = 1 + (test.Samples % 25) }
        select (block, rectify, Pool(block, (2, 2), (0, 0)));

    [Fact]
    public void Fused_forward_equals_convolution_then_ReLU_then_pool() =>
        Blocks.Sample(
            block =>
            {
                var (test, g) = (block.Convolution, block.Convolution.Geometry);
                var (x, w, b) = (test.Numbers(0, test.Input.Count), test.Numbers(1, test.Weight.Count), test.Numbers(2, test.Outputs));
                using var workspace = test.Workspace();
                var (values, choices) = ConvolutionBlock.Forward(
                    workspace, ConvolutionTests.Batch(workspace, test.Input, x), Tensor.Parameter(test.Weight, w), Tensor.Parameter(Shape.Of(test.Outputs), b), g, block.Rectify,
                    block.Pool);
                var y = NaiveConvolution.Forward(x, w, b, g, test.Samples);
                y = block.Rectify ? NaiveConvolution.Rectify(y) : y;
                var (expected, expectedChoices) = block.Pool is { } pool ? NaiveConvolution.MaxPool(y, pool, test.Samples * test.Outputs) : (y, []);
                ConvolutionBits.Equal(expected, values.ToArray());
                if (block.Pool is not null)
                    Assert.Equal(expectedChoices, choices.ToArray().Select(choice => (int)choice));
            },
            iter: 300);

    [Fact]
    public void Fused_gradients_equal_those_of_pool_then_ReLU_then_convolution() => Blocks.Sample(block => GradientsAreNaive(block, block.Convolution.Seed % 2 == 0), iter: 300);

    // Random sizes seldom have several windows of a pool, of many channels, under one large kernel: there alone the order of the terms depends on what was chosen.
    [Fact]
    public void Fused_gradients_of_blocks_as_LeNets_have_them_do_too() => LeNets.Sample(block => GradientsAreNaive(block, wantInput: true), iter: 100);

    private static void GradientsAreNaive((ConvolutionCase Convolution, bool Rectify, ConvolutionGeometry? Pool) block, bool wantInput)
    {
        var (test, g) = (block.Convolution, block.Convolution.Geometry);
        var (x, w, b) = (test.Numbers(0, test.Input.Count), test.Numbers(1, test.Weight.Count), test.Numbers(2, test.Outputs));
        using var workspace = test.Workspace();
        var (batch, weight) = (ConvolutionTests.Batch(workspace, test.Input, x), Tensor.Parameter(test.Weight, w));
        var (values, choices) = ConvolutionBlock.Forward(workspace, batch, weight, Tensor.Parameter(Shape.Of(test.Outputs), b), g, block.Rectify, block.Pool);
        var d = test.Numbers(3, values.Count);
        var (dx, dw, db) = ConvolutionBlock.Gradients(
            workspace, ConvolutionTests.Batch(workspace, values.Shape, d), values, choices, batch, weight, g, block.Rectify, block.Pool, wantInput);

        var y = NaiveConvolution.Forward(x, w, b, g, test.Samples);
        var rectified = block.Rectify ? NaiveConvolution.Rectify(y) : y;
        var dy = d;
        if (block.Pool is { } pool)
            dy = NaiveConvolution.MaxPoolGradient(dy, NaiveConvolution.MaxPool(rectified, pool, test.Samples * test.Outputs).Choices, pool, test.Samples * test.Outputs);
        if (block.Rectify)
            dy = NaiveConvolution.RectifyGradient(dy, rectified);
        ConvolutionBits.Equal(NaiveConvolution.WeightGradient(dy, x, g, test.Samples, test.Outputs), dw.ToArray());
        ConvolutionBits.Equal(NaiveConvolution.BiasGradient(dy, g, test.Samples, test.Outputs), db.ToArray());
        Assert.Equal(wantInput, dx is not null);
        if (dx is not null)
            ConvolutionBits.Equal(NaiveConvolution.InputGradient(dy, w, g, test.Samples, test.Outputs), dx.ToArray());
    }

    private static ConvolutionGeometry? Pool(ConvolutionCase test, (int H, int W) size, (int H, int W) extra)
    {
        var g = test.Geometry;
        if (size.H == 0 || size.H > g.OutputHeight || size.W > g.OutputWidth)
            return null;
        var (sh, sw) = (size.H + extra.H, size.W + extra.W);
        return new(
            test.Outputs, g.OutputHeight, g.OutputWidth, size.H, size.W, sh, sw, 0, 0, ((g.OutputHeight - size.H) / sh) + 1, ((g.OutputWidth - size.W) / sw) + 1);
    }
}
