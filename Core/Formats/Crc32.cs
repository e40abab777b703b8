using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Formats;

/// <summary>CRC-32 as zip archives (APPNOTE.TXT, 4.4.7) and PNG files (ISO/IEC 15948, annex D) have it.</summary>
internal static class Crc32
{
    private static readonly EquatableArray<uint> Table = Enumerable.Range(0, 256)
        .Select(value => Enumerable.Range(0, 8).Aggregate((uint)value, (sum, _) => (sum & 1) == 0 ? sum >> 1 : (sum >> 1) ^ 0xEDB88320)).ToEquatableArray();

    /// <summary>The checksum of bytes that follow others.</summary>
    /// <param name="before">The checksum of those: 0 where there are none.</param>
    /// <param name="bytes">The bytes.</param>
    public static uint Of(uint before, ReadOnlySpan<byte> bytes)
    {
        var checksum = ~before;
        foreach (var value in bytes)
            checksum = (checksum >> 8) ^ Table[(byte)(checksum ^ value)];
        return ~checksum;
    }
}
