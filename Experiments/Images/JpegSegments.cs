using System.Buffers.Binary;

namespace FunctionalLeNet.Experiments.Images;

/// <summary>What the segments before a JPEG's picture say about how to show it.</summary>
internal static class JpegSegments
{
    private const byte Exif = 0xe1;
    private const byte Adobe = 0xee;
    private const ushort OrientationTag = 0x0112;
    private const ushort Short = 3;
    private const int EntryBytes = 12;

    /// <summary>Whether three components are red, green and blue, which Adobe's segment says; without it they are luma and two of colour.</summary>
    /// <param name="bytes">The file.</param>
    public static bool IsRgb(byte[] bytes) => Segment(bytes, Adobe, "Adobe"u8) is { Length: >= 12 } adobe && adobe.Span[11] == 0;

    /// <summary>How the picture is to be turned; not at all where nothing sensible says so.</summary>
    /// <param name="bytes">The file.</param>
    public static Orientation Orientation(byte[] bytes)
    {
        var tiff = Segment(bytes, Exif, "Exif\0\0"u8) is { Length: > 6 } exif ? exif.Span[6..] : [];
        if (tiff.Length < 10 || !(tiff.StartsWith("II"u8) || tiff.StartsWith("MM"u8)))
            return new(1);
        var little = tiff[0] == (byte)'I';
        var first = Whole(tiff[4..]);
        if (first > tiff.Length - 2)
            return new(1);
        var entries = tiff[((int)first + 2)..];
        for (var i = 0; i < Half(tiff[(int)first..]) && entries.Length >= EntryBytes; i++, entries = entries[EntryBytes..])
            if (Half(entries) == OrientationTag && Half(entries[2..]) == Short)
                return new(Half(entries[8..]) is >= 1 and <= 8 and var value ? value : 1);
        return new(1);

        uint Whole(ReadOnlySpan<byte> place) => little ? BinaryPrimitives.ReadUInt32LittleEndian(place) : BinaryPrimitives.ReadUInt32BigEndian(place);
        ushort Half(ReadOnlySpan<byte> place) => little ? BinaryPrimitives.ReadUInt16LittleEndian(place) : BinaryPrimitives.ReadUInt16BigEndian(place);
    }

    /// <summary>The content of the first segment with a marker and a beginning; null where there is none before the picture.</summary>
    private static ReadOnlyMemory<byte>? Segment(byte[] bytes, byte marker, ReadOnlySpan<byte> beginning)
    {
        const byte lead = 0xff;
        const byte scan = 0xda;
        for (var place = 2; place + 4 <= bytes.Length && bytes[place] == lead && bytes[place + 1] != scan;)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(place + 2));
            if (length < 2 || place + 2 + length > bytes.Length)
                return null;
            var content = bytes.AsMemory(place + 4, length - 2);
            if (bytes[place + 1] == marker && content.Span.StartsWith(beginning))
                return content;
            place += 2 + length;
        }

        return null;
    }
}

/// <summary>How a camera was held, as Exif numbers it: 1 upright, 3 upside down, 6 and 8 on a side, the others in a mirror.</summary>
/// <param name="Exif">From 1 to 8.</param>
internal readonly record struct Orientation(int Exif)
{
    /// <summary>A picture as it is to be seen.</summary>
    /// <param name="image">As it stands in the file.</param>
    public GreyImage Turned(GreyImage image)
    {
        var (right, bottom) = (image.Width - 1, image.Height - 1);
        return Exif switch
        {
            2 => GreyImage.Of(image.Width, image.Height, (x, y) => image[right - x, y]),
            3 => GreyImage.Of(image.Width, image.Height, (x, y) => image[right - x, bottom - y]),
            4 => GreyImage.Of(image.Width, image.Height, (x, y) => image[x, bottom - y]),
            5 => GreyImage.Of(image.Height, image.Width, (x, y) => image[y, x]),
            6 => GreyImage.Of(image.Height, image.Width, (x, y) => image[y, bottom - x]),
            7 => GreyImage.Of(image.Height, image.Width, (x, y) => image[right - y, bottom - x]),
            8 => GreyImage.Of(image.Height, image.Width, (x, y) => image[right - y, x]),
            _ => image,
        };
    }
}
