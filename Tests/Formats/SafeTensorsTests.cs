using System.Buffers.Binary;
using System.Text;
using CsCheck;
using FunctionalLeNet.Core.Formats;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Tests.Formats;

public class SafeTensorsTests
{
    private static readonly Gen<Tensor> Tensors =
        from sizes in Gen.Int[0, 5].Array[0, 4]
        from values in Gen.Single.Array[sizes.Aggregate(1, (product, size) => product * size)]
        select Tensor.Parameter(Shape.Of(sizes), values);

    [Fact]
    public void What_is_written_is_read_back_to_the_same_bits() => Tensors.List[0, 6].Sample(tensors =>
    {
        var content = new SafeTensorsFile(tensors.Select((tensor, i) => ($"layer.{i} \"é\"", tensor)).ToEquatableArray(), [("format", "pt"), ("note", "a\nb")]);
        var bytes = SafeTensors.Write(content);
        var read = SafeTensors.Read(bytes, "file");
        // Tensors without elements lie nowhere, so their place among the others is not kept.
        Assert.Equal(content.Tensors.Where(tensor => tensor.Values.Count > 0), read.Tensors.Where(tensor => tensor.Values.Count > 0));
        Assert.Equal(content.Tensors.OrderBy(tensor => tensor.Name), read.Tensors.OrderBy(tensor => tensor.Name));
        Assert.Equal(content.Metadata, read.Metadata);
        Assert.Equal(0, BinaryPrimitives.ReadInt64LittleEndian(bytes) % 8);
    });

    [Fact]
    public void The_layout_is_the_formats()
    {
        const string header = """{"fc.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}""";
        var tree = Tree.Branch(("fc", Tree.Branch(("weight", Tree.Leaf(Tensor.Parameter(Shape.Of(1, 2), [1f, -2f]))))));
        Assert.Equal(Bytes(header.PadRight((header.Length + 7) / 8 * 8), [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]), SafeTensors.Write(SafeTensorsFile.Of(tree)));
    }

    [Fact]
    public void Whole_numbers_stand_beside_tensors()
    {
        var content = new SafeTensorsFile([("a", Tensor.Scalar(1))], [])
        {
            Integers = [("row", [0u, 1u, uint.MaxValue]), ("none", [])],
        };
        var bytes = SafeTensors.Write(content);
        var read = SafeTensors.Read(bytes, "file");
        Assert.Equal(content.Tensors, read.Tensors);
        Assert.Equal(content.Integers.OrderBy(row => row.Name), read.Integers.OrderBy(row => row.Name));
        Assert.Equal(4 + 12, bytes.Length - 8 - (int)BinaryPrimitives.ReadInt64LittleEndian(bytes));
        Assert.Throws<ArgumentException>(() => SafeTensors.Write(content with { Integers = [("a", [])] }));
    }

    [Fact]
    public void A_name_stands_once() => Assert.Throws<ArgumentException>(() =>
        SafeTensors.Write(new SafeTensorsFile([("a", Tensor.Scalar(1)), ("a", Tensor.Scalar(2))], [])));

    [Theory]
    [InlineData("", 0, "the header is no JSON object: expected a first byte '{', found an empty header.")]
    [InlineData("[]", 0, "the header is no JSON object: expected a first byte '{', found 0x5B.")]
    [InlineData(" {}", 0, "no JSON object")]
    [InlineData("{", 0, "no JSON")]
    [InlineData("{} x", 0, "no JSON")]
    [InlineData("{\"a\":1}", 0, "the header's entry of tensor 'a' makes no sense: expected an object, found Number.")]
    [InlineData("{\"a\":{}}", 0, "dtype of tensor 'a' makes no sense: expected String, found nothing.")]
    [InlineData("{\"a\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4, "another element type: expected F32, found F16. Convert it to float32 first.")]
    [InlineData("{\"a\":{\"dtype\":1,\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "dtype")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", 4, "shape")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, "data_offsets")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "shape of tensor 'a' makes no sense: expected it once, found 2 times.")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", 4, "whole numbers from 0, found -1")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}", 4, "whole numbers from 0")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[65536,65536],\"data_offsets\":[0,4]}}", 4, "the header's shape of tensor 'a' makes no sense: expected fewer than 2,147,483,648 elements, found [65536, 65536].")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967297],\"data_offsets\":[0,4]}}", 4, "elements")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4, "the header's data_offsets of tensor 'a' makes no sense: expected 8 bytes for shape [2], found 4.")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}", 4, "the header's data_offsets of tensor 'a' makes no sense: expected offsets within 4 bytes of data, found 4 to 0.")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,8]}}", 4, "the header's data_offsets of tensor 'a' makes no sense: expected a beginning and an end, found 3 numbers.")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 4, "offsets within")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 8, "bytes that belong to no tensor: expected the end after 4 bytes of data, found 8 bytes.")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8, "tensor 'a' does not begin where the one before it ends: expected 0, found 4.")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "'b' does not begin")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8, "the header names 'a' twice: expected each name once.")]
    [InlineData("{\"a\":{\"dtype\":\"U32\",\"shape\":[1,1],\"data_offsets\":[0,4]}}", 4, "the header's shape of tensor 'a' makes no sense: expected one dimension of U32, found [1, 1].")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,8]}}", 8, "8 bytes for shape [2], found 4.")]
    [InlineData("{\"__metadata__\":{\"a\":1}}", 0, "__metadata__")]
    [InlineData("{\"__metadata__\":{\"b\":\"text\",\"a\":1}}", 0, "__metadata__")]
    [InlineData("{\"__metadata__\":[]}", 0, "__metadata__ makes no sense: expected text by key, found Array.")]
    [InlineData("{\"\\ud800\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}", 0, "no Unicode")]
    public void A_header_that_lies_is_refused_in_one_line(string header, int data, string message)
    {
        var error = Assert.Throws<DataException>(() => SafeTensors.Read(Bytes(header, new byte[data]), "lies.safetensors"));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("lies.safetensors: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void Less_than_a_length_is_refused(int bytes) => Assert.StartsWith(
        $"short: too short to be a safetensors file: expected a header's length in 8 bytes, found {bytes} bytes.",
        Assert.Throws<DataException>(() => SafeTensors.Read(new byte[bytes], "short")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(ulong.MaxValue, "this is no safetensors file: its header would be too long: expected at most 1,048,576 bytes, found 18,446,744,073,709,551,615.")]
    [InlineData(100_000_000UL, "this is no safetensors file: its header would be too long: expected at most 1,048,576 bytes, found 100,000,000.")]
    [InlineData((1 << 20) + 1UL, "this is no safetensors file: its header would be too long: expected at most 1,048,576 bytes, found 1,048,577.")]
    [InlineData(1UL << 20, "truncated in the header: expected 1,048,576 bytes, found 42.")]
    [InlineData(100UL, "truncated in the header: expected 100 bytes, found 42.")]
    [InlineData(0UL, "the header is no JSON object: expected a first byte '{', found an empty header.")]
    public void A_length_that_lies_is_refused(ulong length, string message)
    {
        var bytes = new byte[50];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        Assert.StartsWith($"length: {message}", Assert.Throws<DataException>(() => SafeTensors.Read(bytes, "length")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_cannot_be_written_are_told()
    {
        Assert.StartsWith(
            "'__metadata__' cannot name a tensor here: each name stands once, and __metadata__ is the format's own.",
            Assert.Throws<ArgumentException>(() => SafeTensors.Write(new SafeTensorsFile([("__metadata__", Tensor.Scalar(1))], []))).Message, StringComparison.Ordinal);
        Assert.Contains("\"é\":", Encoding.UTF8.GetString(SafeTensors.Write(new SafeTensorsFile([("é", Tensor.Scalar(1))], []))), StringComparison.Ordinal);
    }

    /// <summary>A million tensors, or a billion: the header alone would be too long. As many as its limit allows are read in little memory.</summary>
    [Fact]
    public void Very_many_tensors_are_refused_by_the_length_of_the_header_and_fewer_cost_little()
    {
        byte[] Many(int tensors) => Bytes($"{{{string.Join(",", Enumerable.Range(0, tensors).Select(i => $"\"{i:x}\":{{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}"))}}}", []);
        var error = Assert.Throws<DataException>(() => SafeTensors.Read(Many(1_000_000), "many.safetensors"));
        Assert.Contains("its header would be too long: expected at most 1,048,576 bytes", error.Message, StringComparison.Ordinal);
        var (most, before) = (Many(17_000), GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(17_000, SafeTensors.Read(most, "most.safetensors").Tensors.Count);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * most.Length);
    }

    [Fact]
    public void A_damaged_file_is_read_or_refused_and_nothing_else_happens()
    {
        var whole = SafeTensors.Write(new SafeTensorsFile([("a", Tensor.Parameter(Shape.Of(2, 2), [1, 2, 3, 4])), ("b", Tensor.Scalar(5))], [("k", "v")]));
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Int[0, whole.Length]).Sample((place, value, length) =>
        {
            var damaged = whole.ToArray();
            damaged[place] = value;
            try
            {
                _ = SafeTensors.Read(damaged.AsMemory(0, length), "damaged");
            }
            catch (DataException)
            {
            }
        });
    }

    private static byte[] Bytes(string header, byte[] data)
    {
        var text = Encoding.UTF8.GetBytes(header);
        return [.. BitConverter.GetBytes((long)text.Length), .. text, .. data];
    }
}
