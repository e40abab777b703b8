using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Numerics;
using FunctionalLeNet.Core.Optimizers;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Experiments.Catalog;

/// <summary>What a network is trained to make small, as data.</summary>
public abstract record Loss
{
    private Loss() { }

    /// <summary>The cross-entropy of the softmax of the logits: <see cref="Op.SoftmaxCrossEntropy"/>.</summary>
    public sealed record CrossEntropy : Loss;

    /// <summary>The squared distance to the right class's target, −z_label for logits that are negative distances: LeCun et al. 1998, equation 8.</summary>
    public sealed record RightDistance : Loss;

    /// <summary>The same, made discriminative with a rubbish class: LeCun et al. 1998, equation 9; <see cref="Op.RubbishCrossEntropy"/>.</summary>
    /// <param name="J">The rubbish class's distance, j &gt; 0.</param>
    public sealed record Rubbish(double J) : Loss;

    /// <summary>The loss in words.</summary>
    public string Text => this switch
    {
        CrossEntropy => "cross-entropy of the softmax",
        RightDistance => "squared distance to the right class's target (equation 8)",
        Rubbish rubbish => FormattableString.Invariant($"squared distance to the right class's target, discriminative with j = {rubbish.J} (equation 9)"),
        _ => throw Unknown(),
    };

    /// <summary>The loss whose second derivatives set the rates of <see cref="OptimizerSettings.LevenbergMarquardt"/>: for equation 9 they are those of equation 8.</summary>
    /// <remarks>
    /// With p the probability of the right class, the term of equation 9 that is always there, ∂²y/∂x² = 2, comes times 1 − p, and the others times p (1 − p): all vanish for a pattern
    /// that is learned, ε = η / (μ + h) grows towards η / μ, and the next pattern that is not learned makes a step far too long. Equation 8 keeps the 2.
    /// </remarks>
    internal Loss OfCurvature => this is Rubbish ? new RightDistance() : this;

    /// <summary>The loss of one sample that is evaluated, in double: for a softmax the cross-entropy is a kernel of its own.</summary>
    /// <param name="logits">The network's output for it.</param>
    /// <param name="label">Its class.</param>
    internal double OfSample(float[] logits, byte label) => this switch
    {
        RightDistance => -logits[label],
        Rubbish rubbish => Math.Max(-rubbish.J, logits.Max()) is var largest
            ? largest - logits[label] + ExactMath.Log(logits.Aggregate(ExactMath.Exp(-rubbish.J - largest), (sum, logit) => sum + ExactMath.Exp(logit - largest)))
            : 0,
        _ => throw Unknown(),
    };

    /// <summary>
    /// What a network's outputs for one sample say of each class: their softmax, in double. For distances it is the softmax of −distance, the probabilities of which
    /// equation 9 takes the logarithm; with a rubbish class they do not add up to 1, the rest is the probability that it is none of the classes.
    /// </summary>
    /// <param name="logits">The network's output for it.</param>
    internal EquatableArray<double> Probabilities(IReadOnlyCollection<float> logits)
    {
        var none = this is Rubbish rubbish ? -rubbish.J : double.NegativeInfinity;
        var largest = Math.Max(none, logits.Max());
        var powers = logits.Select(logit => ExactMath.Exp(logit - largest)).ToArray();
        var sum = powers.Aggregate(double.IsFinite(none) ? ExactMath.Exp(none - largest) : 0, (total, power) => total + power);
        return powers.Select(power => power / sum).ToEquatableArray();
    }

    /// <summary>The loss of a batch.</summary>
    /// <param name="logits">The network's output, <c>[N, K]</c>.</param>
    /// <param name="labels">The right class of each sample.</param>
    /// <param name="reduction">Mean or sum over the batch.</param>
    public Node Of(Node logits, ReadOnlyMemory<byte> labels, Reduction reduction) => this switch
    {
        CrossEntropy => Op.SoftmaxCrossEntropy(logits, labels, reduction),
        RightDistance => Op.NegativeLogLikelihood(logits, labels, reduction),
        Rubbish rubbish => Op.RubbishCrossEntropy(logits, labels, rubbish.J, reduction),
        _ => throw Unknown(),
    };

    private InvalidOperationException Unknown() => new($"{GetType().Name} is not one of the closed set of losses.");
}
