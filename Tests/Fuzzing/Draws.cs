using FunctionalLeNet.Core.Random;

namespace FunctionalLeNet.Fuzzing;

/// <summary>What is drawn for one input, from a key of its own: any input can be made again from its number alone.</summary>
internal sealed class Draws(Key key)
{
    // Where a length, an offset or a count goes wrong.
    private static readonly long[] Edges =
    [
        0, 1, 2, 3, 7, 8, 10, 127, 128, 255, 256, 1_023, 1_024, 1_025, short.MaxValue, 65_535, 65_536, 10_000_000, 10_000_001, 1 << 30,
        int.MaxValue - 1L, int.MaxValue, int.MaxValue + 1L, uint.MaxValue, uint.MaxValue + 1L, long.MaxValue / 4, long.MaxValue - 1, long.MaxValue, -1, int.MinValue, long.MinValue,
    ];

    private long _drawn;

    public ulong Next()
    {
        var child = key.Child(_drawn++);
        return ((ulong)child.K1 << 32) | child.K0;
    }

    /// <summary>A number from 0 to one below a bound.</summary>
    public int Below(int bound) => (int)(Next() % (ulong)Math.Max(bound, 1));

    /// <summary>True once in so many times.</summary>
    public bool OneIn(int times) => Below(times) == 0;

    public T Of<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    public long Edge() => Of(Edges);

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++)
            bytes[i] = (byte)Next();
        return bytes;
    }
}
