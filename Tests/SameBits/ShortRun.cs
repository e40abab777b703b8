using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Experiments.Catalog;

namespace FunctionalLeNet.Tests.SameBits;

/// <summary>Two steps of an experiment with a batch size, of which the second may be smaller.</summary>
internal sealed record ShortRun(Experiment Experiment, int Batch, int TrainLimit)
{
    private const long MostToEvaluate = 150_000_000;

    /// <summary>Images to evaluate: 20, or fewer of a large network.</summary>
    public int TestLimit => (int)Math.Clamp(MostToEvaluate / (Evaluations * Cost.Of(Experiment.Network).MultiplyAdds), 1, 20);

    public int Steps { get; } = 2;

    /// <summary>Batches of 33 and 7; of 100; of 16 and 1; of 1 alone.</summary>
    public static IEnumerable<ShortRun> Of(Experiment experiment) =>
        [new(experiment, 33, 40), new(experiment, 100, 100), new(experiment, 16, 17), new(experiment, 1, 1)];

    /// <summary>Multiply-adds of the whole run, roughly: forward and two gradients, then the evaluation.</summary>
    public long MultiplyAdds => ((3L * Steps * Batch) + (Evaluations * TestLimit)) * Cost.Of(Experiment.Network).MultiplyAdds;

    private int Evaluations => 1 + Enumerable.Range(1, Steps).Count(step => Experiment.Evaluations.After(step));
}
