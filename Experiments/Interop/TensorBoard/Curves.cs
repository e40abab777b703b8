using FunctionalLeNet.Experiments.Records;

namespace FunctionalLeNet.Experiments.Interop.TensorBoard;

/// <summary>A run's curves for TensorBoard: a file in the run's folder <c>tensorboard</c> for each time that the run is started.</summary>
/// <remarks>
/// The curves are <c>loss/step</c>, the batch's loss as the optimizer saw it, and after each epoch or evaluation <c>loss/train</c>, <c>loss/test</c>, <c>accuracy/train</c>
/// and <c>accuracy/test</c>, the losses of a sample, the accuracies fractions. A run that was resumed says so in its new file, and TensorBoard forgets the steps
/// that were made and lost.
/// </remarks>
internal sealed class Curves : IDisposable
{
    /// <summary>The folder within a run's.</summary>
    public const string Folder = "tensorboard";

    // What TensorBoard requires a file to begin with, if it is to obey restarts.
    private const string Version = "brain.Event:2";
    private readonly EventFile _file;
    private readonly Func<DateTimeOffset> _now;
    private long _evaluated;

    private Curves(EventFile file, Func<DateTimeOffset> now) => (_file, _now) = (file, now);

    /// <summary>Begins the file of one start.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="step">Updates that were made before this start: 0 unless the run is resumed.</param>
    /// <param name="now">The clock of the world.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static Curves Begin(string run, long step, Func<DateTimeOffset> now)
    {
        var curves = new Curves(EventFile.Create(Path.Combine(run, Folder), now()), now);
        curves.Write(new Event { FileVersion = Version, Step = step });
        if (step > 0)
            curves.Write(new Event { SessionLog = new SessionLog { Status = SessionLog.Types.SessionStatus.Start }, Step = step + 1 });
        return curves;
    }

    /// <summary>Adds what an event of the run measured, if it did.</summary>
    /// <param name="line">The event.</param>
    public void Append(RunEvent line)
    {
        switch (line)
        {
            case RunEvent.Step step:
                Write(step.Number, ("loss/step", step.Loss));
                break;
            case RunEvent.Epoch epoch:
                Write(
                    epoch.AfterStep,
                    ("loss/train", epoch.TrainLoss), ("loss/test", epoch.TestLoss), ("accuracy/train", epoch.TrainAccuracy), ("accuracy/test", epoch.TestAccuracy));
                _evaluated = epoch.AfterStep;
                break;
            case RunEvent.Evaluation evaluation:
                Write(evaluation.AfterStep, ("loss/test", evaluation.TestLoss), ("accuracy/test", evaluation.TestAccuracy));
                _evaluated = evaluation.AfterStep;
                break;
            // The end of an epoch has its evaluation already; one within an epoch has not.
            case RunEvent.Finished finished when finished.Steps != _evaluated:
                Write(finished.Steps, ("loss/test", finished.TestLoss), ("accuracy/test", finished.TestAccuracy));
                break;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void Write(long step, params ReadOnlySpan<(string Tag, double Value)> values)
    {
        var summary = new Summary();
        foreach (var (tag, value) in values)
            summary.Value.Add(new Summary.Types.Value { Tag = tag, SimpleValue = (float)value });
        Write(new Event { Step = step, Summary = summary });
    }

    private void Write(Event added)
    {
        added.WallTime = _now().ToUnixTimeMilliseconds() / 1e3;
        _file.Append(added);
    }
}
