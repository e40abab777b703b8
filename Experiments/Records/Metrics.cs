using System.Text;
using System.Text.Json;
using FunctionalLeNet.Core.Formats;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Experiments.Records;

/// <summary>The lines of a run's <c>metrics.jsonl</c>.</summary>
/// <param name="Lines">In the order of the file.</param>
public sealed record Metrics(EquatableArray<RunEvent> Lines)
{
    /// <summary>Reads the file. A last line without its end is one that was being written when the process died, and is left out.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="file">Its name, for the error.</param>
    /// <exception cref="DataException">A whole line is no event.</exception>
    public static Metrics OfBytes(ReadOnlySpan<byte> bytes, string file)
    {
        var lines = new List<RunEvent>();
        var rest = bytes;
        while (rest.IndexOf((byte)'\n') is var end && end >= 0)
        {
            try
            {
                lines.Add(RunEvent.OfLine(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(rest[..end])));
            }
            catch (Exception e) when (e is JsonException or DecoderFallbackException or NotSupportedException)
            {
                throw new DataException(file, $"line {lines.Count + 1} is no event of a run", found: e.Message.ReplaceLineEndings(" ").TrimEnd('.'));
            }

            rest = rest[(end + 1)..];
        }

        return new(lines.ToEquatableArray());
    }

    /// <summary>The file's text.</summary>
    public string ToText() => string.Concat(Lines.Select(line => line.ToLine() + "\n"));

    /// <summary>The lines of a run that stands after a step: what came later is dropped, because going on writes it again.</summary>
    /// <param name="step">The step.</param>
    public Metrics Until(long step) => new(Lines.Where(line => Step(line) <= step).ToEquatableArray());

    /// <summary>How many steps are recorded without a gap.</summary>
    public long RecordedSteps => Lines.OfType<RunEvent.Step>().TakeWhile((line, i) => line.Number == i + 1).LongCount();

    /// <summary>The last line of a finished run; null where it has not finished.</summary>
    public RunEvent.Finished? Finished => Lines is [.., RunEvent.Finished last] ? last : null;

    /// <summary>After which step a line was written; an end or an error belongs to no checkpoint.</summary>
    private static long Step(RunEvent line) => line switch
    {
        RunEvent.Start => 0,
        RunEvent.Step step => step.Number,
        RunEvent.Order order => order.FirstStep,
        RunEvent.Epoch epoch => epoch.AfterStep,
        RunEvent.Evaluation evaluation => evaluation.AfterStep,
        RunEvent.Weights weights => weights.AfterStep,
        RunEvent.Histograms histograms => histograms.AfterStep,
        RunEvent.Checkpoint checkpoint => checkpoint.AfterStep,
        _ => long.MaxValue,
    };
}
