using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using Google.Protobuf;

namespace FunctionalLeNet.Experiments.Interop.TensorBoard;

/// <summary>
/// A file of TensorBoard's events, which only ever grows: each event is one TFRecord (tensorflow/core/lib/io/record_writer.h), its length in 8 little-endian bytes,
/// the masked CRC-32C of these, the event, the masked CRC-32C of the event.
/// </summary>
/// <remarks>A record is handed to the system whole, so that a killed process leaves whole records, and a reader that meets half a one waits for the rest.</remarks>
internal sealed class EventFile : IDisposable
{
    private const string Prefix = "events.out.tfevents.";
    private const int LengthBytes = sizeof(ulong);
    private const int ChecksumBytes = sizeof(uint);
    private readonly FileStream _stream;

    private EventFile(FileStream stream) => _stream = stream;

    /// <summary>Begins a file that is read after all that are in the folder: TensorBoard takes them in the order of their names, which begin with the time in seconds.</summary>
    /// <param name="folder">The folder; made where there is none.</param>
    /// <param name="now">The time. Where the clock jumped back, the name goes on from the newest file's.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static EventFile Create(string folder, DateTimeOffset now)
    {
        Directory.CreateDirectory(folder);
        var seconds = Directory.EnumerateFiles(folder, Prefix + "*").Select(Seconds).Select(last => last + 1).Append(now.ToUnixTimeSeconds()).Max();
        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{seconds:D10}.lenet"));
        return new EventFile(new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0));
    }

    /// <summary>Adds an event; it is in the file when this returns.</summary>
    /// <param name="added">The event.</param>
    public void Append(Event added)
    {
        var length = added.CalculateSize();
        var record = new byte[LengthBytes + ChecksumBytes + length + ChecksumBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(LengthBytes), Masked(record.AsSpan(0, LengthBytes)));
        var content = record.AsSpan(LengthBytes + ChecksumBytes, length);
        added.WriteTo(content);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(record.Length - ChecksumBytes), Masked(content));
        _stream.Write(record);
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    /// <summary>CRC-32C (RFC 3720, appendix B.4), rotated and shifted so that a checksum of data that holds checksums is not weak (tensorflow/core/lib/hash/crc32c.h).</summary>
    /// <param name="bytes">The bytes.</param>
    internal static uint Masked(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        return BitOperations.RotateRight(~crc, 15) + 0xA282EAD8;
    }

    private static long Seconds(string path) =>
        long.TryParse(Path.GetFileName(path)[Prefix.Length..].Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : 0;
}
