using CsCheck;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Tests.Kernels;

/// <summary>What kernels are tested with: sizes around whole vectors, ordinary and extraordinary numbers, one to three threads.</summary>
internal static class KernelCases
{
    /// <summary>Batch sizes on both sides of one and two groups of lanes.</summary>
    public static Gen<int> Samples { get; } = Gen.OneOf(Gen.Const(1), Gen.Int[2, 14], Gen.OneOf(15, 16, 17, 20, 24, 25, 32, 33, 64, 70, 100));

    /// <summary>Feature counts on both sides of whole vectors and of register tiles.</summary>
    public static Gen<int> Features { get; } = Gen.OneOf(Gen.Int[1, 14], Gen.OneOf(15, 16, 17, 24, 25, 33, 48, 80, 81, 95, 130));

    /// <summary>Numbers as networks have them.</summary>
    public static Gen<float> Ordinary { get; } = Gen.Float[-2, 2];

    /// <summary>Numbers with zeros of both signs, subnormals, infinities and NaN among them.</summary>
    public static Gen<float> Any { get; } = Gen.Frequency(
        (40, Ordinary),
        (4, Gen.OneOf(0f, -0f)),
        (1, Gen.OneOf(float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, 1e-42f, -1e-30f, 1e-30f)));

    /// <summary>Mostly arrays without infinities, which would drown all else in NaN; some with.</summary>
    public static Gen<float[]> Numbers(int count) => Gen.OneOf(Ordinary.Array[count], Ordinary.Array[count], Any.Array[count]);

    /// <summary>Runs with one to three threads.</summary>
    public static Gen<int> Threads { get; } = Gen.Int[1, 3];

    /// <summary>A batch as it lies inside an evaluation, idle lanes filled with NaN that must not leak into any result.</summary>
    public static Tensor Grouped(Workspace workspace, Shape shape, float[] values)
    {
        var plain = Tensor.Batch(shape, values);
        var grouped = Copies.Grouped(workspace, plain);
        for (var n = shape.First; n % grouped.Block.Lanes != 0; n++)
            for (var f = 0; f < shape.Rest.Count; f++)
                Poison(grouped, n, f);
        return grouped;
    }

    /// <summary>Whether two arrays hold the same bits, any NaN equal to any other.</summary>
    public static void Same(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            if (BitConverter.SingleToInt32Bits(expected[i]) != BitConverter.SingleToInt32Bits(actual[i]) && !(float.IsNaN(expected[i]) && float.IsNaN(actual[i])))
                Assert.Fail($"Element {i} of {expected.Length} is {actual[i]:R}, not {expected[i]:R}.");
    }

    private static unsafe void Poison(Tensor grouped, int sample, int feature)
    {
        if (grouped.Block.Lanes == Workspace.Lanes)
            grouped.Block.Address[Copies.Offset(grouped, sample, feature)] = float.NaN;
    }
}
