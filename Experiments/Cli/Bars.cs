using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Experiments.Training;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary>The bars of a run: this epoch, and all of it.</summary>
internal static class Bars
{
    /// <summary>Begins the bars.</summary>
    /// <param name="progress">Where.</param>
    /// <param name="plan">The run.</param>
    /// <returns>Moves them to a step.</returns>
    public static Action<TrainingStep> Begin(ProgressReport progress, RunPlan plan)
    {
        var (epoch, run) = (progress.Begin($"epoch {plan.Start.Position.Epoch + 1}/{plan.Epochs}", plan.Train.Count), progress.Begin("run", plan.Samples));
        return step =>
        {
            epoch($"epoch {step.Epoch}/{plan.Epochs}", step.Totals.Samples);
            run("run", ((double)(step.Epoch - 1) * plan.Train.Count) + step.Totals.Samples);
        };
    }
}
