using FunctionalLeNet.Core.Formats;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Training;

namespace FunctionalLeNet.Experiments.Records;

/// <summary>Something that happened in a run.</summary>
internal abstract record Moment
{
    private Moment() { }

    /// <summary>The parameters were updated.</summary>
    public sealed record Step(TrainingStep Made) : Moment;

    /// <summary>The network was measured within an epoch.</summary>
    public sealed record Measured(RunEvent.Evaluation Line) : Moment;

    /// <summary>An epoch ended.</summary>
    public sealed record Epoch(RunEvent.Epoch Line) : Moment
    {
        /// <summary>The parameters at its end.</summary>
        public required Tree<Tensor> Parameters { get; init; }

        /// <summary>How they are spread, and the gradient by them.</summary>
        public required RunEvent.Histograms Spread { get; init; }
    }

    /// <summary>All that belongs to a step was said: the run may be left here and gone on with from its state.</summary>
    public sealed record Rest(TrainingStep Made, Spent Spent) : Moment;

    /// <summary>The limit was reached. Where that was within an epoch, the rest is of that epoch.</summary>
    public sealed record End(RunEvent.Finished Line, Tree<Tensor> Parameters, Evaluation Test, int UnfinishedEpoch, EpochTotals Unfinished) : Moment;

    /// <summary>The lines by which the moment is recorded. What they say of time aside, they are the same whenever and wherever the run is run.</summary>
    /// <param name="batch">Samples in a step: a step that has seen no more begins its epoch.</param>
    public IEnumerable<RunEvent> Lines(int batch) => this switch
    {
        Step(var made) when made.Totals.Samples <= batch => [new RunEvent.Order(made.Epoch, made.Step, Hashes.OfOrder(made.Order)), new RunEvent.Step(made.Step, made.Loss)],
        Step(var made) => [new RunEvent.Step(made.Step, made.Loss)],
        Measured(var line) => [line],
        Epoch epoch => [epoch.Line, Weights(epoch.Line.AfterStep, epoch.Parameters), epoch.Spread],
        End end => [end.Line],
        _ => [],
    };

    /// <summary>The parameters one by one, for the record.</summary>
    /// <param name="step">After which step.</param>
    /// <param name="parameters">The parameters.</param>
    public static RunEvent.Weights Weights(long step, Tree<Tensor> parameters) => new(
        step, parameters.Leaves.Select(leaf => new TensorHash(SafeTensorsFile.NameOf(leaf.Path), Convert.ToHexStringLower(leaf.Value.Sha256()))).ToEquatableArray());

    /// <summary>How the weights of each layer and the gradient by them are spread, for the record. Draws no randomness and changes nothing.</summary>
    /// <param name="step">After which step.</param>
    /// <param name="plan">The run.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="workspace">Threads and memory.</param>
    public static RunEvent.Histograms Histograms(long step, RunPlan plan, Tree<Tensor> parameters, Workspace workspace)
    {
        var gradients = Train.Gradients(plan.Experiment, plan.Train, parameters, workspace).Leaves.ToDictionary(leaf => leaf.Path, leaf => leaf.Value);
        return new(step, parameters.Leaves.Where(leaf => leaf.Path.Split('/')[^1] == "weight").Select(leaf =>
            new WeightHistograms(SafeTensorsFile.NameOf(leaf.Path), Histogram.Of(leaf.Value.ToArray()), Histogram.Of(gradients[leaf.Path].ToArray()))).ToEquatableArray());
    }

    /// <summary>A run as a lazy sequence: nothing is computed before it is asked for, and asking no further stops it.</summary>
    /// <param name="plan">The run.</param>
    /// <param name="workspace">Threads and memory.</param>
    /// <param name="elapsed">A clock that never jumps.</param>
    /// <exception cref="NotFiniteException">A loss is not finite.</exception>
    public static IEnumerable<Moment> Of(RunPlan plan, Workspace workspace, Func<TimeSpan> elapsed)
    {
        var (began, training) = (elapsed() - plan.Before.Run, plan.Before.Epoch);
        var (state, evaluation) = (plan.Start, default(Evaluation));
        using var steps = plan.Unfold(workspace).GetEnumerator();
        while (true)
        {
            var before = elapsed();
            if (!steps.MoveNext())
                break;
            training += elapsed() - before;
            var step = steps.Current;
            if (!float.IsFinite(step.Loss))
                throw NotFinite.InTraining(plan, state, step, workspace);
            yield return new Step(step);
            if (plan.Experiment.Evaluations.After(step.Step))
            {
                var measured = Evaluated(plan, step.State(), workspace);
                yield return new Measured(new(step.Step, measured.Loss, measured.Accuracy));
            }

            if (step.EndsEpoch)
            {
                state = step.State();
                evaluation = Evaluated(plan, state, workspace);
                yield return new Epoch(new(
                    step.Epoch, plan.Epochs, step.Step, step.Totals.MeanLoss, step.Totals.Accuracy, evaluation.Loss, evaluation.Accuracy,
                    training.TotalSeconds, Hashes.OfParameters(state.Parameters)))
                {
                    Parameters = state.Parameters,
                    Spread = Histograms(step.Step, plan, state.Parameters, workspace),
                };
                training = TimeSpan.Zero;
            }
            else if (step.Step == plan.Experiment.Limit.Steps)
                (state, evaluation) = (step.State(), null);

            yield return new Rest(step, new(training, elapsed() - began));
        }

        evaluation ??= Evaluated(plan, state, workspace);
        yield return new End(
            new(state.Position.Step, evaluation.Loss, evaluation.Accuracy, evaluation.LogitsSha256, Hashes.OfParameters(state.Parameters), (elapsed() - began).TotalSeconds),
            state.Parameters,
            evaluation,
            state.Position.Order.Count > 0 ? state.Position.Epoch + 1 : 0,
            state.Position.Totals);
    }

    private static Evaluation Evaluated(RunPlan plan, TrainingState state, Workspace workspace)
    {
        var evaluation = Evaluate.Of(plan.Experiment.Network, state.Parameters, plan.Test, workspace, plan.Experiment.Loss);
        return double.IsFinite(evaluation.Loss) ? evaluation : throw NotFinite.InEvaluation(plan, state, workspace);
    }
}
