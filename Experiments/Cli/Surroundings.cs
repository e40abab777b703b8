using System.Diagnostics;
using System.Text;
using FunctionalLeNet.Experiments.Data;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary>Everything outside the program that a command may look at or write to, so that a test can put something else in its place.</summary>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
/// <param name="Directory">The working directory, absolute: where relative paths begin.</param>
/// <param name="Variable">An environment variable by name; empty where it is not set.</param>
/// <param name="Data">Where data sets are looked for.</param>
/// <param name="Now">The clock of the world.</param>
/// <param name="Elapsed">A clock that never jumps, for durations.</param>
/// <param name="OutputIsTerminal">Whether standard output is a terminal.</param>
/// <param name="ErrorIsTerminal">Whether standard error is a terminal.</param>
/// <param name="Width">Columns of the terminal.</param>
/// <param name="Processors">Cores of the machine.</param>
/// <param name="Interrupt">Cancelled by Ctrl-C.</param>
public sealed record Surroundings(
    TextWriter Output,
    TextWriter Error,
    string Directory,
    Func<string, string> Variable,
    DataLocations Data,
    Func<DateTimeOffset> Now,
    Func<TimeSpan> Elapsed,
    bool OutputIsTerminal,
    bool ErrorIsTerminal,
    int Width,
    int Processors,
    CancellationToken Interrupt)
{
    private const int Usual = 80;

    /// <summary>The process's own.</summary>
    /// <param name="interrupt">Cancelled by Ctrl-C.</param>
    public static Surroundings OfProcess(CancellationToken interrupt)
    {
        var start = Stopwatch.GetTimestamp();
        return new(
            Console.IsOutputRedirected ? WholeLines() : Console.Out,
            Console.Error,
            Environment.CurrentDirectory,
            name => Environment.GetEnvironmentVariable(name) ?? "",
            DataLocations.Here(),
            () => DateTimeOffset.UtcNow,
            () => Stopwatch.GetElapsedTime(start),
            !Console.IsOutputRedirected,
            !Console.IsErrorRedirected,
            WidthOfTerminal(),
            Environment.ProcessorCount,
            interrupt);
    }

    /// <summary>Columns that a drawing may have: the terminal's, or 80 where the output goes elsewhere.</summary>
    public int WidthOfDrawings => OutputIsTerminal ? Width : Usual;

    /// <summary>A path as the user means it: relative ones begin at the working directory.</summary>
    /// <param name="path">As it was written.</param>
    public string FullPath(string path) => Path.GetFullPath(path, Directory);

    /// <summary>Standard output a whole line at a time: the console's own writer cuts lines at 256 characters, so a reader would see half of one when the process is killed.</summary>
    private static StreamWriter WholeLines() => new(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 16) { AutoFlush = true };

    private static int WidthOfTerminal()
    {
        try
        {
            return Console.IsOutputRedirected && Console.IsErrorRedirected ? Usual : Math.Max(Console.WindowWidth, Usual / 2);
        }
        catch (Exception e) when (e is IOException or PlatformNotSupportedException)
        {
            return Usual;
        }
    }
}
