using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Experiments.Interop.TensorBoard;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Experiments.Reports;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary>A run under way, new or resumed: what it computes is recorded, shown, and checkpointed.</summary>
/// <param name="Plan">From where on.</param>
/// <param name="Manifest">The run's manifest.</param>
/// <param name="Folder">The run's folder.</param>
/// <param name="CheckpointEvery">Steps between checkpoints; null for every epoch.</param>
/// <param name="Figures">Whether the report's pictures are written as files too.</param>
/// <param name="Workspace">Threads and memory.</param>
/// <param name="Session">Where its words go.</param>
internal sealed record RunningRun(RunPlan Plan, Manifest Manifest, RunFolder Folder, long? CheckpointEvery, bool Figures, Workspace Workspace, Session Session)
{
    /// <summary>Computes the run to its end.</summary>
    /// <returns>Its last line; null where it was interrupted.</returns>
    /// <exception cref="NotFiniteException">A loss is not finite.</exception>
    /// <exception cref="Failure">The run cannot be written.</exception>
    public RunEvent.Finished? ToEnd()
    {
        try
        {
            using var curves = Curves.Begin(Folder.Path, Plan.Start.Position.Step, Session.Surroundings.Now);
            if (Session.Screen.WithProgress("images/s", 1, progress => Follow(progress, curves)) is not var (line, report))
                return null;
            if (Session.Surroundings.OutputIsTerminal)
                new Findings(report.Answers, report.Plan.Test.Images).Print(Session.Screen, Session.Surroundings.WidthOfDrawings, EvaluateCommand.Mistakes);
            return line;
        }
        catch (NotFiniteException e)
        {
            Folder.Append(new RunEvent.Error(e.Message));
            Folder.Write(Ended());
            Session.Screen.Note($"The run so far is in {Folder.Name}.");
            throw;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new Failure($"The run in {Folder.Name} cannot be written: {e.Message.TrimEnd('.')}. What it had at its last checkpoint is there; when there is room, {HowToResume}");
        }
    }

    private string HowToResume => $"'lenet {Reproduction.Line(["resume", Folder.Name])}' goes on from there.";

    private (RunEvent.Finished Line, RunReport Report)? Follow(ProgressReport progress, Curves curves)
    {
        var bars = Bars.Begin(progress, Plan);
        var finished = default((RunEvent.Finished, RunReport)?);
        foreach (var moment in Moment.Of(Plan, Workspace, Session.Surroundings.Elapsed))
        {
            // The last line ends the run: it is written with all that belongs to the end.
            foreach (var line in moment is Moment.End ? [] : moment.Lines(Plan.Experiment.Batch))
                Record(line, curves);
            switch (moment)
            {
                case Moment.Step(var made):
                    bars(made);
                    break;
                case Moment.Measured(var line):
                    Session.Screen.Line(Lines.Of(line));
                    break;
                case Moment.Epoch(var line):
                    Session.Screen.Line(Lines.Of(line));
                    break;
                case Moment.Rest(var made, var spent):
                    var interrupted = Session.Surroundings.Interrupt.IsCancellationRequested;
                    if (interrupted || made.Step == Plan.Steps || (CheckpointEvery is { } every ? made.Step % every == 0 : made.EndsEpoch))
                        Session.Screen.Event(Folder.Write(new Checkpoint(Manifest.Result.IdentityAt(made.Step), made.State(), spent)));
                    if (!interrupted)
                        break;
                    Folder.Write(Ended());
                    Session.Screen.Note($"Interrupted after step {made.Step}; {HowToResume}");
                    return null;
                case Moment.End end:
                    // Before the sums over all files of the run.
                    curves.Append(end.Line);
                    finished = (end.Line, Finish(end));
                    break;
            }
        }

        return finished;
    }

    private RunReport Finish(Moment.End end)
    {
        var (screen, report) = (Session.Screen, default(RunReport));
        Folder.Finish(end.Parameters, end.Line, Ended(), () =>
        {
            report = RunReport.Of(StoredRun.Read(Session.Surroundings.Directory, Folder.Path), Plan, end.Parameters, end.Test);
            foreach (var (file, bytes) in ReportCommand.Files(report, Figures))
                ReportCommand.Write(Folder.Path, file, bytes);
        });
        screen.Event(end.Line);
        if (end.UnfinishedEpoch > 0)
            screen.Note(FormattableString.Invariant($"Stopped within epoch {end.UnfinishedEpoch} after {end.Unfinished.Samples} of {Plan.Train.Count} samples: Loss: {end.Unfinished.MeanLoss:F5}, Acc: {100 * end.Unfinished.Accuracy:F2}"));
        if (end.Line.Steps > 0)
            screen.Line(Lines.FinishedTraining);
        screen.Line(Lines.Of(end.Line));
        screen.Note($"The run is in {Folder.Name}.");
        return report!;
    }

    private Manifest Ended() => Manifest with { Environment = Manifest.Environment with { End = Session.Surroundings.Now() } };

    private void Record(RunEvent line, Curves curves)
    {
        Folder.Append(line);
        curves.Append(line);
        if (line is not (RunEvent.Step or RunEvent.Order or RunEvent.Weights or RunEvent.Histograms))
            Session.Screen.Event(line);
    }
}
