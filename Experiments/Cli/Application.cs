using FunctionalLeNet.Core.Formats;
using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Experiments.Records;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary>The program as a function: from a command line and its surroundings to an exit code.</summary>
internal static class Application
{
    /// <summary>Parses, runs, and turns whatever goes wrong into one line.</summary>
    /// <param name="arguments">The words after the program's name.</param>
    /// <param name="surroundings">Everything outside.</param>
    public static int Run(IReadOnlyList<string> arguments, Surroundings surroundings)
    {
        var parsed = Grammar.Parse(arguments, surroundings.Width);
        var screen = new Screen(surroundings, parsed.Json);
        try
        {
            return parsed switch
            {
                Parsed.Usage usage => Wrong(screen, usage.Message, ExitCode.Usage),
                Parsed.Text text => Print(text.Json ? surroundings.Error : surroundings.Output, text.Content),
                Parsed.Run run => Run(run.Invocation, new Session(surroundings, screen, arguments)),
                _ => throw new InvalidOperationException("A command line is something to do, a text, or wrong."),
            };
        }
        catch (OperationCanceledException) when (surroundings.Interrupt.IsCancellationRequested)
        {
            screen.Note("Interrupted.");
            return ExitCode.Interrupted;
        }
        catch (Exception e) when (e is Failure or DataException or NotFiniteException or NumericsException or ShapeException)
        {
            return Wrong(screen, e.Message, ExitCode.Failed);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException { ParamName: "path" })
        {
            return Wrong(screen, $"A file or folder cannot be used: {e.Message}", ExitCode.Failed);
        }
        catch (OutOfMemoryException)
        {
            return Wrong(screen, "There is not enough memory. A smaller --batch or --train-limit needs less.", ExitCode.Failed);
        }
#pragma warning disable CA1031 // Nobody who runs a program wants its stack; what is left is a defect, and says so.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Wrong(screen, $"A defect in the program, not in what you did: {e.GetType().Name}: {e.Message}", ExitCode.Failed);
        }
    }

    private static int Run(Invocation invocation, Session session) => invocation switch
    {
        Invocation.QuickStart command => QuickStart.Run(command, session),
        Invocation.List { Runs: true } => ListRunsCommand.Run(session),
        Invocation.List => ListCommand.Run(session),
        Invocation.Show command => ShowCommand.Run(command, session),
        Invocation.Train command => TrainCommand.Run(command, session),
        Invocation.Resume command => ResumeCommand.Run(command, session),
        Invocation.Verify command => VerifyCommand.Run(command, session),
        Invocation.Evaluate command => EvaluateCommand.Run(command, session),
        Invocation.Report command => ReportCommand.Run(command, session),
        Invocation.Snapshot command => SnapshotCommand.Run(command, session),
        Invocation.Predict command => PredictCommand.Run(command, session),
        Invocation.Serve command => ServeCommand.Run(command, session),
        Invocation.Compare command => CompareCommand.Run(command, session),
        Invocation.Sweep command => SweepCommand.Run(command, session),
        Invocation.Survey command => DataCommand.Run(command, session),
        Invocation.Export command => ExportCommand.Run(command, session),
        Invocation.Import command => ImportCommand.Run(command, session),
        Invocation.Layers command => LayersCommand.Run(command, session),
        Invocation.Repro command => ReproCommand.Run(command, session),
        Invocation.Bench command => BenchCommand.Run(command, session),
        _ => throw new InvalidOperationException($"{invocation.GetType().Name} is not one of the closed set of commands."),
    };

    private static int Wrong(Screen screen, string message, int code)
    {
        screen.Error(message);
        return code;
    }

    private static int Print(TextWriter writer, string text)
    {
        writer.Write(text);
        return ExitCode.Done;
    }
}

/// <summary>What every command works with.</summary>
/// <param name="Surroundings">Everything outside the program.</param>
/// <param name="Screen">Where its words go.</param>
/// <param name="CommandLine">The words after the program's name, for the record.</param>
internal sealed record Session(Surroundings Surroundings, Screen Screen, IReadOnlyList<string> CommandLine);
