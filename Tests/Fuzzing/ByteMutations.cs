using System.Buffers.Binary;

namespace FunctionalLeNet.Fuzzing;

/// <summary>Changes to bytes that know nothing of what the bytes mean.</summary>
internal static class ByteMutations
{
    /// <summary>One to four changes.</summary>
    public static byte[] Mutate(this Draws draws, byte[] bytes)
    {
        for (var changes = 1 + draws.Below(4); changes > 0; changes--)
            bytes = Once(draws, bytes);
        return bytes;
    }

    private static byte[] Once(Draws draws, byte[] bytes)
    {
        var at = draws.Below(bytes.Length);
        var length = Math.Min(1 + draws.Below(draws.OneIn(4) ? 64 : 8), bytes.Length - at);
        return draws.Below(8) switch
        {
            0 => With(bytes, copy => copy[at] ^= (byte)(1 << draws.Below(8))),
            1 => With(bytes, copy => copy[at] = (byte)draws.Next()),
            2 => Number(draws, bytes),
            3 => [.. bytes[..at], .. draws.Bytes(1 + draws.Below(8)), .. bytes[at..]],
            4 => [.. bytes[..at], .. bytes[(at + length)..]],
            5 => [.. bytes[..(at + length)], .. bytes[at..]],
            6 => bytes[..at],
            _ => [.. bytes, .. draws.Bytes(1 + draws.Below(16))],
        };
    }

    private static byte[] Number(Draws draws, byte[] bytes)
    {
        var (size, bigEndian, value) = (draws.Of<int>([1, 2, 4, 8]), draws.OneIn(2), draws.Edge());
        if (bytes.Length < size)
            return bytes;
        var number = new byte[8];
        if (bigEndian)
            BinaryPrimitives.WriteInt64BigEndian(number, value);
        else
            BinaryPrimitives.WriteInt64LittleEndian(number, value);
        var at = draws.Below(bytes.Length - size + 1);
        return With(bytes, copy => (bigEndian ? number[^size..] : number[..size]).CopyTo(copy, at));
    }

    private static byte[] With(byte[] bytes, Action<byte[]> change)
    {
        var copy = (byte[])bytes.Clone();
        if (copy.Length > 0)
            change(copy);
        return copy;
    }
}
