using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;

namespace FunctionalLeNet.Experiments.Training;

/// <summary>What a network takes an image for.</summary>
/// <param name="Probabilities">Of each class, in order: <see cref="Loss.Probabilities"/>.</param>
public sealed record Prediction(EquatableArray<double> Probabilities)
{
    /// <summary>The class with the largest probability; the first of several.</summary>
    public int Class => Ranked.First().Class;

    /// <summary>The probability of <see cref="Class"/>.</summary>
    public double Probability => Probabilities[Class];

    /// <summary>The classes, the most probable first.</summary>
    public IEnumerable<(int Class, double Probability)> Ranked => Probabilities.Index().OrderByDescending(probability => probability.Item);
}
