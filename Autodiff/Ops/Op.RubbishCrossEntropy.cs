namespace FunctionalLeNet.Autodiff;

public static partial class Op
{
    /// <summary>
    /// The loss of LeCun et al. 1998, equation 9, on logits z = −y: the mean or sum over samples of −z_label + log(e^−j + Σₖ e^zₖ). It is the cross-entropy of a
    /// softmax with one class more, the "rubbish", whose logit is −j; classes that are already further away than j are not pushed further.
    /// </summary>
    /// <remarks>With p = softmax: ∂L/∂zₖ = pₖ − [k = label], ∂²L/∂zₖ² = pₖ (1 − pₖ), each times 1/N for a mean.</remarks>
    /// <param name="logits">One row of scores a sample, <c>[N, K]</c>.</param>
    /// <param name="labels">The right class of each sample, from 0 to K − 1.</param>
    /// <param name="j">The rubbish class's distance, positive.</param>
    /// <param name="reduction">Mean or sum.</param>
    /// <returns>A single number.</returns>
    public static Node RubbishCrossEntropy(Node logits, ReadOnlyMemory<byte> labels, double j, Reduction reduction)
    {
        Require("rubbish cross-entropy", "logits", logits, [labels.Length, logits.Shape.Rest.Count]);
        var (loss, first, second) = Core.Kernels.RubbishCrossEntropy.Forward(logits.Workspace, logits.Held, labels, j, reduction == Reduction.Mean);
        return Node.Of(
            "rubbish cross-entropy", loss, [logits], (dy, give) => give(logits, Times(logits, first, dy)), (dy, _, give) => give(logits, Times(logits, second, dy)));
    }
}
