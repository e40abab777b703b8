using FunctionalLeNet.Core.Numerics;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Experiments.Training;

/// <summary>What a network takes an image for.</summary>
/// <param name="Probabilities">Of each class, in order; they add up to 1.</param>
public sealed record Prediction(EquatableArray<double> Probabilities)
{
    /// <summary>The class with the largest probability; the first of several.</summary>
    public int Class => Probabilities.Index().MaxBy(probability => probability.Item).Index;

    /// <summary>The probability of <see cref="Class"/>.</summary>
    public double Probability => Probabilities[Class];

    /// <summary>The classes, the most probable first.</summary>
    public IEnumerable<(int Class, double Probability)> Ranked => Probabilities.Index().OrderByDescending(probability => probability.Item);

    /// <summary>The softmax of a sample's logits, in double: pₖ = e^(zₖ − max z) / Σⱼ e^(zⱼ − max z), the sum from left to right.</summary>
    /// <param name="logits">The network's output for one sample, at least one.</param>
    public static Prediction OfLogits(IReadOnlyCollection<float> logits)
    {
        var largest = (double)logits.Max();
        var powers = logits.Select(logit => ExactMath.Exp(logit - largest)).ToList();
        var sum = powers.Aggregate((total, power) => total + power);
        return new(powers.Select(power => power / sum).ToEquatableArray());
    }
}
