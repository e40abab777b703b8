using System.Diagnostics;
using System.Text.Json;
using FunctionalLeNet.Tests.Data;

namespace FunctionalLeNet.Tests.SameBits;

/// <summary>What a run left behind: its fingerprints, and the vectors that it was computed with.</summary>
internal sealed record Bits(string Weights, string Logits, int VectorBits);

/// <summary>The built program in a process of its own, because the runtime reads its processor switches once, at its start.</summary>
/// <param name="File">What to start.</param>
/// <param name="Before">The words before the program's own.</param>
internal sealed record Child(string File, IReadOnlyList<string> Before)
{
    /// <summary>The program that lies beside the tests, on the runtime that they run on.</summary>
    public static Child OfThisMachine { get; } = new(
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet",
        [Path.Join(AppContext.BaseDirectory, "lenet.dll")]);

    /// <summary>A program by its command line, words apart by spaces.</summary>
    public static Child Of(string commandLine) => commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var file, .. var before]
        ? new Child(file, before)
        : throw new ArgumentException("A command line has at least one word.", nameof(commandLine));

    /// <summary>Trains a little on the embedded digits and evaluates.</summary>
    /// <param name="run">What.</param>
    /// <param name="threads">On how many threads.</param>
    /// <param name="switches">The runtime's processor switches, each <c>NAME=0</c>.</param>
    public Bits Train(ShortRun run, int threads, params IEnumerable<string> switches)
    {
        using var folder = new TemporaryFolder();
        var target = Path.Join(folder.Path, "run");
        string[] words =
        [
            .. Before, "train", run.Experiment.Name, "--data", "digits", "--steps", $"{run.Steps}", "--batch", $"{run.Batch}",
            "--train-limit", $"{run.TrainLimit}", "--test-limit", $"{run.TestLimit}", "--threads", $"{threads}", "--out", target, "--json",
        ];
        var start = new ProcessStartInfo(File, words) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder.Path };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("DOTNET_Enable", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in switches.Select(text => text.Split('=')).Select(pair => (pair[0], pair[1])))
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{File} {string.Join(' ', words)} ended with {process.ExitCode}: {error.Result}");

        using var finished = JsonDocument.Parse(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]);
        using var manifest = JsonDocument.Parse(System.IO.File.ReadAllText(Path.Join(target, "manifest.json")));
        return new Bits(
            finished.RootElement.GetProperty("weights_sha256").GetString()!,
            finished.RootElement.GetProperty("logits_sha256").GetString()!,
            manifest.RootElement.GetProperty("environment").GetProperty("vector_bits").GetInt32());
    }
}
