using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>Whether the zeros among sums of products are +0 for certain.</summary>
/// <remarks>
/// If every product is a multiple of 2⁻¹⁴⁹, the smallest float32, then so is every partial sum, and none that is not exactly zero rounds to zero:
/// a sum that begins as +0 is then never −0. A normal float32 of magnitude ≥ 2^e is a multiple of 2^(e−23), so |d|·|x| ≥ 2⁻¹⁰¹ for the smallest d and x suffices.
/// </remarks>
internal static unsafe class ZeroSums
{
    private static readonly double Enough = double.ScaleB(1, -101);

    /// <summary>Whether each weight gradient that is zero is so because of exact zeros alone.</summary>
    public static bool Certain(Tensor dw, Tensor gradient, Tensor x, ConvolutionGeometry g)
    {
        var values = new ReadOnlySpan<float>(dw.Block.Address, dw.Count);
        if (!values.Contains(0f))
            return true;
        var (outputs, area) = (dw.Shape.First, g.KernelHeight * g.KernelWidth);
        var (smallestD, smallestX) = (Smallest(gradient, outputs), Smallest(x, g.Channels));
        for (var o = 0; o < outputs; o++)
            for (var c = 0; c < g.Channels; c++)
                if ((double)smallestD[o] * smallestX[c] < Enough && values.Slice((o * g.Taps) + (c * area), area).Contains(0f))
                    return false;
        return true;
    }

    /// <summary>The smallest magnitude in each channel that is not zero; infinite where there is none.</summary>
    private static float[] Smallest(Tensor batch, int channels)
    {
        var smallest = new uint[channels];
        Array.Fill(smallest, uint.MaxValue);
        var length = batch.Shape.Rest.Count / channels * batch.Block.Lanes;
        for (var map = 0; map < batch.Block.Length / length; map++)
            smallest[map % channels] = Math.Min(smallest[map % channels], Smallest(new ReadOnlySpan<float>(batch.Block.Address + ((long)map * length), length)));
        GC.KeepAlive(batch);
        return Array.ConvertAll(smallest, bits => bits == uint.MaxValue ? float.PositiveInfinity : BitConverter.UInt32BitsToSingle(bits + 1));
    }

    /// <summary>Without their signs, floats are ordered as their bits are; one less, and a zero is the largest of all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static uint Smallest(ReadOnlySpan<float> values)
    {
        var (magnitude, one) = (Vector512.Create(0x7FFFFFFFu), Vector512<uint>.One);
        var (even, odd) = (Vector512<uint>.AllBitsSet, Vector512<uint>.AllBitsSet);
        var vectors = MemoryMarshal.Cast<float, Vector512<uint>>(values);
        var index = 0;
        for (; index < vectors.Length - 1; index += 2)
        {
            even = Vector512.Min(even, (vectors[index] & magnitude) - one);
            odd = Vector512.Min(odd, (vectors[index + 1] & magnitude) - one);
        }

        var least = Vector512.Min(even, odd);
        var smallest = uint.MaxValue;
        for (var lane = 0; lane < Vector512<uint>.Count; lane++)
            smallest = Math.Min(smallest, least[lane]);
        foreach (var value in MemoryMarshal.Cast<float, uint>(values[(index * Vector512<uint>.Count)..]))
            smallest = Math.Min(smallest, (value & 0x7FFFFFFF) - 1);
        return smallest;
    }
}
