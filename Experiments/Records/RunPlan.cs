using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Data;
using FunctionalLeNet.Experiments.Training;

namespace FunctionalLeNet.Experiments.Records;

/// <summary>A run before its first step: all that is needed to compute it, checked.</summary>
/// <param name="Experiment">The experiment with every change made to it.</param>
/// <param name="Train">To train on.</param>
/// <param name="Test">To test with.</param>
/// <param name="Start">The first moment.</param>
internal sealed record RunPlan(Experiment Experiment, Samples Train, Samples Test, TrainingState Start)
{
    /// <summary>The time that the run took before <see cref="Start"/>.</summary>
    public Spent Before { get; init; }

    /// <summary>Limits that were in force before they were raised, each until a step: the schedule followed them.</summary>
    public EquatableArray<(long UntilStep, Limit Limit)> Earlier { get; init; } = [];

    /// <summary>Steps until the limit.</summary>
    public long Steps => Training.Train.Steps(Experiment, Train.Count);

    /// <summary>The steps of the run from its start on, each stretch under the limit that was in force.</summary>
    /// <param name="workspace">Threads and memory.</param>
    public IEnumerable<TrainingStep> Unfold(Workspace workspace)
    {
        var state = Start;
        foreach (var (until, limit) in Earlier.Where(earlier => earlier.UntilStep > Start.Position.Step))
            foreach (var step in Training.Train.Unfold(Experiment with { Limit = limit }, Train, state, workspace))
            {
                yield return step;
                if (step.Step < until)
                    continue;
                state = step.State();
                break;
            }

        foreach (var step in Training.Train.Unfold(Experiment, Train, state, workspace))
            yield return step;
    }

    /// <summary>The learning rate of a step, under the limit that was in force.</summary>
    /// <param name="step">Steps made before it.</param>
    public double Rate(long step)
    {
        var limit = Earlier.Where(earlier => earlier.UntilStep > step).Select(earlier => earlier.Limit).FirstOrDefault(Experiment.Limit);
        return Experiment.Optimizer.Rate * Experiment.Schedule.Factor(step, Training.Train.Steps(Experiment with { Limit = limit }, Train.Count), (int)(step / StepsOfEpoch));
    }

    /// <summary>Steps of a whole epoch.</summary>
    public long StepsOfEpoch => ((long)Train.Count + Experiment.Batch - 1) / Experiment.Batch;

    /// <summary>Epochs until the limit, the last one perhaps not whole.</summary>
    public int Epochs => (int)Math.Min(Experiment.Limit.Epochs, ((Experiment.Limit.Steps - 1) / StepsOfEpoch) + 1);

    /// <summary>Samples seen until the limit.</summary>
    public double Samples => Math.Min((double)Experiment.Limit.Epochs * Train.Count, (double)Experiment.Limit.Steps * Experiment.Batch);
}
