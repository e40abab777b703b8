using FunctionalLeNet.Core.Optimizers;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Data;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Experiments.Training;
using FunctionalLeNet.Tests.Data;

namespace FunctionalLeNet.Tests.Records;

public class RecordsTests
{
    [Theory]
    [InlineData(0.1f)]
    [InlineData(float.Epsilon)]
    [InlineData(float.MaxValue)]
    [InlineData(-0f)]
    public void Numbers_of_a_line_read_back_to_the_same_bits(float loss)
    {
        var step = Assert.IsType<RunEvent.Step>(RunEvent.OfLine(new RunEvent.Step(3, loss).ToLine()));
        Assert.Equal(BitConverter.SingleToInt32Bits(loss), BitConverter.SingleToInt32Bits(step.Loss));
    }

    [Fact]
    public void A_line_is_as_the_contract_writes_it() => Assert.Equal(
        """{"event":"epoch","epoch":1,"epochs":10,"step":938,"train_loss":0.38665,"train_accuracy":0.88055,"test_loss":0.1239,"test_accuracy":0.9608,"seconds":0.63,"weights_sha256":"ab"}""",
        new RunEvent.Epoch(1, 10, 938, 0.38665, 0.88055, 0.12390, 0.9608, 0.63, "ab").ToLine());

    [Fact]
    public void A_manifest_reads_back_to_an_equal_value()
    {
        foreach (var optimizer in (OptimizerSettings[])[new OptimizerSettings.Sgd(0.1, 0.9, 0, 1e-4, true), new OptimizerSettings.Adam(), new OptimizerSettings.TensorFlowAdam()])
        {
            var manifest = SomeManifest(LeNet5.Official with { Optimizer = optimizer, Limit = new Limit(3, 1_000) });
            Assert.Equal(manifest, Manifest.OfJson(manifest.ToJson()));
        }
    }

    [Fact]
    public void Equal_runs_have_equal_results_whatever_the_environment()
    {
        var (one, other) = (SomeManifest(LeNet5.Digits), SomeManifest(LeNet5.Digits) with { Environment = ManifestEnvironment.Here(7, "", ["x"], DateTimeOffset.UnixEpoch) });
        Assert.Equal(one.Result, other.Result);
        Assert.NotEqual(one, other);
        Assert.NotEqual(one.Result, SomeManifest(LeNet5.Digits with { Network = LeNet5.RepDl.Network }).Result);
        Assert.NotEqual(one.Result, SomeManifest(LeNet5.Digits with { Batch = 7 }).Result);
    }

    [Fact]
    public void A_folder_appears_whole_and_leaves_nothing_behind()
    {
        using var folder = new TemporaryFolder();
        string[] files = ["runs/x/checkpoints/0.safetensors", "runs/x/manifest.json", "runs/x/metrics.jsonl"];
        using (var run = Created(folder))
        {
            Assert.Equal(["runs/x/checkpoints/0.safetensors", "runs/x/lock", "runs/x/manifest.json", "runs/x/metrics.jsonl"], folder.Files);
            run.Append(new RunEvent.Step(1, 2));
            using var reader = new StreamReader(new FileStream(Path.Join(run.Path, "metrics.jsonl"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            Assert.Equal("{\"event\":\"step\",\"step\":1,\"loss\":2}\n", reader.ReadToEnd());
        }

        Assert.Equal(files, folder.Files);
        Assert.Throws<IOException>(() => Created(folder));
        Assert.Equal(files, folder.Files);
    }

    [Fact]
    public void A_file_is_replaced_whole()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Join(folder.Path, "file");
        AtomicFile.Write(path, "long text");
        AtomicFile.Write(path, "short");
        Assert.Equal("short", File.ReadAllText(path));
        Assert.Equal(["file"], folder.Files);
    }

    private static RunFolder Created(TemporaryFolder folder) =>
        RunFolder.Create(folder.Path, "runs/x", SomeManifest(LeNet5.Digits), new Checkpoint("run", Train.Start(LeNet5.Digits, 0), default), _ => []);

    private static Manifest SomeManifest(Experiment experiment) => new(
        ManifestResult.Of(experiment, 5, Core.Kernels.Numerics.Exact, Digits.Load(), null, 100),
        ManifestEnvironment.Here(2, "/data", ["train", "é \"quoted\""], new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)));
}
