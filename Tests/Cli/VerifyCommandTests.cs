using System.Text.Json;
using System.Text.RegularExpressions;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Tests.Data;

namespace FunctionalLeNet.Tests.Cli;

public sealed class VerifyCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_is_the_same_on_other_threads()
    {
        CommandLine.Run(_folder, CommandLine.Short("--threads", "1", "--out", "run"));
        var outcome = CommandLine.Run(_folder, "verify", "run", "--threads", "3");
        Assert.Equal(0, outcome.Code);
        Assert.Equal(
            [
                "✓ files, by SHA256SUMS", "✓ data, by the SHA-256 of 2 files", "✓ initial weights", "✓ weights (3)", "✓ histograms (3)", "✓ order of the data (2)", "✓ loss (6)", "✓ figures (2)",
                "✓ checkpoint (2)", "✓ test logits and final weights", "✓ weights.safetensors",
                "run is what its manifest says: computed again on 3 threads, everything recorded is the same.",
            ],
            outcome.OutputLines);
        Assert.Empty(outcome.ErrorLines);
    }

    [Fact]
    public void A_run_that_was_interrupted_resumed_and_raised_is_the_same()
    {
        using var interrupt = new CancellationTokenSource();
        interrupt.Cancel();
        CommandLine.Run(_folder, world => world with { Interrupt = interrupt.Token }, CommandLine.Short("--out", "run"));
        var unfinished = CommandLine.Run(_folder, "verify", "run");
        Assert.Equal(0, unfinished.Code);
        Assert.Contains("run has not finished", Assert.Single(unfinished.ErrorLines), StringComparison.Ordinal);
        CommandLine.Run(_folder, "resume", "run");
        CommandLine.Run(_folder, "resume", "run", "--epochs", "3");
        Assert.Equal(0, CommandLine.Run(_folder, "verify", "run").Code);
    }

    [Theory]
    [InlineData("manifest.json")]
    [InlineData("metrics.jsonl")]
    [InlineData("weights.safetensors")]
    [InlineData("checkpoints/6.safetensors")]
    public void One_changed_byte_is_found_by_the_sums_and_named(string file)
    {
        CommandLine.Run(_folder, CommandLine.Short("--out", "run"));
        var path = Path.Join(_folder.Path, "run", file);
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
        var outcome = CommandLine.Run(_folder, "verify", "run", "--json");
        Assert.Equal(1, outcome.Code);
        var check = JsonSerializer.Deserialize<JsonElement>(outcome.OutputLines[0]);
        Assert.Equal((file, false), (check.GetProperty("check").GetString(), check.GetProperty("ok").GetBoolean()));
        Assert.Equal("""{"event":"verified","run":"run","ok":false,"checks":1}""", outcome.OutputLines[1]);
    }

    [Fact]
    public void A_missing_and_an_added_file_are_named()
    {
        CommandLine.Run(_folder, CommandLine.Short("--out", "run"));
        File.Delete(Path.Join(_folder.Path, "run/weights.safetensors"));
        File.WriteAllText(Path.Join(_folder.Path, "run/note.txt"), "hello");
        Assert.Equal(
            ["✗ weights.safetensors is missing", "✗ note.txt is not in SHA256SUMS", "run is not as it was when it finished; it is not worth computing again."],
            CommandLine.Run(_folder, "verify", "run").OutputLines);
    }

    /// <summary>What the sums do not tell, because they were made again, the replay does: it names the first difference and the layer.</summary>
    [Theory]
    [InlineData("\"step\":4,\"loss\":\\d", "\"step\":4,\"loss\":7", "✗ loss of step 4: recorded 7")]
    [InlineData("\"epoch\":2,\"step\":4,\"order_sha256\":\"..", "\"epoch\":2,\"step\":4,\"order_sha256\":\"zz", "✗ order of the data in epoch 2: recorded zz")]
    [InlineData("\"event\":\"start\",(.*)\"weights_sha256\":\"..", "\"event\":\"start\",$1\"weights_sha256\":\"zz", "✗ initial weights: recorded zz")]
    [InlineData("(\"step\":6,.*\"name\":\"conv2.weight\",\"sha256\":\")..", "$1zz", "✗ weights after step 6: they differ; the first layer that differs is 'conv2'")]
    [InlineData("\"test_accuracy\":[0-9.]+,\"seconds\"", "\"test_accuracy\":0.125,\"seconds\"", "✗ figures of epoch 1: test_accuracy: recorded 0.125, here 0.")]
    [InlineData("\"logits_sha256\":\"..", "\"logits_sha256\":\"zz", "✗ test logits and final weights: logits_sha256: recorded zz")]
    [InlineData("\\{\"event\":\"step\",\"step\":5.*\n", "", "✗ loss of step 5: recorded ")]
    public void A_record_that_is_not_the_runs_is_named(string pattern, string replacement, string message)
    {
        CommandLine.Run(_folder, CommandLine.Short("--out", "run"));
        var (run, metrics) = (Path.Join(_folder.Path, "run"), Path.Join(_folder.Path, "run/metrics.jsonl"));
        File.WriteAllText(metrics, Regex.Replace(File.ReadAllText(metrics), pattern, replacement));
        RunSums.Write(run);
        var outcome = CommandLine.Run(_folder, "verify", "run");
        Assert.Equal(1, outcome.Code);
        Assert.Contains(message, Assert.Single(outcome.OutputLines, line => line.StartsWith('✗')), StringComparison.Ordinal);
        Assert.Equal("run is not what its manifest says.", outcome.OutputLines[^1]);
    }

    [Fact]
    public void Another_seed_in_the_manifest_is_another_run()
    {
        CommandLine.Run(_folder, CommandLine.Short("--out", "run"));
        var (run, manifest) = (Path.Join(_folder.Path, "run"), Path.Join(_folder.Path, "run/manifest.json"));
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("\"seed\": 0", "\"seed\": 1", StringComparison.Ordinal));
        RunSums.Write(run);
        var outcome = CommandLine.Run(_folder, "verify", "run");
        Assert.Equal(1, outcome.Code);
        Assert.StartsWith("✗ initial weights: recorded ", outcome.OutputLines.First(line => line.StartsWith('✗')), StringComparison.Ordinal);
        Assert.Contains("    weights after step 0: the first layer that differs is 'conv1'", outcome.OutputLines);
    }

    [Fact]
    public void Weights_of_another_run_are_named_by_their_layer()
    {
        CommandLine.Run(_folder, CommandLine.Short("--out", "run"));
        var weights = Path.Join(_folder.Path, "run/weights.safetensors");
        var bytes = File.ReadAllBytes(weights);
        bytes[^1] ^= 1;
        File.WriteAllBytes(weights, bytes);
        RunSums.Write(Path.Join(_folder.Path, "run"));
        Assert.Contains("✗ weights.safetensors: it holds other weights; the first layer that differs is 'fc3'", CommandLine.Run(_folder, "verify", "run").OutputLines);
    }

    [Fact]
    public void One_changed_byte_of_the_data_is_found_and_its_file_named()
    {
        var images = TinyDigits.Write(_folder, "data");
        CommandLine.Run(_folder, "train", "folk", "--data", "data", "--epochs", "1", "--batch", "32", "--out", "run");
        Assert.Equal(0, CommandLine.Run(_folder, "verify", "run").Code);
        var bytes = File.ReadAllBytes(images);
        bytes[^100] ^= 1;
        File.WriteAllBytes(images, bytes);
        var outcome = CommandLine.Run(_folder, "verify", "run");
        Assert.Equal(1, outcome.Code);
        Assert.Contains($"{images}: the run run had other data: expected SHA-256 ", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
    }
}
