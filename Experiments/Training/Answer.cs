using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Data;

namespace FunctionalLeNet.Experiments.Training;

/// <summary>What a network answers to one sample.</summary>
/// <param name="Sample">The sample's place in its set, from 0.</param>
/// <param name="Label">Its class.</param>
/// <param name="Prediction">The class of the largest logit, the first of equal ones.</param>
/// <param name="Probabilities">The probability of each class: <see cref="Loss.Probabilities"/>.</param>
internal sealed record Answer(int Sample, int Label, int Prediction, EquatableArray<double> Probabilities)
{
    /// <summary>Whether it is the right one.</summary>
    public bool IsRight => Label == Prediction;

    /// <summary>The answers to all samples, in order.</summary>
    /// <param name="evaluation">What the network makes of the samples.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="loss">What the network was trained to make small, which says what its outputs mean.</param>
    public static EquatableArray<Answer> Of(Evaluation evaluation, Samples samples, Loss loss) => evaluation.Predictions
        .Zip(evaluation.Logits.ToArray().Chunk(evaluation.Logits.Shape.Rest.Count), samples.Order)
        .Select((answer, i) => new Answer(i, samples.Images.Labels.Span[answer.Third], answer.First, loss.Probabilities(answer.Second)))
        .ToEquatableArray();

    /// <summary>The wrong ones, first those that give the right class the least probability.</summary>
    /// <param name="answers">The answers.</param>
    public static EquatableArray<Answer> Mistakes(IEnumerable<Answer> answers) =>
        answers.Where(answer => !answer.IsRight).OrderBy(answer => answer.Probabilities[answer.Label]).ThenBy(answer => answer.Sample).ToEquatableArray();
}
