using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Experiments.Training;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary>What is seen of a run while it goes on: bars for this epoch and for all of it, and the loss.</summary>
internal static class Bars
{
    /// <summary>Begins the bars.</summary>
    /// <param name="progress">Where.</param>
    /// <param name="plan">The run.</param>
    /// <returns>Moves them to a step.</returns>
    public static Action<TrainingStep> Begin(ProgressReport progress, RunPlan plan)
    {
        var (epoch, run) = (progress.Begin($"epoch {plan.Start.Position.Epoch + 1}/{plan.Epochs}", plan.Train.Count), progress.Begin("run", plan.Samples));
        var loss = progress.Watch("loss");
        return step =>
        {
            epoch($"epoch {step.Epoch}/{plan.Epochs}", step.Totals.Samples);
            loss(plan.Experiment.Reduction == Autodiff.Reduction.Sum ? step.Loss / plan.Experiment.Batch : step.Loss);
            run("run", ((double)(step.Epoch - 1) * plan.Train.Count) + step.Totals.Samples);
        };
    }
}
