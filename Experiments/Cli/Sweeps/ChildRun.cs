using System.Diagnostics;
using System.Text.Json;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Records;

namespace FunctionalLeNet.Experiments.Cli.Sweeps;

/// <summary>This program in a process of its own, so that whatever happens to one run happens to no other.</summary>
internal static class ChildRun
{
    /// <summary>The words that start this program.</summary>
    public static EquatableArray<string> Program { get; } = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "lenet"
        ? [Environment.ProcessPath!]
        : [Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet", Path.Join(AppContext.BaseDirectory, "lenet.dll")];

    /// <summary>Runs a command line to its end.</summary>
    /// <param name="words">The words after the program's name.</param>
    /// <param name="directory">The working directory.</param>
    /// <param name="moved">Told of each epoch that ends.</param>
    /// <returns>The exit code, the run's end where it came to it, and otherwise why not, in one line.</returns>
    public static (int Code, RunEvent.Finished? End, string Problem) Of(IEnumerable<string> words, string directory, Action<RunEvent.Epoch> moved)
    {
        var start = new ProcessStartInfo(Program[0], [.. Program.Skip(1), .. words, "--json"]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = directory };
        using var process = Process.Start(start) ?? throw new Failure($"'{Program[0]}' does not start.");
        var error = process.StandardError.ReadToEndAsync();
        var last = default(RunEvent);
        while (process.StandardOutput.ReadLine() is { } line)
        {
            last = Event(line) ?? last;
            if (last is RunEvent.Epoch epoch)
                moved(epoch);
        }

        process.WaitForExit();
        return last switch
        {
            RunEvent.Finished end when process.ExitCode == ExitCode.Done => (ExitCode.Done, end, ""),
            RunEvent.Error said => (process.ExitCode, null, said.Message),
            _ => (process.ExitCode, null, $"It ended with exit code {process.ExitCode}. {error.Result.TrimEnd().Split('\n')[^1]}".TrimEnd()),
        };
    }

    private static RunEvent? Event(string line)
    {
        try
        {
            return RunEvent.OfLine(line);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            return null;
        }
    }
}
