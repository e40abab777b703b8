using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using CsCheck;
using FunctionalLeNet.Core.Formats;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Tests.Formats;

public class NpzTests
{
    private static readonly Gen<Tensor> Tensors =
        from sizes in Gen.Int[0, 5].Array[0, 4]
        from values in Gen.Single.Array[sizes.Aggregate(1, (product, size) => product * size)]
        select Tensor.Parameter(Shape.Of(sizes), values);

    [Fact]
    public void What_is_written_is_read_back_to_the_same_bits() => Tensors.List[0, 6].Sample(tensors =>
    {
        var arrays = tensors.Select((tensor, i) => ($"layer.{i}/é", tensor)).ToEquatableArray();
        Assert.Equal(arrays, Npz.Read(Npz.Write(arrays), "file"));
        Assert.Equal(Npz.Write(arrays), Npz.Write(arrays));
    });

    [Theory]
    [InlineData("(2, 3)", "False", new float[] { 1, 2, 3, 4, 5, 6 })]
    [InlineData("(2, 3)", "True", new float[] { 1, 3, 5, 2, 4, 6 })]
    [InlineData("(6,)", "True", new float[] { 1, 2, 3, 4, 5, 6 })]
    [InlineData("(1, 2, 3)", "True", new float[] { 1, 3, 5, 2, 4, 6 })]
    public void Either_order_of_elements_is_read(string shape, string isColumnMajor, float[] expected) =>
        Assert.Equal(expected, Npz.Read(Archive(("a.npy", Array($"{{'descr': '<f4', 'fortran_order': {isColumnMajor}, 'shape': {shape}, }}", 24))), "file")[0].Values.ToArray());

    [Theory]
    [InlineData("../a.npy", "no array")]
    [InlineData("a/../../b.npy", "no array")]
    [InlineData("/etc/a.npy", "no array")]
    [InlineData("C:\\a.npy", "no array")]
    [InlineData("a\\b.npy", "no array")]
    [InlineData("a.txt", "no array")]
    [InlineData(".npy", "an entry of the archive is no array: expected a relative path that ends in .npy, found '.npy'.")]
    [InlineData("./a.npy", "no array")]
    [InlineData("a\n.npy", "no array")]
    public void An_entry_that_is_no_array_or_climbs_out_of_its_folder_is_refused(string name, string message) =>
        Refused(Archive((name, Array("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", 4))), message);

    [Theory]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }", 8, "array 'a' has another element type: expected <f4, float32, found <f8. Convert it first: array.astype('float32').")]
    [InlineData("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", 4, "another element type")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", 4, "another element type")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", 4, "makes no sense")]
    [InlineData("{'descr': '<f4', 'shape': (1,), }", 4, "the header of array 'a' makes no sense: expected descr, fortran_order and shape of a plain array.")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", 4, "makes no sense")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (65536, 65536), }", 4, "the shape of array 'a' makes no sense: expected fewer than 2,147,483,648 elements, found (65536, 65536).")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,), }", 4, "shape of array 'a' makes no sense")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 4, "array 'a' has another size than its shape [2]: expected 136 bytes, found 132.")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", 8, "another size than its shape [1]")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (500000000,), }", 4, "another size")]
    public void A_header_that_lies_is_refused(string header, int data, string message) => Refused(Archive(("a.npy", Array(header, data))), message);

    [Fact]
    public void A_zip_bomb_is_refused_before_it_goes_off()
    {
        // One is honest about its size, the other claims four bytes and holds 100 MB.
        var honest = Archive(("a.npy", Array("{'descr': '<f4', 'fortran_order': False, 'shape': (5, 10000000), }", 200_000_000)));
        Refused(honest, "too large: expected at most 1,000,000 bytes", most: 1_000_000);
        var lying = Archive(("a.npy", Array("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", 100_000_000)));
        foreach (var place in Places(lying, BitConverter.GetBytes(100_000_128)))
            BinaryPrimitives.WriteInt32LittleEndian(lying.AsSpan(place), 132);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        Refused(lying, "", most: 1_000_000);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 5_000_000);
    }

    /// <summary>An archive's directory that claims a billion entries, and one that has more than may be.</summary>
    [Fact]
    public void Very_many_entries_are_refused_in_little_memory()
    {
        var few = Archive(("a.npy", Npy("(1,)", 4)));
        foreach (var place in (int[])[few.Length - 14, few.Length - 12])
            BinaryPrimitives.WriteUInt16LittleEndian(few.AsSpan(place), 60_000);
        var many = Archive([.. Enumerable.Range(0, 66_000).Select(i => ($"{i}.npy", (byte[])[]))]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refused(few, "no whole archive");
        Refused(many, "too many arrays: expected at most 65,536, found 66,000");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 * many.Length);
    }

    [Fact]
    public void A_changed_byte_is_found_by_the_checksum()
    {
        var bytes = Npz.Write([("a", Tensor.Parameter([4], [1, 2, 3, 4]))]);
        bytes[Places(bytes, BitConverter.GetBytes(3f)).Single()] ^= 1;
        Refused(bytes, "array 'a' is damaged: its checksum is another: expected ");
    }

    [Fact]
    public void A_damaged_file_is_read_or_refused_and_nothing_else_happens()
    {
        var whole = Npz.Write([("a", Tensor.Parameter([2, 2], [1, 2, 3, 4])), ("b", Tensor.Scalar(5))]);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Int[0, whole.Length]).Sample((place, value, length) =>
        {
            var damaged = whole.ToArray();
            damaged[place] = value;
            try
            {
                _ = Npz.Read(damaged[..length], "damaged", most: 1_000_000);
            }
            catch (DataException)
            {
            }
        });
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a zip archive at all")]
    public void What_is_no_archive_is_refused(string text) => Refused(Encoding.ASCII.GetBytes(text), "no whole archive");

    [Fact]
    public void A_name_stands_once_and_stays_in_its_folder()
    {
        Assert.Throws<ArgumentException>(() => Npz.Write([("a", Tensor.Scalar(1)), ("a", Tensor.Scalar(2))]));
        Assert.StartsWith(
            "'../a' cannot name an array here: names are relative paths, each once.",
            Assert.Throws<ArgumentException>(() => Npz.Write([("../a", Tensor.Scalar(1))])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Npz.Write([(new string('a', 1_025), Tensor.Scalar(1))]));
        Assert.Equal(1_024, Npz.Read(Npz.Write([(new string('a', 1_024), Tensor.Scalar(1))]), "file")[0].Name.Length);
        Refused(Archive(("a.npy", Npy("(1,)", 4)), ("a.npy", Npy("(1,)", 4))), "'a.npy' stands in it twice");
    }

    [Fact]
    public void A_prefix_that_is_none_of_NumPys_is_refused()
    {
        var whole = Npy("(1,)", 4);
        Refused(Archive(("a.npy", [])), "'a' is no NumPy array: it does not begin as one. Write it again with numpy.savez.");
        Refused(Archive(("a.npy", whole[..11])), "'a' is no NumPy array: it does not begin as one.");
        Refused(Archive(("a.npy", [0, .. whole[1..]])), "'a' is no NumPy array: it does not begin as one.");
        Refused(Archive(("a.npy", [.. whole[..6], 4, .. whole[7..]])), "array 'a' is in an unknown version of NumPy's format: expected 1 to 3, found 4.");
        Refused(Archive(("a.npy", [.. whole[..8], 0xFF, 0xFF, .. whole[10..]])), "the header of array 'a' would be too long: expected at most 16,384 bytes, found 65,535.");
    }

    // The header of a later version has a length of four bytes.
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Later_versions_are_read(byte version)
    {
        var whole = Npy("(2,)", 8);
        Assert.Equal([1, 2], Npz.Read(Archive(("a.npy", [.. whole[..6], version, .. whole[7..10], 0, 0, .. whole[10..]])), "file")[0].Values.ToArray());
    }

    [Fact]
    public void The_layout_is_NumPys()
    {
        Assert.Equal("'shape': (), }", Written(Tensor.Scalar(1)));
        Assert.Equal("'shape': (2,), }", Written(Tensor.Parameter([2], [1, 2])));
        Assert.Equal("'shape': (2, 1), }", Written(Tensor.Parameter([2, 1], [1, 2])));

        static string Written(Tensor tensor)
        {
            var bytes = Core.Formats.Npy.Write(tensor);
            var end = 10 + BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8));
            Assert.Equal((0, (byte)'\n', 4 * tensor.Count), (end % 64, bytes[end - 1], bytes.Length - end));
            return Encoding.ASCII.GetString(bytes, 10, end - 10).TrimEnd()["{'descr': '<f4', 'fortran_order': False, ".Length..];
        }
    }

    private static void Refused(byte[] bytes, string message, long most = Npz.Most)
    {
        var error = Assert.Throws<DataException>(() => Npz.Read(bytes, "lies.npz", most));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("lies.npz: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    private static byte[] Npy(string shape, int data) => Array($"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}", data);

    /// <summary>The numbers 1, 2, 3 … up to six; zeros where there are more.</summary>
    private static byte[] Array(string header, int data)
    {
        var text = Encoding.ASCII.GetBytes(header.PadRight(117) + '\n');
        var bytes = new byte[10 + text.Length + data];
        ((byte[])[0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, 0, .. text]).CopyTo(bytes, 0);
        for (var i = 0; i < Math.Min(6, data / 4); i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(10 + text.Length + (4 * i)), i + 1);
        return bytes;
    }

    private static byte[] Archive(params (string Name, byte[] Content)[] entries)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, content) in entries)
            {
                using var entry = archive.CreateEntry(name, content.Length > 1_000 ? CompressionLevel.Fastest : CompressionLevel.NoCompression).Open();
                entry.Write(content);
            }

        return stream.ToArray();
    }

    private static IEnumerable<int> Places(byte[] bytes, byte[] sought) => Enumerable.Range(0, bytes.Length - sought.Length + 1).Where(place => bytes.AsSpan(place, sought.Length).SequenceEqual(sought)).ToList();
}
