using CsCheck;
using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Layers;

namespace FunctionalLeNet.Tests.Kernels;

public class PoolingTests
{
    /// <summary>Windows of any form, with no padding, any that is less than a window, or TensorFlow's.</summary>
    internal static readonly Gen<ConvolutionGeometry> Geometries =
        from channels in Gen.Int[1, 3]
        from height in Gen.Int[1, 9]
        from width in Gen.Int[1, 9]
        from window in Gen.Select(Gen.Int[1, 4], Gen.Int[1, 4], (rows, columns) => new Core.Layers.Size(rows, columns))
        from stride in Gen.Select(Gen.Int[1, 5], Gen.Int[1, 5], (rows, columns) => new Core.Layers.Size(rows, columns))
        from sides in Gen.Select(Gen.Int[0, window.Height - 1], Gen.Int[0, window.Height - 1], Gen.Int[0, window.Width - 1], Gen.Int[0, window.Width - 1])
        from padding in Gen.OneOf(default, new Padding(sides.Item1, sides.Item2, sides.Item3, sides.Item4), Padding.Same)
        where padding.IsSame || (height + padding.Top + padding.Bottom >= window.Height && width + padding.Left + padding.Right >= window.Width)
        select Shapes.Geometry(new Layer.MaximumPooling(window, stride, padding), [channels, height, width]);

    // Few different numbers, so that equal maxima are common.
    private static readonly Gen<float> Coarse = Gen.Frequency((8, Gen.Int[-3, 3].Select(i => (float)i)), (1, KernelCases.Any));

    private static readonly Gen<(ConvolutionGeometry G, int Samples, float[] X, float[] Dy, int Threads)> Cases =
        from g in Geometries
        from samples in KernelCases.Samples
        from x in Coarse.Array[samples * g.Channels * g.Pixels]
        from dy in KernelCases.Numbers(samples * g.Channels * g.OutputPixels)
        from threads in KernelCases.Threads
        select (g, samples, x, dy, threads);

    [Fact]
    public void The_first_largest_cell_of_each_window_is_chosen_and_gets_the_gradient() => Cases.Sample(
        c =>
        {
            using var workspace = new Workspace(c.Threads);
            var x = KernelCases.Grouped(workspace, c.G.Input(c.Samples), c.X);
            var dy = KernelCases.Grouped(workspace, c.G.Output(c.Samples, c.G.Channels), c.Dy);
            var (values, choices) = MaximumPooling.Forward(workspace, x, c.G, dy.Shape);
            var dx = MaximumPooling.InputGradient(workspace, dy, choices, c.G, x.Shape);

            var maps = Enumerable.Range(0, c.Samples * c.G.Channels).Select(map => NaivePooling.Forward(c.X.AsSpan(map * c.G.Pixels, c.G.Pixels), c.G)).ToArray();
            KernelCases.Same([.. maps.SelectMany(map => map.Values)], values.ToArray());
            KernelCases.Same([.. maps.SelectMany(map => map.Choices).Select(choice => (float)choice)], choices.ToArray());
            KernelCases.Same(
                [.. maps.SelectMany((map, i) => NaivePooling.InputGradient(c.Dy.AsSpan(i * c.G.OutputPixels, c.G.OutputPixels), map.Choices, c.G))],
                dx.ToArray());
        },
        iter: 300);
}
