using System.Diagnostics;
using FunctionalLeNet.Tests.Cli;

namespace FunctionalLeNet.Tests;

/// <summary>Programs that a test uses where they are installed.</summary>
internal static class Programs
{
    /// <summary>The running test reports itself skipped where a program is not installed.</summary>
    public static void SkipWithout(params ReadOnlySpan<string> programs)
    {
        foreach (var program in programs)
            Skip.If(Find(program).Length == 0, $"Skipped for want of {program}.");
    }

    /// <summary>Where a program is; empty where it is not. Daemons are in folders that not everybody has in the path.</summary>
    public static string Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/sbin").Append("/sbin")
        .Select(folder => Path.Join(folder, program)).FirstOrDefault(File.Exists) ?? "";

    /// <summary>Runs a program to its end.</summary>
    public static Outcome Run(string program, IEnumerable<string> arguments, string directory = "", params IEnumerable<(string Name, string Value)> variables)
    {
        var start = new ProcessStartInfo(Find(program), arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = directory };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new(process.ExitCode, output, error.Result);
    }
}
