using System.Buffers.Binary;
using FunctionalLeNet.Core.Formats;

namespace FunctionalLeNet.Experiments.Images;

/// <summary>Picture files, by what their first bytes say they are. Nothing is allocated for a size before it was found to be allowed.</summary>
internal static class PictureFile
{
    /// <summary>The largest file that is read, in bytes.</summary>
    public const int MostBytes = 32 << 20;

    /// <summary>The longest side that is read, in pixels.</summary>
    public const int LongestSide = 1 << 14;

    /// <summary>The most pixels that are read: those of a large photograph.</summary>
    public const int MostPixels = 1 << 25;

    private static ReadOnlySpan<byte> JpegSignature => [0xff, 0xd8, 0xff];

    /// <summary>Reads a file.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="file">Its name, for the error.</param>
    /// <exception cref="DataException">There is none, it is too large, of no known kind, or damaged.</exception>
    public static GreyImage Read(string path, string file)
    {
        if (Directory.Exists(path))
            throw new DataException(file, "this is a folder", "an image file (PNG or JPEG)");
        var info = new FileInfo(path);
        if (!info.Exists)
            throw new DataException(file, "there is no such file");
        // A device or a pipe has no length that could be checked before.
        using var stream = File.OpenRead(path);
        using var bytes = new MemoryStream();
        var buffer = new byte[1 << 16];
        while (stream.Read(buffer) is var read and > 0)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > MostBytes || info.Length > MostBytes)
                throw new DataException(file, "too large for an image of a digit", $"at most {MostBytes:N0} bytes", info.Length > MostBytes ? $"{info.Length:N0}" : "more");
        }

        return OfBytes(bytes.ToArray(), file);
    }

    /// <summary>A picture from a file's bytes.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="file">Its name, for the error.</param>
    /// <exception cref="DataException">It is of no known kind, too large, or damaged.</exception>
    public static GreyImage OfBytes(byte[] bytes, string file) =>
        bytes.AsSpan().StartsWith(PngPicture.Signature) ? PngPicture.Read(bytes, file)
        : bytes.AsSpan().StartsWith(JpegSignature) ? JpegPicture.Read(bytes, file)
        : throw new DataException(file, "this is no image that can be read", "PNG or JPEG", Kind(bytes), Kind(bytes) is "an empty file" or "something else" ? "" : "Save it as PNG.");

    /// <summary>A size that a file states, checked.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="file">The file's name, for the error.</param>
    /// <exception cref="DataException">There are no pixels, or more than are read.</exception>
    internal static (int Width, int Height) Size(long width, long height, string file) => (width, height) switch
    {
        ( <= 0, _) or (_, <= 0) => throw new DataException(file, "the image has no pixels", found: $"{width}×{height}"),
        _ when width > LongestSide || height > LongestSide || width * height > MostPixels =>
            throw new DataException(file, "the image is too large", $"at most {MostPixels:N0} pixels and {LongestSide:N0} a side", $"{width}×{height}", "Save it smaller: a digit needs a few hundred pixels."),
        _ => ((int)width, (int)height),
    };

    /// <summary>An error of a decoder as this project's own.</summary>
    internal static DataException Damaged(string kind, Exception e, string file) => new(file, $"this {kind} is damaged or of an unusual kind", found: e.Message.ReplaceLineEndings(" ").TrimEnd('.', ' ') is { Length: > 0 and < 200 } message ? message : e.GetType().Name);

    private static string Kind(byte[] bytes) => bytes switch
    {
        [] => "an empty file",
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => "a GIF",
        [(byte)'B', (byte)'M', ..] => "a Windows bitmap",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "a WebP",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => "an AVIF, HEIC or video",
        [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => "a TIFF",
        [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..] => "a PDF",
        [(byte)'<', ..] => "a text such as SVG",
        { Length: >= 4 } when BinaryPrimitives.ReadUInt32BigEndian(bytes) is Idx.ImagesMagic => "an IDX file of many images",
        _ => "something else",
    };
}
