using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Formats;

/// <summary>
/// The safetensors format (https://github.com/huggingface/safetensors, README, section "Format"): the header's length in 8 little-endian bytes; the header, a JSON object
/// from each tensor's name to its <c>dtype</c>, <c>shape</c> and <c>data_offsets</c>, padded with spaces; then the tensors' bytes, little-endian and row-major,
/// one after another without a gap.
/// </summary>
/// <remarks>Tensors are float32, the one element type of this project; beside them stand rows of whole numbers, U32. No other type is written or read.</remarks>
public static class SafeTensors
{
    private const int LengthBytes = 8;
    // Names and places of some ten thousand tensors; a checkpoint here has under a hundred. (The reference implementation takes a hundred times as much.)
    private const int LongestHeader = 1 << 20;
    private const string Float = "F32";
    private const string Whole = "U32";
    private const string MetadataKey = "__metadata__";
    private const string Again = "Write the file again, or fetch it again from where it came.";

    /// <summary>The bytes of a file: the same content gives the same bytes.</summary>
    /// <param name="content">What to write.</param>
    /// <exception cref="ArgumentException">A name stands twice, or is <c>__metadata__</c>.</exception>
    public static byte[] Write(SafeTensorsFile content)
    {
        var names = content.Tensors.Select(tensor => tensor.Name).Concat(content.Integers.Select(row => row.Name)).Append(MetadataKey).ToList();
        if (names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"'{twice.Key}' cannot name a tensor here: each name stands once, and {MetadataKey} is the format's own.", nameof(content));

        var header = Header(content);
        var bytes = new byte[LengthBytes + header.Length + content.Tensors.Sum(tensor => tensor.Values.Count * sizeof(float)) + content.Integers.Sum(row => row.Values.Count * sizeof(uint))];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        header.CopyTo(bytes, LengthBytes);
        var position = LengthBytes + header.Length;
        foreach (var (_, values) in content.Tensors)
        {
            values.ToBytes().CopyTo(bytes, position);
            position += values.Count * sizeof(float);
        }

        foreach (var value in content.Integers.SelectMany(row => row.Values))
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(position), value);
            position += sizeof(uint);
        }

        return bytes;
    }

    /// <summary>Reads a file and believes nothing that its header says until the bytes agree.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="file">Its name, for the error.</param>
    /// <exception cref="DataException">The bytes are no such file, or hold an element type that is neither F32 nor U32.</exception>
    public static SafeTensorsFile Read(ReadOnlyMemory<byte> bytes, string file)
    {
        var start = LengthBytes + HeaderLength(bytes.Span, file);
        try
        {
            return Content(bytes[LengthBytes..start], bytes[start..], file);
        }
        catch (InvalidOperationException)
        {
            // The parser checks bytes, not text: a name that is no UTF-8, or half of a surrogate pair, is found when it is read.
            throw new DataException(file, "the header holds text that is no Unicode", advice: Again);
        }
    }

    private static SafeTensorsFile Content(ReadOnlyMemory<byte> header, ReadOnlyMemory<byte> data, string file)
    {
        using var document = Parse(header, file);
        var entries = document.RootElement.EnumerateObject().ToList();
        if (entries.GroupBy(entry => entry.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new DataException(file, $"the header names '{twice.Key}' twice", "each name once", advice: Again);

        var places = entries.Where(entry => entry.Name != MetadataKey).Select(entry => Place.Of(entry.Name, entry.Value, data.Length, file)).OrderBy(place => (place.Begin, place.End)).ToList();
        var end = places.Aggregate(0L, (position, place) => place.Begin == position
            ? place.End
            : throw new DataException(file, $"tensor '{place.Name}' does not begin where the one before it ends", $"{position:N0}", $"{place.Begin:N0}", Again));
        if (end != data.Length)
            throw new DataException(file, "bytes that belong to no tensor", $"the end after {end:N0} bytes of data", $"{data.Length:N0} bytes", Again);

        return new(
            places.Where(place => !place.IsWhole).Select(place => (place.Name, place.Values(data.Span))).ToEquatableArray(),
            entries.Where(entry => entry.Name == MetadataKey).SelectMany(entry => Metadata(entry.Value, file)).ToEquatableArray())
        {
            Integers = places.Where(place => place.IsWhole).Select(place => (place.Name, place.Integers(data.Span))).ToEquatableArray(),
        };
    }

    private static byte[] Header(SafeTensorsFile content)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (content.Metadata.Count > 0)
            {
                json.WriteStartObject(MetadataKey);
                foreach (var (key, text) in content.Metadata)
                    json.WriteString(key, text);
                json.WriteEndObject();
            }

            var begin = 0L;
            foreach (var (name, values) in content.Tensors)
                begin = WriteEntry(json, name, Float, [.. values.Shape.Select(size => (long)size)], begin);
            foreach (var (name, values) in content.Integers)
                begin = WriteEntry(json, name, Whole, [values.Count], begin);
            json.WriteEndObject();
        }

        // The data begins at a multiple of 8, as the reference implementation writes it.
        while (stream.Length % LengthBytes != 0)
            stream.WriteByte((byte)' ');
        return stream.ToArray();
    }

    /// <summary>Writes where a tensor lies; returns where the next one begins. Both element types have four bytes.</summary>
    private static long WriteEntry(Utf8JsonWriter json, string name, string type, IReadOnlyList<long> shape, long begin)
    {
        var end = begin + (shape.Aggregate(1L, (product, size) => product * size) * sizeof(float));
        json.WriteStartObject(name);
        json.WriteString("dtype", type);
        WriteArray(json, "shape", shape);
        WriteArray(json, "data_offsets", [begin, end]);
        json.WriteEndObject();
        return end;
    }

    private static void WriteArray(Utf8JsonWriter json, string name, IEnumerable<long> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    private static int HeaderLength(ReadOnlySpan<byte> bytes, string file)
    {
        if (bytes.Length < LengthBytes)
            throw new DataException(file, "too short to be a safetensors file", "a header's length in 8 bytes", $"{bytes.Length} bytes", Again);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        if (length > LongestHeader)
            throw new DataException(file, "this is no safetensors file: its header would be too long", $"at most {LongestHeader:N0} bytes", $"{length:N0}", Again);
        if ((int)length > bytes.Length - LengthBytes)
            throw new DataException(file, "truncated in the header", $"{length:N0} bytes", $"{bytes.Length - LengthBytes:N0}", Again);
        return length > 0 && bytes[LengthBytes] == (byte)'{'
            ? (int)length
            : throw new DataException(file, "the header is no JSON object", "a first byte '{'", length == 0 ? "an empty header" : $"0x{bytes[LengthBytes]:X2}", Again);
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> header, string file)
    {
        try
        {
            return JsonDocument.Parse(header);
        }
        catch (JsonException e)
        {
            throw new DataException(file, $"the header is no JSON after {e.BytePositionInLine} bytes", advice: Again);
        }
    }

    private static IEnumerable<(string Key, string Text)> Metadata(JsonElement metadata, string file) =>
        metadata.ValueKind == JsonValueKind.Object && metadata.EnumerateObject().All(entry => entry.Value.ValueKind == JsonValueKind.String)
            ? metadata.EnumerateObject().Select(entry => (entry.Name, entry.Value.GetString() ?? ""))
            : throw new DataException(file, $"{MetadataKey} makes no sense", "text by key", metadata.ValueKind.ToString(), Again);

    /// <summary>Where the header says that a tensor lies; its size and its bounds are checked.</summary>
    private sealed record Place(string Name, bool IsWhole, Shape Shape, long Begin, long End)
    {
        public static Place Of(string name, JsonElement entry, long bytes, string file)
        {
            if (entry.ValueKind != JsonValueKind.Object)
                throw Wrong("entry", "an object", entry.ValueKind.ToString());
            var type = Member("dtype", JsonValueKind.String).GetString();
            if (type is not (Float or Whole))
                throw new DataException(file, $"tensor '{name}' has another element type", Float, type ?? "none", "Convert it to float32 first.");
            var shape = ShapeOf(Numbers("shape"));
            if (type == Whole && shape.Rank != 1)
                throw Wrong("shape", $"one dimension of {Whole}", shape.ToString());
            return Numbers("data_offsets") switch
            {
                [var begin, var end] when begin > end || end > bytes => throw Wrong("data_offsets", $"offsets within {bytes:N0} bytes of data", $"{begin:N0} to {end:N0}"),
                [var begin, var end] when end - begin != (long)shape.Count * sizeof(float) => throw Wrong("data_offsets", $"{(long)shape.Count * sizeof(float):N0} bytes for shape {shape}", $"{end - begin:N0}"),
                [var begin, var end] => new Place(name, type == Whole, shape, begin, end),
                var offsets => throw Wrong("data_offsets", "a beginning and an end", $"{offsets.Count} numbers"),
            };

            JsonElement Member(string member, JsonValueKind kind) => entry.EnumerateObject().Where(property => property.Name == member).ToList() switch
            {
                [var only] when only.Value.ValueKind == kind => only.Value,
                [var only] => throw Wrong(member, kind.ToString(), only.Value.ValueKind.ToString()),
                [] => throw Wrong(member, kind.ToString(), "nothing"),
                var several => throw Wrong(member, "it once", $"{several.Count} times"),
            };

            List<long> Numbers(string member) => [.. Member(member, JsonValueKind.Array).EnumerateArray().Select(number =>
                number.ValueKind == JsonValueKind.Number && number.TryGetInt64(out var value) && value >= 0
                    ? value
                    : throw Wrong(member, "whole numbers from 0", number.ToString()))];

            Shape ShapeOf(List<long> sizes)
            {
                try
                {
                    return Shape.Of([.. sizes.Select(size => checked((int)size))]);
                }
                catch (OverflowException)
                {
                    throw Wrong("shape", "fewer than 2,147,483,648 elements", $"[{string.Join(", ", sizes)}]");
                }
            }

            DataException Wrong(string member, string expected, string found) => new(file, $"the header's {member} of tensor '{name}' makes no sense", expected, found, Again);
        }

        public Tensor Values(ReadOnlySpan<byte> data)
        {
            var values = new float[Shape.Count];
            for (var i = 0; i < values.Length; i++)
                values[i] = BinaryPrimitives.ReadSingleLittleEndian(data[((int)Begin + (sizeof(float) * i))..]);
            return Tensor.Parameter(Shape, values);
        }

        public EquatableArray<uint> Integers(ReadOnlySpan<byte> data)
        {
            var values = new uint[Shape.Count];
            for (var i = 0; i < values.Length; i++)
                values[i] = BinaryPrimitives.ReadUInt32LittleEndian(data[((int)Begin + (sizeof(uint) * i))..]);
            return EquatableArray.Create<uint>(values);
        }
    }
}
