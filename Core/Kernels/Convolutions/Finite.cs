using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>Looks for infinities and NaN.</summary>
internal static class Finite
{
    /// <summary>Whether all numbers are finite, those of idle lanes too.</summary>
    public static unsafe bool All(Tensor tensor)
    {
        var finite = All(tensor.Block.Address, tensor.Block.Length);
        GC.KeepAlive(tensor);
        return finite;
    }

    /// <summary>Whether all numbers of a piece of memory are finite.</summary>
    public static unsafe bool All(float* numbers, int length) => All(new ReadOnlySpan<float>(numbers, length));

    /// <summary>Whether all numbers are finite: no exponent is all ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool All(ReadOnlySpan<float> values)
    {
        var exponent = Vector512.Create(0x7F800000);
        var vectors = MemoryMarshal.Cast<float, Vector512<int>>(values);
        var (even, odd) = (Vector512<int>.Zero, Vector512<int>.Zero);
        var index = 0;
        for (; index < vectors.Length - 1; index += 2)
        {
            even |= Vector512.Equals(vectors[index] & exponent, exponent);
            odd |= Vector512.Equals(vectors[index + 1] & exponent, exponent);
        }

        if ((even | odd) != Vector512<int>.Zero)
            return false;
        foreach (var value in values[(index * Vector512<int>.Count)..])
            if (!float.IsFinite(value))
                return false;
        return true;
    }
}
