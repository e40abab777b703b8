using System.Runtime.CompilerServices;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// Results larger than the caches are written past them (<see cref="ILanes{T}.StoreAside"/>): memory that is written whole need not be read first, and what else is in the
/// caches stays there.
/// </summary>
internal static unsafe class Aside
{
    // 4 MiB, twice what two cores hold by themselves.
    private const int Large = 1 << 20;
    private const int CacheLine = 64;

    /// <summary>Whether a result is written past the caches.</summary>
    /// <param name="length">How many numbers it has.</param>
    /// <param name="address">Where it begins.</param>
    public static bool Takes(long length, float* address) => length >= Large && (nint)address % CacheLine == 0;

    /// <summary>Writes numbers to memory, past the caches or through them.</summary>
    /// <typeparam name="T">The lanes.</typeparam>
    /// <param name="value">The numbers.</param>
    /// <param name="address">Where they go; past the caches a multiple of the vector's size.</param>
    /// <param name="aside">What <see cref="Takes"/> said.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(T value, float* address, bool aside) where T : struct, ILanes<T>
    {
        if (aside)
            T.StoreAside(value, address);
        else
            T.Store(value, address);
    }
}
