using System.Runtime.CompilerServices;

namespace FunctionalLeNet.Core.Random;

/// <summary>
/// Philox4x32-10, a counter-based generator: a keyed bijection on 128 bits whose values at successive counters are random
/// numbers (J. Salmon, M. Moraes, R. Dror and D. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011, section 4.3;
/// Random123, include/Random123/philox.h).
/// </summary>
internal static class Philox
{
    private const int Rounds = 10;

    /// <summary>The four words at a counter.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (uint W0, uint W1, uint W2, uint W3) Block((uint C0, uint C1, uint C2, uint C3) counter, (uint K0, uint K1) key)
    {
        var ((c0, c1, c2, c3), (k0, k1)) = (counter, key);
        for (var round = 0; round < Rounds; round++)
        {
            var product0 = 0xD2511F53UL * c0;
            var product1 = 0xCD9E8D57UL * c2;
            (c0, c1, c2, c3) = ((uint)(product1 >> 32) ^ c1 ^ k0, (uint)product1, (uint)(product0 >> 32) ^ c3 ^ k1, (uint)product0);
            unchecked
            {
                k0 += 0x9E3779B9;
                k1 += 0xBB67AE85;
            }
        }
        return (c0, c1, c2, c3);
    }
}
