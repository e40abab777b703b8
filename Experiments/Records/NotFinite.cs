using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Random;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Data;
using FunctionalLeNet.Experiments.Training;

namespace FunctionalLeNet.Experiments.Records;

/// <summary>A run that cannot go on because a loss is NaN or infinite.</summary>
/// <param name="message">The step and the first layer with a value that is not finite.</param>
internal sealed class NotFiniteException(string message) : Exception(message);

/// <summary>Finds where numbers stopped being finite.</summary>
internal static class NotFinite
{
    /// <summary>
    /// The step whose loss is not finite, and the first layer that is to blame. The parameters that the loss was computed with are gone;
    /// but a run is a function of its state, so it is computed again from the last state that was kept.
    /// </summary>
    /// <param name="plan">The run.</param>
    /// <param name="recent">A state before the step.</param>
    /// <param name="step">The step.</param>
    /// <param name="workspace">Threads and memory.</param>
    public static NotFiniteException InTraining(RunPlan plan, TrainingState recent, TrainingStep step, Workspace workspace)
    {
        var before = step.Step - 1 == recent.Position.Step
            ? recent
            : Train.Unfold(plan.Experiment, plan.Train, recent, workspace).Where(earlier => earlier.Step == step.Step - 1).Select(earlier => earlier.State()).First();
        var order = before.Position.Order.Count > 0 ? before.Position.Order.ToArray() : TorchDataLoader.Shuffled(before.Random, plan.Train.Count).Order;
        var batch = Train.Pass(plan.Experiment, plan.Train, before.Position.Epoch).Shuffle(order).Batch(plan.Experiment.Batch).Skip((int)(before.Position.Totals.Samples / plan.Experiment.Batch)).First();
        return new NotFiniteException($"The loss is not finite ({Text(step.Loss)}) at step {step.Step} in epoch {step.Epoch}: {Blame(plan, before.Parameters, batch, workspace)}. {Advice(plan)}");
    }

    /// <summary>The same for a test loss.</summary>
    /// <param name="plan">The run.</param>
    /// <param name="state">The state that was evaluated.</param>
    /// <param name="workspace">Threads and memory.</param>
    public static NotFiniteException InEvaluation(RunPlan plan, TrainingState state, Workspace workspace) =>
        new($"The test loss is not finite after step {state.Position.Step}: "
            + plan.Test.Batch(plan.Experiment.Batch).Select(batch => FirstLayer(plan, state.Parameters, batch, workspace)).FirstOrDefault(found => found.Length > 0, Nowhere)
            + $". {Advice(plan)}");

    private const string Nowhere = "every layer's numbers are finite, only the loss is not";

    private static string Blame(RunPlan plan, Tree<Tensor> parameters, SampleBatch batch, Workspace workspace) =>
        FirstLayer(plan, parameters, batch, workspace) is { Length: > 0 } found ? found : Nowhere;

    /// <summary>The first layer with a parameter or an output that is not finite, in words; empty where there is none.</summary>
    private static string FirstLayer(RunPlan plan, Tree<Tensor> parameters, SampleBatch batch, Workspace workspace)
    {
        var x = batch.ToTensor();
        foreach (var step in Shapes.Of(plan.Experiment.Network))
        {
            var own = parameters.At(step.Path);
            var where = $"the first layer with a value that is not finite is '{step.Path}' ({Summary.Text(step.Layer)})";
            var wrong = own.Leaves.Where(leaf => !IsFinite(leaf.Value)).Select(leaf => leaf.Path).ToList();
            if (wrong.Count > 0)
                return $"{where}, in its {wrong[0]}";
            x = Forward.Of(new Core.Layers.Network(step.Input, step.Layer), own, x, workspace);
            if (!IsFinite(x))
                return $"{where}, in its output";
        }

        return "";
    }

    private static bool IsFinite(Tensor tensor) => tensor.ToArray().All(float.IsFinite);

    private static string Text(float loss) => float.IsNaN(loss) ? "NaN" : loss > 0 ? "infinity" : "-infinity";

    private static string Advice(RunPlan plan) => FormattableString.Invariant($"A smaller learning rate than {plan.Experiment.Optimizer.Rate} may help: --lr.");
}
