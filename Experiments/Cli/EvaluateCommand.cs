using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Experiments.Reports;
using FunctionalLeNet.Experiments.Training;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary>The first line of <c>evaluate --json</c>. The matrix has a row for each class, in it how often each class was the answer; intervals hold 95 of 100 times.</summary>
internal sealed record Evaluated(
    string Event,
    string Run,
    string Data,
    int Images,
    double TestLoss,
    double TestAccuracy,
    double TestAccuracyLow,
    double TestAccuracyHigh,
    string LogitsSha256,
    IReadOnlyList<IReadOnlyList<int>> Confusion);

/// <summary>A class in <c>evaluate --json</c>; without images it has no accuracy.</summary>
internal sealed record EvaluatedClass(string Event, int Class, int Images, int Correct, double? Accuracy, double AccuracyLow, double AccuracyHigh);

/// <summary>A mistake in <c>evaluate --json</c>: the test image, its class, the answer, and what all classes were given.</summary>
internal sealed record EvaluatedMistake(string Event, int Sample, int Label, int Answer, IReadOnlyList<double> Probabilities);

/// <summary><c>evaluate RUN</c>: test loss and accuracy, who is taken for whom, the worst mistakes.</summary>
internal static class EvaluateCommand
{
    /// <summary>Mistakes that are drawn unless another number is asked for.</summary>
    public const int Mistakes = 6;

    public static int Run(Invocation.Evaluate command, Session session)
    {
        var screen = session.Screen;
        var run = RunAccess.Read(command.Run, session);
        var (experiment, data) = RunAccess.Load(run, command.Data, session);
        var parameters = RunAccess.Parameters(run, session);
        var test = RunAccess.Plan(run, experiment, data).Test;
        using var workspace = new Workspace(command.Threads ?? session.Surroundings.Processors, run.Manifest.Result.ToNumerics());
        var evaluation = Evaluate.Of(experiment.Network, parameters, test, workspace, experiment.Loss);
        var findings = new Findings(Answer.Of(evaluation, test, experiment.Loss), test.Images);

        var interval = findings.Confusion.Interval;
        screen.Event(
            new Evaluated("evaluated", run.Name, data.Name, test.Count, evaluation.Loss, evaluation.Accuracy, interval.Low, interval.High, evaluation.LogitsSha256, [.. findings.Confusion.Counts.Select(row => (IReadOnlyList<int>)[.. row])]),
            CommandJson.Configured.Evaluated);
        foreach (var (label, count, correct) in findings.Confusion.Classes)
            screen.Event(
                new EvaluatedClass("class", label, count, correct, count == 0 ? null : (double)correct / count, Interval.Wilson(correct, count).Low, Interval.Wilson(correct, count).High),
                CommandJson.Configured.EvaluatedClass);
        foreach (var mistake in findings.Mistakes.Take(command.Mistakes))
            screen.Event(new EvaluatedMistake("mistake", mistake.Sample, mistake.Label, mistake.Prediction, [.. mistake.Probabilities]), CommandJson.Configured.EvaluatedMistake);

        screen.Line(FormattableString.Invariant($"{run.Name}: {experiment.Name} on {test.Count:N0} test images of '{data.Name}'"));
        screen.Line(FormattableString.Invariant($"Test: Loss: {evaluation.Loss:F5}, Acc: {100 * evaluation.Accuracy:F2} % (95 % interval: {Percent.Of(interval)})"));
        findings.Print(screen, session.Surroundings.WidthOfDrawings, command.Mistakes);
        return ExitCode.Done;
    }
}
