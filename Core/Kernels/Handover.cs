namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// A number that goes from one thread to another and back, to measure how far apart two cores are: where they share a cache it takes some 50 ns, across two
/// some 350. What one thread writes and the other reads takes as much longer, and on a virtual machine the distance changes by itself.
/// </summary>
internal static class Handover
{
    // A thread that the system has not given a core yet is let have this one.
    private const int SpinsBeforeYield = 10_000;

    // The middle of four cache lines, so that it shares none with anything else.
    private const int Place = 16;

    /// <summary>Hands a number to another thread and takes it back.</summary>
    /// <param name="rounds">How often.</param>
    /// <returns>The number, which each hand raises by one.</returns>
    public static long Run(int rounds)
    {
        var number = new long[2 * Place];
        var other = new Thread(() => Raise(number, 1, rounds)) { IsBackground = true };
        other.Start();
        Raise(number, 0, rounds);
        other.Join();
        return number[Place];
    }

    private static void Raise(long[] number, int hand, int rounds)
    {
        for (var turn = (long)hand; turn < 2L * rounds; turn += 2)
        {
            for (var spin = 0; Volatile.Read(ref number[Place]) != turn; spin++)
                if (spin > SpinsBeforeYield)
                    Thread.Yield();
            Volatile.Write(ref number[Place], turn + 1);
        }
    }
}
