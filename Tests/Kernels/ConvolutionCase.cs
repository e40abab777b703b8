using CsCheck;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Tests.Kernels;

/// <summary>A random convolution: sizes that are no multiples of anything, strides beyond the kernel, padding on each side by itself.</summary>
public sealed record ConvolutionCase(ConvolutionGeometry Geometry, int Samples, int Outputs, int Threads, ConvolutionNumbers Kind, int Seed)
{
    private static readonly Gen<int> Sizes = Gen.Frequency((8, Gen.Int[1, 8]), (3, Gen.Int[9, 17]), (1, Gen.Const(33)));

    public static Gen<ConvolutionCase> Any { get; } =
        from samples in Gen.OneOf(Gen.OneOf(1, 2, 5, 8), Gen.OneOf(9, 15, 16, 17, 33))
        from channels in Sizes
        from outputs in Sizes
        from kernel in Gen.Select(Gen.Int[1, 5], Gen.Int[1, 5])
        from stride in Gen.Frequency((3, Gen.Const((1, 1))), (2, Gen.Select(Gen.Int[1, 4], Gen.Int[1, 4])))
        from padding in Gen.Frequency(
            (2, Gen.Const((0, 0, 0, 0))),
            (3, Gen.Select(Gen.Int[0, kernel.Item1], Gen.Int[0, kernel.Item1], Gen.Int[0, kernel.Item2], Gen.Int[0, kernel.Item2])))
        from size in Gen.Select(Gen.Int[1, 12], Gen.Int[1, 12])
        from threads in Gen.Int[1, 3]
        from kind in Gen.Enum<ConvolutionNumbers>()
        from seed in Gen.Int[0, 1_000_000]
        select Create(samples, channels, outputs, kernel, stride, padding, size, threads, kind, seed);

    /// <summary>Numbers for this case; each purpose has its own.</summary>
    public float[] Numbers(int purpose, int count)
    {
        var random = new System.Random((Seed * 10) + purpose);
        return [.. Enumerable.Range(0, count).Select(_ => Number(random))];
    }

    public Workspace Workspace() => new(Threads);

    public Shape Input => Geometry.Input(Samples);

    public Shape Output => Geometry.Output(Samples, Outputs);

    public Shape Weight => Shape.Of(Outputs, Geometry.Channels, Geometry.KernelHeight, Geometry.KernelWidth);

    private float Number(System.Random random)
    {
        var value = (random.NextSingle() * 2) - 1;
        var special = random.Next(100);
        return (Kind, special) switch
        {
            (ConvolutionNumbers.Wild, 0) => float.PositiveInfinity,
            (ConvolutionNumbers.Wild, 1) => float.NegativeInfinity,
            (ConvolutionNumbers.Wild, 2) => float.NaN,
            (ConvolutionNumbers.Tiny, < 60) => value * 1e-30f,
            (ConvolutionNumbers.Tiny, < 80) => value * 1e-21f,
            (ConvolutionNumbers.Sparse, < 80) or (_, < 10) => 0,
            (_, < 15) => -0f,
            _ => value,
        };
    }

    private static ConvolutionCase Create(
        int samples, int channels, int outputs, (int H, int W) kernel, (int H, int W) stride, (int Top, int Bottom, int Left, int Right) padding, (int H, int W) size, int threads,
        ConvolutionNumbers kind, int seed)
    {
        // A window must fit at least once; a naive twin must end.
        var height = Math.Max(size.H, kernel.H - padding.Top - padding.Bottom);
        var width = Math.Max(size.W, kernel.W - padding.Left - padding.Right);
        while ((long)samples * channels * outputs * kernel.H * kernel.W * height * width > 3_000_000 && (channels > 1 || outputs > 1))
            (channels, outputs) = channels > outputs ? ((channels + 1) / 2, outputs) : (channels, (outputs + 1) / 2);
        return new(
            new ConvolutionGeometry(
                channels, height, width, kernel.H, kernel.W, stride.H, stride.W, padding.Top, padding.Left,
                ((height + padding.Top + padding.Bottom - kernel.H) / stride.H) + 1, ((width + padding.Left + padding.Right - kernel.W) / stride.W) + 1),
            samples, outputs, threads, kind, seed);
    }
}

/// <summary>What numbers a case has.</summary>
public enum ConvolutionNumbers
{
    /// <summary>Between −1 and 1, some zeros of both signs.</summary>
    Plain,

    /// <summary>Mostly zeros, as after max-pooling.</summary>
    Sparse,

    /// <summary>So small that products underflow, to zeros of both signs.</summary>
    Tiny,

    /// <summary>Infinities and NaN among the others.</summary>
    Wild,
}
