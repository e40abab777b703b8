using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Formats;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Data;
using FunctionalLeNet.Experiments.Interop;
using FunctionalLeNet.Experiments.Training;
using FunctionalLeNet.Tests.Cli;
using FunctionalLeNet.Tests.Data;

namespace FunctionalLeNet.Tests.Interop;

/// <summary>Weights from PyTorch and NumPy come in, give their logits, train on, and go back; Debian's python3-torch and python3-numpy compute the other side (<c>exchange.py</c>).</summary>
public class ExchangeTests
{
    [SkippableTheory]
    [InlineData("torch", "there.safetensors", "here.safetensors")]
    [InlineData("numpy", "there-weights.npz", "here-weights.npz")]
    public void Weights_come_in_train_on_and_go_back(string module, string there, string here)
    {
        var python = Python.With(module);
        using var folder = new TemporaryFolder();
        Script(python, $"make-{module}", folder);
        var given = Npz.Read(File.ReadAllBytes(Path.Join(folder.Path, "there.npz")), "there.npz").ToDictionary(array => array.Name, array => array.Values);
        var imported = ForeignWeights.Fitted(LeNet5.Digits.Network, "digits", ForeignWeights.Read(Path.Join(folder.Path, there), there, 1 << 20), [], there);
        Close(given["logits"].ToArray(), Logits(imported, Tensor.Batch(given["images"].Shape, given["images"].ToArray())).ToArray());

        Run(folder, "import", "digits", "--from", there, "--out", "run");
        Assert.Equal(Hashes.OfParameters(imported), Hashes.OfParameters(Weights(folder, "run/weights.safetensors")));
        Run(folder, "resume", "run", "--epochs", "1");
        Assert.NotEqual(Hashes.OfParameters(imported), Hashes.OfParameters(Weights(folder, "run/weights.safetensors")));
        Run(folder, "verify", "run");

        Run(folder, "export", "run", "--to", here);
        var images = Train.Prepare(LeNet5.Digits, Digits.Load().Test).Batch(64).First().ToTensor();
        File.WriteAllBytes(Path.Join(folder.Path, "here.npz"), Npz.Write([("images", images), ("logits", Logits(Weights(folder, "run/weights.safetensors"), images))]));
        Assert.StartsWith("64 images", Script(python, $"read-{module}", folder), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void NumPy_reads_the_logits_and_the_layers()
    {
        var python = Python.With("numpy");
        using var folder = new TemporaryFolder();
        Run(folder, CommandLine.Short("--out", "run"));
        Run(folder, "export", "run", "--logits", "--to", "logits.npz");
        Run(folder, "layers", "run", "--sample", "7", "--to", "layers.npz");
        const string program = """
            import numpy
            logits, layers = numpy.load("logits.npz"), numpy.load("layers.npz")
            print(logits["logits"].shape, logits["labels"].shape, logits["logits"].dtype)
            print(*layers.files)
            print(*layers["conv1"].shape, layers["pool2"].max() >= 0, (layers["fc3"][0] == logits["logits"][7]).all())
            """;
        var outcome = python.Run(["-c", program], folder.Path);
        Assert.Equal("", outcome.Error);
        Assert.Equal(["(40, 10) (40,) float32", "input conv1 relu1 pool1 conv2 relu2 pool2 flatten fc1 relu3 fc2 relu4 fc3", "1 6 28 28 True True"], outcome.OutputLines);
    }

    /// <summary>C3 of 1998, whose table no other program has: PyTorch computes what we do from the weights of all pairs, and what it writes comes back to the same bits.</summary>
    [SkippableTheory]
    [InlineData("weights.safetensors")]
    [InlineData("weights.npz")]
    public void A_connection_table_means_the_same_to_PyTorch(string file)
    {
        var python = Python.With("torch");
        using var folder = new TemporaryFolder();
        Run(folder, "train", "lenet-1998", "--data", "digits", "--steps", "3", "--train-limit", "50", "--test-limit", "10", "--out", "run");
        Run(folder, "export", "run", "--to", file);
        Run(folder, "layers", "run", "--sample", "3", "--to", "layers.npz");
        Assert.Matches("^c3 [0-9.e-]+$", Script(python, "connections", folder).Trim());
        Run(folder, "import", "lenet-1998", "--data", "digits", "--from", "back.npz", "--out", "back");
        Assert.Equal(File.ReadAllBytes(Path.Join(folder.Path, "run/weights.safetensors")), File.ReadAllBytes(Path.Join(folder.Path, "back/weights.safetensors")));
    }

    private static Tree<Tensor> Weights(TemporaryFolder folder, string file) =>
        ForeignWeights.Fitted(LeNet5.Digits.Network, "digits", ForeignWeights.Read(Path.Join(folder.Path, file), file, 1 << 20), [], file);

    private static Tensor Logits(Tree<Tensor> parameters, Tensor images)
    {
        using var workspace = new Workspace(1);
        return Inference.Prepare(LeNet5.Digits.Network, parameters).Of(images, workspace);
    }

    private static void Run(TemporaryFolder folder, params string[] arguments)
    {
        var outcome = CommandLine.Run(folder, arguments);
        Assert.True(outcome.Code == 0, outcome.Error);
    }

    private static string Script(Python python, string what, TemporaryFolder folder)
    {
        var outcome = python.Run([Path.Join(AppContext.BaseDirectory, "Interop/exchange.py"), what, folder.Path]);
        Assert.True(outcome.Code == 0, outcome.Output + outcome.Error);
        return outcome.Output;
    }

    private static void Close(float[] expected, float[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        var scale = Math.Max(1, expected.Max(Math.Abs));
        Assert.All(expected.Zip(found), pair => Assert.InRange(Math.Abs((double)pair.First - pair.Second), 0, 1e-5 * scale));
    }
}
