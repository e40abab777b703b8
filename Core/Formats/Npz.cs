using System.IO.Compression;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Formats;

/// <summary>NumPy's format of several named arrays (<c>numpy.savez</c>): a zip archive of <c>.npy</c> files.</summary>
public static class Npz
{
    /// <summary>How many bytes of arrays are read where the caller sets no other limit: 1 GiB.</summary>
    public const long Most = 1L << 30;

    private const string Ending = ".npy";
    private const int MostArrays = 1 << 16;
    private const string Again = "Write the file again, or fetch it again from where it came.";

    // The oldest date that a zip archive can hold: the same arrays give the same bytes.
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The bytes of a file: <c>numpy.load</c> gives float32 arrays under these names.</summary>
    /// <param name="arrays">Names and arrays.</param>
    /// <exception cref="ArgumentException">A name stands twice, or is none that <see cref="Read"/> takes.</exception>
    public static byte[] Write(EquatableArray<(string Name, Tensor Values)> arrays)
    {
        if (arrays.Select(array => array.Name).FirstOrDefault(name => !IsName(name) || arrays.Count(other => other.Name == name) > 1) is { } wrong)
            throw new ArgumentException($"'{wrong}' cannot name an array here: names are relative paths, each once.", nameof(arrays));
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, values) in arrays)
            {
                var entry = archive.CreateEntry(name + Ending, CompressionLevel.NoCompression);
                entry.LastWriteTime = Epoch;
                using var content = entry.Open();
                content.Write(Npy.Write(values));
            }

        return stream.ToArray();
    }

    /// <summary>Reads a file and believes no size in it until the bytes agree: no more memory is taken than the arrays and the limit allow.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="file">Its name, for the error.</param>
    /// <param name="most">The limit: bytes of all arrays together, uncompressed.</param>
    /// <exception cref="DataException">The bytes are no such file, or hold something else than float32 arrays.</exception>
    public static EquatableArray<(string Name, Tensor Values)> Read(byte[] bytes, string file, long most = Most)
    {
        try
        {
            using var archive = new ZipArchive(new MemoryStream(bytes, writable: false), ZipArchiveMode.Read);
            var entries = archive.Entries;
            if (entries.Count > MostArrays)
                throw new DataException(file, "too many arrays", $"at most {MostArrays:N0}", $"{entries.Count:N0}");
            foreach (var entry in entries)
                if (!entry.FullName.EndsWith(Ending, StringComparison.Ordinal) || !IsName(entry.FullName[..^Ending.Length]))
                    throw new DataException(file, "an entry of the archive is no array", $"a relative path that ends in {Ending}", $"'{entry.FullName}'", Again);
            if (entries.GroupBy(entry => entry.FullName).FirstOrDefault(group => group.Count() > 1) is { } twice)
                throw new DataException(file, $"array '{twice.Key}' stands in it twice", advice: Again);
            // Summed as decimals, which no entry's claim can make overflow.
            if (entries.Sum(entry => (decimal)entry.Length) is var total && total > most)
                throw new DataException(file, "the arrays would be too large", $"at most {most:N0} bytes", $"{total:N0}");
            return entries.Select(entry => (entry.FullName[..^Ending.Length], Array(entry, file))).ToEquatableArray();
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or NotSupportedException or ArgumentException)
        {
            throw new DataException(file, "this is no whole archive of NumPy arrays", found: e.Message.TrimEnd('.'), advice: Again);
        }
    }

    private static Tensor Array(ZipArchiveEntry entry, string file)
    {
        var member = entry.FullName[..^Ending.Length];
        using var stream = entry.Open();
        var prefix = new byte[Npy.Prefix];
        prefix = prefix[..stream.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false)];
        var end = Npy.HeaderEnd(prefix, member, file);
        var header = new byte[Math.Max(end, prefix.Length)];
        prefix.CopyTo(header, 0);
        stream.ReadExactly(header, prefix.Length, header.Length - prefix.Length);
        var (shape, isColumnMajor) = Npy.Header(header.AsSpan(0, end), member, file);
        var size = (long)shape.Count * sizeof(float);
        if (entry.Length != end + size)
            throw new DataException(file, $"array '{member}' has another size than its shape {shape}", $"{end + size:N0} bytes", $"{entry.Length:N0}", Again);
        var elements = new byte[size];
        // A header that says so much is longer than its prefix, so nothing of the elements has been read yet.
        stream.ReadExactly(elements);
        if (stream.ReadByte() >= 0)
            throw new DataException(file, $"array '{member}' is longer than the archive says", $"{entry.Length:N0} bytes", advice: Again);
        // ZipArchive does not check it.
        if (Crc32.Of(Crc32.Of(0, header.AsSpan(0, end)), elements) is var checksum && checksum != entry.Crc32)
            throw new DataException(file, $"array '{member}' is damaged: its checksum is another", $"{entry.Crc32:X8}", $"{checksum:X8}", Again);
        return Npy.Values(shape, isColumnMajor, elements);
    }

    /// <summary>Whether a name stays within its folder on every system.</summary>
    private static bool IsName(string name) =>
        name.Length is > 0 and <= 1_024 && !name.Any(letter => letter is '\\' or ':' || char.IsControl(letter)) && name.Split('/').All(part => part.Length > 0 && part is not ("." or ".."));
}
