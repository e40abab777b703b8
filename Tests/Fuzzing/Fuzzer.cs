using System.Diagnostics;
using FunctionalLeNet.Core.Formats;
using FunctionalLeNet.Core.Random;

namespace FunctionalLeNet.Fuzzing;

/// <summary>An input that did what none may do.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Input">Its bytes.</param>
/// <param name="Problem">What it did.</param>
internal sealed record Finding(long Number, byte[] Input, string Problem);

/// <summary>What came of many inputs.</summary>
/// <param name="Inputs">How many.</param>
/// <param name="PastHeader">How many got past the header.</param>
/// <param name="Accepted">How many gave a result; the others were refused with this project's own error.</param>
/// <param name="Slowest">The longest that one took.</param>
/// <param name="MostAllocated">The most bytes that one allocated.</param>
/// <param name="Findings">What was found.</param>
internal sealed record Report(long Inputs, long PastHeader, long Accepted, TimeSpan Slowest, long MostAllocated, IReadOnlyList<Finding> Findings);

/// <summary>Feeds inputs to a reader and watches what it throws, how long it takes and how much it allocates.</summary>
internal static class Fuzzer
{
    /// <summary>Longer than this is a hang.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>What a reader may allocate for nothing: buffers and tables.</summary>
    private const long FreeBytes = 1 << 20;

    /// <summary>What it may allocate for a byte of the input's stated and checked size: a document of small nodes costs the most.</summary>
    private const long BytesForByte = 64;

    /// <summary>Reads inputs.</summary>
    /// <param name="target">The reader.</param>
    /// <param name="seed">What fixes all inputs.</param>
    /// <param name="first">The number of the first.</param>
    /// <param name="count">How many.</param>
    /// <param name="moved">Told of each number before its input is read.</param>
    public static Report Run(Target target, long seed, long first, long count, Action<long>? moved = null)
    {
        var (past, accepted, slowest, most, findings) = (0L, 0L, TimeSpan.Zero, 0L, new List<Finding>());
        for (var number = first; number < first + count; number++)
        {
            moved?.Invoke(number);
            var input = Input(target, seed, number);
            past += target.PastHeader(input) ? 1 : 0;
            var (problem, isAccepted, time, allocated) = Try(target, input);
            accepted += isAccepted ? 1 : 0;
            (slowest, most) = (time > slowest ? time : slowest, Math.Max(most, allocated));
            if (problem.Length > 0)
                findings.Add(new(number, input, problem));
        }

        return new(count, past, accepted, slowest, most, findings);
    }

    /// <summary>An input.</summary>
    /// <param name="target">For which reader.</param>
    /// <param name="seed">What fixes all inputs.</param>
    /// <param name="number">Its number.</param>
    public static byte[] Input(Target target, long seed, long number) => target.Input(new Draws(Key.Seed(seed).Child(target.Name).Child(number)));

    /// <summary>What is wrong with what a reader does with an input; empty where nothing is.</summary>
    /// <param name="target">The reader.</param>
    /// <param name="input">The input.</param>
    public static string Problem(Target target, byte[] input) => Try(target, input).Problem;

    private static (string Problem, bool Accepted, TimeSpan Time, long Allocated) Try(Target target, byte[] input)
    {
        var (thrown, time, allocated) = Once(target, input);
        var limit = FreeBytes + (BytesForByte * target.Size(input));
        // The first time something is compiled, and another process may have had the core.
        for (var again = 0; again < 3 && (time > Patience || allocated > limit); again++)
        {
            var (_, nextTime, nextAllocated) = Once(target, input);
            (time, allocated) = (nextTime < time ? nextTime : time, Math.Min(nextAllocated, allocated));
        }

        var problem = thrown switch
        {
            not null and not DataException => $"{thrown.GetType()}: {thrown.Message} {thrown.StackTrace?.Split('\n')[0].Trim()}",
            _ when time > Patience => FormattableString.Invariant($"It took {time.TotalSeconds:F1} s."),
            _ when allocated > limit => FormattableString.Invariant($"It allocated {allocated:N0} bytes; {limit:N0} are allowed."),
            DataException { Message: var message } when message.Any(char.IsControl) => $"The error is more than a line: {message}",
            _ => "",
        };
        return (problem, thrown is null, time, allocated);
    }

    private static (Exception? Thrown, TimeSpan Time, long Allocated) Once(Target target, byte[] input)
    {
        var (before, start) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
        var thrown = default(Exception);
        try
        {
            target.Read(input);
        }
#pragma warning disable CA1031 // That is what is looked for.
        catch (Exception e)
#pragma warning restore CA1031
        {
            thrown = e;
        }

        return (thrown, Stopwatch.GetElapsedTime(start), GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
