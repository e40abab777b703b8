using FunctionalLeNet.Core.Formats;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Interop;
using FunctionalLeNet.Experiments.Training;
using FunctionalLeNet.Tests.Data;

namespace FunctionalLeNet.Tests.Cli;

public sealed class ExportImportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("weights.safetensors")]
    [InlineData("weights.npz")]
    public void What_is_exported_comes_in_again_and_trains_to_the_same_bits_as_a_run_that_began_so(string file)
    {
        Ok("train", "digits", "--steps", "3", "--out", "run");
        Ok("export", "run", "--to", file);
        var imported = Ok("import", "digits", "--from", file, "--out", "imported");
        var (line, test) = (imported.OutputLines[^1], Ok("resume", "run").OutputLines[^1]);
        Assert.Equal(test, line);
        Assert.DoesNotContain("Finished Training", imported.Output, StringComparison.Ordinal);
        Assert.Contains("'lenet resume imported --epochs N' trains on.", imported.ErrorLines);
        Assert.Equal(Read("run/weights.safetensors").Tensors, Read("imported/weights.safetensors").Tensors);

        Ok("resume", "imported", "--epochs", "1");
        Ok("verify", "imported");
        Ok("import", "digits", "--from", file, "--out", "again");
        Ok("resume", "again", "--epochs", "1");
        Assert.Equal(Read("again/weights.safetensors").Tensors, Read("imported/weights.safetensors").Tensors);
        Assert.NotEqual(Read("again/weights.safetensors").Tensors, Read("run/weights.safetensors").Tensors);
    }

    [Fact]
    public void Imported_weights_that_were_changed_are_found()
    {
        Import("imported", Weights());
        var path = Path.Join(_folder.Path, "imported/imported.safetensors");
        var bytes = File.ReadAllBytes(path);
        bytes[^2] ^= 1;
        File.WriteAllBytes(path, bytes);
        Experiments.Records.RunSums.Write(Path.Join(_folder.Path, "imported"));
        var outcome = CommandLine.Run(_folder, "verify", "imported");
        Assert.Equal(1, outcome.Code);
        Assert.Contains("imported/imported.safetensors: these are not the weights that the run recorded", outcome.Error, StringComparison.Ordinal);
    }

    /// <summary>C3 of 1998 in PyTorch's layout, every pair of maps, and back; a file with the connected ones alone comes in as well.</summary>
    [Theory]
    [InlineData("weights.safetensors")]
    [InlineData("weights.npz")]
    public void A_connection_table_is_zeros_elsewhere(string file)
    {
        Ok("train", "lenet-1998", "--data", "digits", "--steps", "2", "--train-limit", "40", "--test-limit", "10", "--out", "run");
        Ok("export", "run", "--to", file);
        var path = Path.Join(_folder.Path, file);
        var tensors = ForeignWeights.Read(path, file, 1 << 20);
        var (own, dense) = (Read("run/weights.safetensors").Tensors.Single(tensor => tensor.Name == "c3.weight").Values, tensors.Single(tensor => tensor.Name == "c3.weight").Values);
        Assert.Equal(([60, 5, 5], [16, 6, 5, 5]), (own.Shape, dense.Shape));
        Assert.Equal(own.ToArray(), dense.ToArray().Chunk(25).Where((_, pair) => LeNet1998.C3.Rows[pair / 6].Contains(pair % 6)).SelectMany(kernel => kernel));
        Assert.All(dense.ToArray().Chunk(25).Where((_, pair) => !LeNet1998.C3.Rows[pair / 6].Contains(pair % 6)), kernel => Assert.Equal(new float[25], kernel));

        Ok("import", "lenet-1998", "--data", "digits", "--from", file, "--out", "imported");
        Ok("import", "lenet-1998", "--data", "digits", "--from", "run/weights.safetensors", "--out", "compact");
        Assert.All((string[])["imported", "compact"], run => Assert.Equal(Read("run/weights.safetensors").Tensors, Read($"{run}/weights.safetensors").Tensors));

        // Output 0 sees inputs 0, 1 and 2; the first number between it and input 3.
        var wrong = tensors.Select(tensor => tensor.Name == "c3.weight" ? (tensor.Name, Tensor.Parameter(dense.Shape, [.. dense.ToArray().Select((value, i) => i == 75 ? 0.25f : value)])) : tensor);
        File.WriteAllBytes(path, file.EndsWith("npz", StringComparison.Ordinal) ? Npz.Write(wrong.ToEquatableArray()) : SafeTensors.Write(new(wrong.ToEquatableArray(), [])));
        Fails("'c3.weight' has numbers where output 0 is not connected with input 3: expected zeros there, found 0.25", "import", "lenet-1998", "--data", "digits", "--from", file, "--out", "refused");
    }

    [Fact]
    public void Names_are_mapped()
    {
        var weights = Weights();
        Import("plain", weights);
        Import("wrapped", weights.Select(tensor => ("module." + tensor.Name, tensor.Values)));
        Import("slashes", weights.Select(tensor => (tensor.Name.Replace('.', '/'), tensor.Values)));
        Import("mapped", weights.Select(tensor => (tensor.Name.Replace("conv1", "features.0", StringComparison.Ordinal).Replace("fc3.bias", "b", StringComparison.Ordinal), tensor.Values)), "--map", "features.0=conv1", "--map", "b=fc3.bias");
        Assert.All((string[])["wrapped", "slashes", "mapped"], run => Assert.Equal(Read("plain/weights.safetensors").Tensors, Read($"{run}/weights.safetensors").Tensors));
    }

    public static TheoryData<string, string> Wrong => new()
    {
        { "missing", "missing: conv1.weight [6, 1, 5, 5], conv1.bias [6]" },
        { "superfluous", "superfluous: bn.running_mean [6]" },
        { "shape", "of another shape: fc3.weight (expected [10, 84], found [84, 10])" },
        { "path", "superfluous: ......etc.passwd [1]" },
        { "nan", "'fc1.bias' holds numbers that are not finite" },
        { "twice", "two tensors have the name 'conv1.weight' here" },
        { "empty", "missing: conv1.weight [6, 1, 5, 5], conv1.bias [6], conv2.weight [16, 6, 5, 5], conv2.bias [16], fc1.weight [120, 400], fc1.bias [120], fc2.weight [84, 120], fc2.bias [84] and 2 more" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_does_not_fit_is_named_and_nothing_is_written(string what, string message)
    {
        var weights = Weights().ToList();
        Write(what switch
        {
            "missing" => weights.Skip(2),
            "superfluous" => weights.Append(("bn.running_mean", Tensor.Zeros([6]))),
            "shape" => weights.Select(tensor => tensor.Name == "fc3.weight" ? (tensor.Name, tensor.Values.Reshape([84, 10])) : tensor),
            "path" => weights.Append(("../../etc/passwd", Tensor.Zeros([1]))),
            "nan" => weights.Select(tensor => tensor.Name == "fc1.bias" ? (tensor.Name, Tensor.Parameter([120], [.. Enumerable.Repeat(float.NaN, 120)])) : tensor),
            "twice" => weights.Append(("conv1/weight", weights[0].Values)),
            _ => [],
        });
        var outcome = CommandLine.Run(_folder, "import", "digits", "--from", "weights.safetensors", "--out", "run");
        Assert.Equal(1, outcome.Code);
        Assert.Contains(message, Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(["weights.safetensors"], _folder.Files);
    }

    [Theory]
    [InlineData("export", "run", "--to", "weights.pt")]
    [InlineData("export", "run")]
    [InlineData("export", "run", "--logits", "--to", "logits.onnx")]
    [InlineData("import", "digits", "--from", "weights.onnx")]
    [InlineData("import", "digits", "--from", "weights.npz", "--map", "conv1")]
    [InlineData("layers", "run", "--to", "layers.txt")]
    [InlineData("layers", "run", "--sample", "-1", "--to", "layers.npz")]
    public void Wrong_usage_says_what_is_wrong(params string[] arguments)
    {
        var outcome = CommandLine.Run(_folder, arguments);
        Assert.Equal(2, outcome.Code);
        Assert.Single(outcome.ErrorLines);
    }

    [Fact]
    public void What_cannot_be_written_or_read_says_so_in_a_line()
    {
        Ok("train", "digits", "--steps", "1", "--out", "run");
        Fails("'run/model.onnx' lies in the run's own folder", "export", "run", "--to", "run/model.onnx");
        Fails("there is no such run", "export", "runn", "--to", "model.onnx");
        Fails("there is no such file", "import", "digits", "--from", "none.npz");
        Fails("--sample 400: 'digits' has 360 test images, from 0 to 359.", "layers", "run", "--sample", "400", "--to", "layers.npz");
        Ok("verify", "run");
        _folder.Write("huge.safetensors", new byte[20_000_000]);
        Fails("too large for weights of this network", "import", "digits", "--from", "huge.safetensors");
    }

    [Fact]
    public void A_run_that_has_not_finished_exports_its_newest_checkpoint()
    {
        using var interrupt = new CancellationTokenSource();
        interrupt.Cancel();
        CommandLine.Run(_folder, world => world with { Interrupt = interrupt.Token }, CommandLine.Short("--out", "run"));
        Assert.Contains("run has not finished: its weights after step 1 are used.", Ok("export", "run", "--to", "weights.npz").ErrorLines);
    }

    [Fact]
    public void Programs_are_told_what_was_written()
    {
        Ok("train", "digits", "--steps", "1", "--out", "run");
        Assert.Matches("""^\{"event":"exported","run":"run","file":"a.npz","bytes":\d+,"sha256":"[0-9a-f]{64}"\}$""", Assert.Single(Ok("export", "run", "--to", "a.npz", "--json").OutputLines));
    }

    private static IEnumerable<(string Name, Tensor Values)> Weights() => SafeTensorsFile.Of(Train.Start(LeNet5.Digits, 5).Parameters).Tensors;

    private void Import(string run, IEnumerable<(string Name, Tensor Values)> weights, params string[] more)
    {
        Write(weights);
        Ok(["import", "digits", "--from", "weights.safetensors", "--out", run, .. more]);
    }

    private void Write(IEnumerable<(string Name, Tensor Values)> weights) =>
        _folder.Write("weights.safetensors", SafeTensors.Write(new(weights.ToEquatableArray(), [])));

    private SafeTensorsFile Read(string file) => SafeTensors.Read(File.ReadAllBytes(Path.Join(_folder.Path, file)), file);

    private Outcome Ok(params string[] arguments)
    {
        var outcome = CommandLine.Run(_folder, arguments);
        Assert.True(outcome.Code == 0, outcome.Error);
        return outcome;
    }

    private void Fails(string message, params string[] arguments)
    {
        var outcome = CommandLine.Run(_folder, arguments);
        Assert.Equal(1, outcome.Code);
        Assert.Contains(message, Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
    }
}
