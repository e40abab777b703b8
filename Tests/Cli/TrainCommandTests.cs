using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using FunctionalLeNet.Core.Formats;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Tests.Data;
using FunctionalLeNet.Tests.Records;

namespace FunctionalLeNet.Tests.Cli;

public partial class TrainCommandTests
{
    [Fact]
    public void Lines_for_people_have_the_tutorials_form()
    {
        using var folder = new TemporaryFolder();
        var outcome = CommandLine.Run(folder, CommandLine.Short());
        Assert.Equal(0, outcome.Code);
        Assert.Collection(
            outcome.OutputLines,
            line => Assert.Matches(EpochLine(), line),
            line => Assert.Matches(EpochLine(), line),
            line => Assert.Equal("Finished Training", line),
            line => Assert.Matches(TestLine(), line));
        Assert.StartsWith("[1/2] ", outcome.OutputLines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Json_lines_have_the_fields_of_the_contract()
    {
        using var folder = new TemporaryFolder();
        var outcome = CommandLine.Run(folder, CommandLine.Short("--json", "--seed", "7"));
        Assert.Equal(0, outcome.Code);
        const string epochFields = "event epoch epochs step train_loss train_accuracy test_loss test_accuracy seconds weights_sha256";
        Assert.Equal(
            ["event run experiment seed parameters weights_sha256", epochFields, "event step file", epochFields, "event step file", "event steps test_loss test_accuracy logits_sha256 weights_sha256 seconds"],
            outcome.OutputLines.Select(line => string.Join(' ', JsonSerializer.Deserialize<JsonElement>(line).EnumerateObject().Select(member => member.Name))));
        var events = outcome.OutputLines.Select(RunEvent.OfLine).ToList();
        var start = Assert.IsType<RunEvent.Start>(events[0]);
        Assert.Equal(("runs/digits-1", "digits", 7, 61_706), (start.Run, start.Experiment, start.Seed, start.Parameters));
        Assert.Equal([(3, "checkpoints/3.safetensors"), (6, "checkpoints/6.safetensors")], events.OfType<RunEvent.Checkpoint>().Select(line => (line.AfterStep, line.File)));
        var epoch = Assert.IsType<RunEvent.Epoch>(events[3]);
        var finished = Assert.IsType<RunEvent.Finished>(events[5]);
        Assert.Equal((2, 2, epoch.AfterStep), (epoch.Number, epoch.Epochs, finished.Steps));
        Assert.Equal((epoch.WeightsSha256, epoch.TestLoss, epoch.TestAccuracy), (finished.WeightsSha256, finished.TestLoss, finished.TestAccuracy));
        Assert.InRange(finished.TestAccuracy, 0, 1);
        Assert.Equal(outcome.OutputLines, events.Select(line => line.ToLine()));
    }

    [Fact]
    public void A_runs_folder_has_what_the_contract_names_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        var outcome = CommandLine.Run(folder, CommandLine.Short("--json", "--lr", "0.003", "--batch", "16", "--threads", "1", "--out", "here/my run"));
        Assert.Equal(
            ["SHA256SUMS", "checkpoints/10.safetensors", "checkpoints/5.safetensors", "manifest.json", "metrics.jsonl", "report.html", "tensorboard/events.out.tfevents.0000000000.lenet", "weights.safetensors"],
            folder.Files.Select(file => Path.GetRelativePath("here/my run", file)));
        string InRun(string name) => Path.Join(folder.Path, "here/my run", name);

        var metrics = File.ReadLines(InRun("metrics.jsonl")).ToList();
        var events = metrics.Select(RunEvent.OfLine).ToList();
        Assert.Equal(outcome.OutputLines, metrics.Where((_, i) => events[i] is not (RunEvent.Step or RunEvent.Order or RunEvent.Weights or RunEvent.Histograms)));
        Assert.Equal([(1, 1L), (2, 6L)], events.OfType<RunEvent.Order>().Select(order => (order.Number, order.FirstStep)));
        Assert.Equal([0L, 5, 10], events.OfType<RunEvent.Weights>().Select(weights => weights.AfterStep));
        Assert.Equal(Enumerable.Range(1, 10).Select(step => (long)step), events.OfType<RunEvent.Step>().Select(step => step.Number));
        Assert.Equal(metrics, events.Select(line => line.ToLine()));

        var manifest = Manifest.OfJson(File.ReadAllText(InRun("manifest.json")));
        Assert.Equal(File.ReadAllText(InRun("manifest.json")), manifest.ToJson());
        var (result, environment) = manifest;
        Assert.Equal((1, "digits", 0L, "exact"), (result.SchemaVersion, result.Experiment, result.Seed, result.Numerics));
        var configuration = result.Configuration;
        Assert.Equal((16, 70, 40, new ManifestLimit(2, null)), (configuration.Batch, configuration.TrainLimit, configuration.TestLimit, configuration.Limit));
        Assert.Equal(0.003, Assert.IsType<ManifestOptimizer.Adam>(configuration.Optimizer).LearningRate);
        Assert.Equal("Convolution 6@5x5", configuration.Network.Layers[0].Layer);
        Assert.Equal("digits", result.Data.Name);
        Assert.All(result.Data.Files, file => Assert.Matches("^[0-9a-f]{64}$", file.Sha256));
        Assert.Equal((1, DateTimeOffset.UnixEpoch), (environment.Threads, environment.End));
        Assert.Equal("here/my run", environment.CommandLine[^1]);

        var weights = SafeTensors.Read(File.ReadAllBytes(InRun("weights.safetensors")), "weights");
        Assert.Equal(
            ["conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias", "fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias", "fc3.weight", "fc3.bias"],
            weights.Tensors.Select(tensor => tensor.Name));
        Assert.Equal(
            events.OfType<RunEvent.Finished>().Single().WeightsSha256,
            Convert.ToHexStringLower(SHA256.HashData(weights.Tensors.SelectMany(tensor => tensor.Values.ToBytes()).ToArray())));
    }

    [Fact]
    public void Runs_without_a_name_are_numbered()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Join(folder.Path, "runs", "digits-9"));
        Directory.CreateDirectory(Path.Join(folder.Path, "runs", "digits-old"));
        CommandLine.Run(folder, CommandLine.Short());
        Assert.True(File.Exists(Path.Join(folder.Path, "runs", "digits-10", "manifest.json")));
    }

    [Fact]
    public void A_folder_that_exists_is_refused_and_stays_as_it_was()
    {
        using var folder = new TemporaryFolder();
        folder.Write("mine/note.txt", [1, 2, 3]);
        folder.Write("file", [4]);
        Directory.CreateDirectory(Path.Join(folder.Path, "empty"));
        foreach (var name in (string[])["mine", "mine/", "./mine", "file", "empty", Path.Join(folder.Path, "mine")])
        {
            var outcome = CommandLine.Run(folder, CommandLine.Short("--out", name));
            Assert.Equal((1, ""), (outcome.Code, outcome.Output));
            Assert.Contains("exists", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
        }

        Assert.Equal(["file", "mine/note.txt"], folder.Files);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(Path.Join(folder.Path, "mine/note.txt")));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_one_line()
    {
        using var folder = new TemporaryFolder();
        folder.Write("file", [4]);
        var outcome = CommandLine.Run(folder, CommandLine.Short("--out", "file/run"));
        Assert.Equal((1, ""), (outcome.Code, outcome.Output));
        Assert.Contains("cannot be made", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(["file"], folder.Files);
    }

    [Theory]
    [InlineData("mkl", "-p:UseMkl=true")]
    public void Products_that_this_build_has_not_are_refused_with_what_to_do(string numerics, string message)
    {
        using var folder = new TemporaryFolder();
        var outcome = CommandLine.Run(folder, CommandLine.Short("--numerics", numerics));
        Assert.Equal((1, ""), (outcome.Code, outcome.Output));
        Assert.Contains(message, Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
        Assert.Empty(folder.Files);
    }

    [Theory]
    [InlineData("--epochs 1 --batch 32", 3, 1, 1)]
    [InlineData("--steps 4 --batch 32", 4, 1, 2)]
    [InlineData("--steps 6 --batch 32", 6, 2, 2)]
    [InlineData("--epochs 5 --steps 4 --batch 32", 4, 1, 2)]
    [InlineData("--epochs 1 --steps 400 --batch 32", 3, 1, 1)]
    [InlineData("--epochs 1 --batch 1000", 1, 1, 1)]
    public void Limits_end_a_run_whichever_comes_first(string options, long steps, int epochLines, int epochs)
    {
        using var folder = new TemporaryFolder();
        var outcome = CommandLine.Run(folder, ["train", "digits", "--train-limit", "70", "--test-limit", "10", "--json", .. options.Split(' ')]);
        var events = outcome.OutputLines.Select(RunEvent.OfLine).ToList();
        Assert.Equal(steps, events.OfType<RunEvent.Finished>().Single().Steps);
        Assert.Equal(epochLines, events.OfType<RunEvent.Epoch>().Count());
        Assert.All(events.OfType<RunEvent.Epoch>(), epoch => Assert.Equal(epochs, epoch.Epochs));
    }

    [Fact]
    public void Threads_change_no_line_but_the_seconds()
    {
        string[] Lines(string threads)
        {
            using var folder = new TemporaryFolder();
            return [.. CommandLine.Run(folder, CommandLine.Short("--json", "--threads", threads)).OutputLines.Select(line => Recorded.Timeless(line))];
        }

        Assert.Equal(Lines("1"), Lines("3"));
    }

    [Fact]
    public void Several_seeds_make_a_run_each_and_end_with_their_mean_and_deviation()
    {
        using var folder = new TemporaryFolder();
        var outcome = CommandLine.Run(folder, CommandLine.Short("--seeds", "3..5", "--json"));
        var events = outcome.OutputLines.Select(RunEvent.OfLine).ToList();
        Assert.Equal([3, 4, 5], events.OfType<RunEvent.Start>().Select(start => start.Seed));
        Assert.Equal(["runs/digits-1", "runs/digits-2", "runs/digits-3"], events.OfType<RunEvent.Start>().Select(start => start.Run));
        var losses = events.OfType<RunEvent.Finished>().Select(finished => finished.TestLoss).ToList();
        var summary = Assert.IsType<RunEvent.Summary>(events[^1]);
        Assert.Equal(3, summary.Runs);
        Assert.Equal(losses.Average(), summary.TestLossMean, 12);
        Assert.Equal(Math.Sqrt(losses.Sum(loss => (loss - losses.Average()) * (loss - losses.Average())) / 2), summary.TestLossDeviation!.Value, 12);

        var people = CommandLine.Run(folder, CommandLine.Short("--seeds", "3..4", "--out", "both"));
        Assert.Matches(@"^2 runs: Test: Loss: \d\.\d{5} ± \d\.\d{5}, Acc: \d+\.\d\d ± \d+\.\d\d %$", people.OutputLines[^1]);
        Assert.Equal(
            File.ReadAllBytes(Path.Join(folder.Path, "runs/digits-2/weights.safetensors")),
            File.ReadAllBytes(Path.Join(folder.Path, "both/seed-4/weights.safetensors")));
    }

    [Fact]
    public void A_loss_that_is_not_finite_stops_the_run_and_names_step_and_layer()
    {
        using var folder = new TemporaryFolder();
        var outcome = CommandLine.Run(folder, CommandLine.Short("--lr", "1e30", "--json", "--out", "run"));
        Assert.Equal(1, outcome.Code);
        var error = Assert.IsType<RunEvent.Error>(RunEvent.OfLine(outcome.OutputLines[^1]));
        Assert.Contains("at step 2 in epoch 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("is 'conv2' (Convolution 16@5x5), in its output", error.Message, StringComparison.Ordinal);
        Assert.Equal(["run/checkpoints/0.safetensors", "run/manifest.json", "run/metrics.jsonl", "run/tensorboard/events.out.tfevents.0000000000.lenet"], folder.Files);
        Assert.Equal(outcome.OutputLines[^1], File.ReadLines(Path.Join(folder.Path, "run/metrics.jsonl")).Last());
    }

    [Fact]
    public void An_interrupt_lets_the_step_finish_and_keeps_what_was_recorded()
    {
        using var folder = new TemporaryFolder();
        using var interrupt = new CancellationTokenSource();
        interrupt.Cancel();
        var outcome = CommandLine.Run(folder, world => world with { Interrupt = interrupt.Token }, CommandLine.Short("--out", "run"));
        Assert.Equal((130, ""), (outcome.Code, outcome.Output));
        Assert.Contains("Interrupted after step 1", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("'lenet resume run' goes on from there", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(["run/checkpoints/0.safetensors", "run/checkpoints/1.safetensors", "run/manifest.json", "run/metrics.jsonl", "run/tensorboard/events.out.tfevents.0000000000.lenet"], folder.Files);
    }

    [Fact]
    public void A_terminal_gets_bars_and_no_colour_where_none_is_wanted()
    {
        using var folder = new TemporaryFolder();
        string OnTerminal(string variable) => CommandLine.Run(
            folder, world => world with { OutputIsTerminal = true, ErrorIsTerminal = true, Variable = name => name == variable ? "dumb" : "" }, CommandLine.Short()).Output;

        Assert.Matches("\u001b\\[[0-9;]*m", OnTerminal("NOTHING"));
        Assert.Contains("epoch 2/2", OnTerminal("NOTHING"), StringComparison.Ordinal);
        Assert.Contains("epoch 2/2", OnTerminal("NO_COLOR"), StringComparison.Ordinal);
        // Bold is no colour.
        Assert.DoesNotMatch("\u001b\\[(?![01]m)[0-9;]*m", OnTerminal("NO_COLOR"));
        Assert.DoesNotContain("\u001b", OnTerminal("TERM"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_terminal_watches_the_loss_and_ends_with_the_matrix_and_the_mistakes_and_a_pipe_does_not()
    {
        using var folder = new TemporaryFolder();
        var terminal = CommandLine.Run(folder, world => world with { OutputIsTerminal = true, ErrorIsTerminal = true, Variable = name => name == "NO_COLOR" ? "1" : "" }, CommandLine.Short()).Output;
        Assert.Matches(@"loss +\d\.\d{4} +[▁-█]+", terminal);
        Assert.Contains("Confusion matrix", terminal, StringComparison.Ordinal);
        Assert.Contains(" read as ", terminal, StringComparison.Ordinal);
        Assert.Contains("images/s", terminal, StringComparison.Ordinal);

        var pipe = CommandLine.Run(folder, CommandLine.Short()).OutputLines;
        Assert.Equal(4, pipe.Length);
        Assert.Equal("Finished Training", pipe[2]);
    }

    [Fact]
    public void The_quick_start_trains_writes_a_run_and_says_what_to_try_next()
    {
        using var folder = new TemporaryFolder();
        var outcome = CommandLine.Run(folder);
        Assert.Equal(0, outcome.Code);
        Assert.Contains("Finished Training", outcome.OutputLines);
        Assert.Contains("lenet repro repdl", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("runs/digits-1/SHA256SUMS", folder.Files);
    }

    [GeneratedRegex(@"^\[[12]/2\] Loss: \d+\.\d{5}, Acc: \d+\.\d\d, Time: \d+\.\d\d s$")]
    private static partial Regex EpochLine();

    [GeneratedRegex(@"^Test: Loss: \d+\.\d{5}, Acc: \d+\.\d\d %$")]
    private static partial Regex TestLine();
}
