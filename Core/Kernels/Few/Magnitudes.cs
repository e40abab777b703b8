using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>Magnitudes that say whether a sum that is zero is +0 for certain: see <see cref="ZeroSums"/>.</summary>
internal static class Magnitudes
{
    private static readonly double Enough = double.ScaleB(1, -101);

    /// <summary>Whether sums of products of numbers of at least these magnitudes never round to zero. NaN says no.</summary>
    public static bool Suffices(float a, float b) => (double)a * b >= Enough;

    /// <summary>Whether one of the numbers is 0 or −0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool HasZero(ReadOnlySpan<float> values)
    {
        var vectors = MemoryMarshal.Cast<float, Vector512<float>>(values);
        var found = Vector512<float>.Zero;
        foreach (var vector in vectors)
            found |= Vector512.Equals(vector, Vector512<float>.Zero);
        var any = found.AsInt32() != Vector512<int>.Zero;
        foreach (var value in values[(vectors.Length * Vector512<float>.Count)..])
            any |= value == 0;
        return any;
    }

    /// <summary>The smallest magnitude that is not zero; infinite where there is none, perhaps NaN where there is a NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Smallest(ReadOnlySpan<float> values)
    {
        var vectors = MemoryMarshal.Cast<float, Vector512<float>>(values);
        var all = Vector512.Create(float.PositiveInfinity);
        foreach (var vector in vectors)
            all = Vector512.Min(all, Vector512.ConditionalSelect(Vector512.Equals(vector, Vector512<float>.Zero), all, Vector512.Abs(vector)));
        var smallest = float.PositiveInfinity;
        for (var lane = 0; lane < Vector512<float>.Count; lane++)
            smallest = MathF.Min(smallest, all[lane]);
        foreach (var value in values[(vectors.Length * Vector512<float>.Count)..])
            smallest = value == 0 ? smallest : MathF.Min(smallest, MathF.Abs(value));
        return smallest;
    }
}
