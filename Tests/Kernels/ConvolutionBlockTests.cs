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

    // What a block's input gradient computes from the chosen cells alone, and around its limits: samples side by side, no padding, up to five windows and five taps.
    private static readonly Gen<(ConvolutionCase Convolution, bool Rectify, ConvolutionGeometry? Pool)> SecondBlocks =
        from test in ConvolutionCase.Any
        from rectify in Gen.Bool
        from samples in Gen.OneOf(Gen.Int[9, 16], Gen.Int[25, 40])
        from channels in Gen.Int[1, 9]
        from outputs in Gen.Int[1, 18]
        from kernel in Gen.Select(Gen.Int[1, 5], Gen.Int[1, 5])
        from windows in Gen.Select(Gen.Int[1, 5], Gen.Int[1, 5])
        from rest in Gen.Select(Gen.Int[0, 1], Gen.Int[0, 1])
        let g = new ConvolutionGeometry(
            channels, (2 * windows.Item1) + rest.Item1 + kernel.Item1 - 1, (2 * windows.Item2) + rest.Item2 + kernel.Item2 - 1, kernel.Item1, kernel.Item2, 1, 1,
            0, 0, (2 * windows.Item1) + rest.Item1, (2 * windows.Item2) + rest.Item2)
        let block = test with { Geometry = g, Outputs = outputs, Samples = samples }
        select (block, rectify, Pool(block, (2, 2), (0, 0)));

    // Images of one channel, zero outside a rectangle that all samples share: what is not added there must not be missed.
    private static readonly Gen<(ConvolutionCase Convolution, bool Rectify, ConvolutionGeometry? Pool, (int Top, int Left, int Bottom, int Right) Ink)> Digits =
        from test in ConvolutionCase.Any
        from rectify in Gen.Bool
        from samples in Gen.OneOf(Gen.Int[9, 16], Gen.Int[25, 40])
        from kernel in Gen.Select(Gen.Int[1, 7], Gen.Int[1, 7])
        from stride in Gen.Frequency((3, Gen.Const((1, 1))), (1, Gen.Select(Gen.Int[1, 3], Gen.Int[1, 3])))
        from padding in Gen.Select(Gen.Int[0, 2], Gen.Int[0, 2])
        from size in Gen.Select(Gen.Int[8, 20], Gen.Int[8, 70])
        from pool in Gen.Frequency((4, Gen.Const((2, 2))), (1, Gen.Const((0, 0))), (1, Gen.Const((1, 4))), (1, Gen.Const((4, 1))))
        from ink in Gen.Select(Gen.Int[0, size.Item1], Gen.Int[0, size.Item2], Gen.Int[0, size.Item1], Gen.Int[0, size.Item2])
        let g = new ConvolutionGeometry(
            1, size.Item1, size.Item2, kernel.Item1, kernel.Item2, stride.Item1, stride.Item2, padding.Item1, padding.Item2,
            ((size.Item1 + (2 * padding.Item1) - kernel.Item1) / stride.Item1) + 1, ((size.Item2 + (2 * padding.Item2) - kernel.Item2) / stride.Item2) + 1)
        let block = test with { Geometry = g, Outputs = 1 + (test.Outputs % 7), Samples = samples }
        select (block, rectify, Pool(block, pool, (0, 0)), ink);

    [Fact]
    public void Fused_forward_equals_convolution_then_ReLU_then_pool() =>
        Blocks.Sample(block => ForwardIsNaive(block, block.Convolution.Numbers(0, block.Convolution.Input.Count)), iter: 300);

    [Fact]
    public void Fused_forward_of_images_with_blank_margins_does_too() =>
        Digits.Sample(
            block =>
            {
                var (x, g) = (block.Convolution.Numbers(0, block.Convolution.Input.Count), block.Convolution.Geometry);
                for (var pixel = 0; pixel < x.Length; pixel++)
                    if (pixel / g.Width % g.Height is var h && pixel % g.Width is var k && (h < block.Ink.Top || k < block.Ink.Left || h >= block.Ink.Bottom || k >= block.Ink.Right))
                        x[pixel] = (h + k) % 5 == 0 ? -0f : 0;
                ForwardIsNaive((block.Convolution, block.Rectify, block.Pool), x);
            },
            iter: 300);

    [Fact]
    public void Fused_gradients_equal_those_of_pool_then_ReLU_then_convolution() => Blocks.Sample(block => GradientsAreNaive(block, block.Convolution.Seed % 2 == 0), iter: 300);

    // Random sizes seldom have several windows of a pool, of many channels, under one large kernel: there alone the order of the terms depends on what was chosen.
    [Fact]
    public void Fused_gradients_of_blocks_as_LeNets_have_them_do_too() => LeNets.Sample(block => GradientsAreNaive(block, wantInput: true), iter: 100);

    [Fact]
    public void Fused_gradients_of_blocks_as_LeNets_second_do_too() => SecondBlocks.Sample(block => GradientsAreNaive(block, wantInput: true), iter: 150);

    [Fact]
    public void What_an_earlier_block_left_in_scratch_memory_is_not_seen()
    {
        using var used = new Workspace();
        using var fresh = new Workspace();
        Gradient(used, 5);
        ConvolutionBits.Equal(Gradient(fresh, 2), Gradient(used, 2));

        static float[] Gradient(Workspace workspace, int windows)
        {
            var g = new ConvolutionGeometry(6, (2 * windows) + 4, 14, 5, 5, 1, 1, 0, 0, 2 * windows, 10);
            var pool = new ConvolutionGeometry(4, 2 * windows, 10, 2, 2, 2, 2, 0, 0, windows, 5);
            var test = new ConvolutionCase(g, 16, 4, 1, ConvolutionNumbers.Plain, windows);
            var (x, w) = (ConvolutionTests.Batch(workspace, test.Input, test.Numbers(0, test.Input.Count)), Tensor.Parameter(test.Weight, test.Numbers(1, test.Weight.Count)));
            var (values, choices) = ConvolutionBlock.Forward(workspace, x, w, Tensor.Zeros(Shape.Of(4)), g, false, pool);
            return ConvolutionBlock.Gradients(workspace, values, values, choices, x, w, g, false, pool, wantInput: true).Input!.ToArray();
        }
    }

    [Fact]
    public void The_sparse_input_gradient_leaves_it_to_others_where_a_zero_left_out_could_be_seen()
    {
        using var workspace = new Workspace();
        var g = new ConvolutionGeometry(1, 6, 6, 5, 5, 1, 1, 0, 0, 2, 2);
        var pool = new ConvolutionGeometry(1, 2, 2, 2, 2, 2, 2, 0, 0, 1, 1);
        Assert.Equal(Hardware.Has512, SparseInputGradient.Takes(g, pool));
        Assert.False(SparseInputGradient.Takes(g with { Top = 1 }, pool));
        Assert.False(SparseInputGradient.Takes(g with { Channels = 9 }, pool));
        Assert.False(SparseInputGradient.Takes(g with { StrideWidth = 2 }, pool));
        Assert.False(SparseInputGradient.Takes(g, pool with { KernelHeight = 1 }));
        if (!Hardware.Has512)
            return;
        Assert.NotNull(Result(1, 1));
        Assert.Null(Result(1e-20f, 1e-20f));
        Assert.Null(Result(1, float.PositiveInfinity));
        Assert.Null(Result(float.NaN, 1));

        Tensor? Result(float gradient, float weight)
        {
            using var scratch = new Arena();
            var sparse = new SparseInputGradient(workspace, scratch, Tensor.Parameter(Shape.Of(1, 1, 5, 5), Filled(25, weight)), g, pool, Shape.Of(16, 1, 6, 6));
            var (values, choices) = (ConvolutionTests.Batch(workspace, Shape.Of(16, 1, 1, 1), Filled(16, gradient)), ConvolutionTests.Batch(workspace, Shape.Of(16, 1, 1, 1), Filled(16, 3)));
            var x = ConvolutionTests.Batch(workspace, Shape.Of(16, 1, 6, 6), Filled(576, 1));
            WeightGradient.Of(workspace, new(values, values, choices, false, pool), x, g, Shape.Of(1, 1, 5, 5), sparse);
            return sparse.Result;
        }

        static float[] Filled(int count, float value) => [.. Enumerable.Repeat(value, count)];
    }

    private static void ForwardIsNaive((ConvolutionCase Convolution, bool Rectify, ConvolutionGeometry? Pool) block, float[] x)
    {
        var (test, g) = (block.Convolution, block.Convolution.Geometry);
        var (w, b) = (test.Numbers(1, test.Weight.Count), test.Numbers(2, test.Outputs));
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
    }

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
