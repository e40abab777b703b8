using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FunctionalLeNet.Core.Formats;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Optimizers;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Experiments.Training;

namespace FunctionalLeNet.Fuzzing.Targets;

/// <summary>Safetensors files: the length of a JSON header, the header, the tensors' bytes. Checkpoints are such files, with a hash over the whole.</summary>
internal static class SafeTensorsTargets
{
    private const int LengthBytes = 8;
    private const int HashDigits = 64;
    private static readonly string[] Words = ["F32", "F64", "F16", "I64", "BOOL", "dtype", "shape", "data_offsets", "__metadata__", "conv1.weight", "format", "pt", "U32", "random/words", "order", "step", "seconds", "optimizer/", "parameters/weight"];

    private static readonly byte[][] Valid =
    [
        Write(("conv1.weight", [2, 1, 3, 3]), ("conv1.bias", [2]), ("fc.weight", [10, 4])),
        Write(("a", [3])),
        Write(("empty", [0, 5]), ("scalar", [])),
        Write(),
    ];

    // A state of a small network, after its first form: the file's own hash stands in it first of all.
    private static readonly byte[] ValidCheckpoint = new Checkpoint(
        new string('a', 64),
        Train.Start(Folk.Experiment with { Network = new Network([1, 2, 2], Network.Sequence(("conv", new Layer.Convolution(2, 1)))), Optimizer = new OptimizerSettings.Adam() }, 3) with { Position = new(7, 1, [2, 0, 1], new(64, 0.5, 32)) },
        new(TimeSpan.FromSeconds(1.5), TimeSpan.FromMinutes(1))).ToBytes();

    private static readonly int HashPlace = ValidCheckpoint.AsSpan().IndexOf("sha256"u8) + "sha256\":\"".Length;

    public static Target SafeTensors { get; } = new("safetensors", 120, draws => Input(draws, draws.Of(Valid), LengthBytes), IsPastHeader, Read, input => input.Length);

    public static Target Checkpoint { get; } = new(
        "checkpoint",
        60,
        draws => Hashed(Input(draws, ValidCheckpoint, HashPlace + HashDigits)),
        input => IsPastHeader(input) && Experiments.Records.Checkpoint.IsWhole(input),
        input => _ = Experiments.Records.Checkpoint.OfBytes(input, "file").ToBytes(),
        input => input.Length);

    /// <summary>A valid file with another header from some byte on.</summary>
    private static byte[] Input(Draws draws, byte[] valid, int from)
    {
        if (draws.OneIn(6))
            return draws.Mutate(valid);
        var length = LengthBytes + (int)BinaryPrimitives.ReadInt64LittleEndian(valid);
        byte[] header = [.. valid[LengthBytes..from], .. draws.MutateText(Encoding.UTF8.GetString(valid, from, length - from), Words)];
        var data = valid[length..];
        if (draws.OneIn(6))
            data = draws.OneIn(2) ? data[..draws.Below(data.Length + 1)] : [.. data, .. draws.Bytes(4)];
        var prefix = new byte[LengthBytes];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, draws.OneIn(20) ? draws.Edge() : header.Length);
        return [.. prefix, .. header, .. data];
    }

    private static byte[] Hashed(byte[] checkpoint)
    {
        if (checkpoint.Length < HashPlace + HashDigits)
            return checkpoint;
        checkpoint.AsSpan(HashPlace, HashDigits).Fill((byte)'0');
        Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(checkpoint))).CopyTo(checkpoint, HashPlace);
        return checkpoint;
    }

    private static bool IsPastHeader(byte[] input)
    {
        if (input.Length < LengthBytes || BinaryPrimitives.ReadUInt64LittleEndian(input) is var length && length > (ulong)(input.Length - LengthBytes))
            return false;
        try
        {
            using var document = JsonDocument.Parse(input.AsMemory(LengthBytes, (int)length));
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void Read(byte[] input)
    {
        var file = Core.Formats.SafeTensors.Read(input, "file");
        if (file.Tensors.Sum(tensor => (long)tensor.Values.ToBytes().Length) + file.Integers.Sum(row => 4L * row.Values.Count) > input.Length)
            throw new InvalidOperationException("There are more tensors than bytes.");
    }

    private static byte[] Write(params (string Name, int[] Shape)[] tensors) => Core.Formats.SafeTensors.Write(new SafeTensorsFile(
        tensors.Select(tensor => (tensor.Name, Tensor.Parameter(Shape.Of(tensor.Shape), new float[tensor.Shape.Aggregate(1, (product, size) => product * size)]))).ToEquatableArray(),
        [("format", "pt")])
    {
        Integers = tensors.Length == 1 ? [("order", [3, 1, 2])] : [],
    });
}
