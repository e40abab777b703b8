namespace FunctionalLeNet.Autodiff;

/// <summary>How the losses of a batch become one number.</summary>
public enum Reduction
{
    /// <summary>Their mean over the batch.</summary>
    Mean,

    /// <summary>Their sum.</summary>
    Sum,
}

public static partial class Op
{
    /// <summary>
    /// Softmax cross-entropy (Bridle 1990): the mean or sum over samples of log Σₖ exp(xₖ) − x_label, computed with the largest logit taken away.
    /// PyTorch's <c>CrossEntropyLoss</c>.
    /// </summary>
    /// <remarks>∂L/∂xₖ = (softmax(x)ₖ − [k = label]) · (1/N for the mean, 1 for the sum) · ∂L/∂y; ∂²L/∂xₖ² = pₖ (1 − pₖ) · the same factor.</remarks>
    /// <param name="logits">One row of scores a sample, <c>[N, K]</c>.</param>
    /// <param name="labels">The right class of each sample, from 0 to K − 1.</param>
    /// <param name="reduction">Mean or sum.</param>
    /// <returns>A single number.</returns>
    public static Node SoftmaxCrossEntropy(Node logits, ReadOnlyMemory<byte> labels, Reduction reduction)
    {
        Require("softmax cross-entropy", "logits", logits, [labels.Length, logits.Shape.Rest.Count]);
        var workspace = logits.Workspace;
        var (loss, gradient) = Core.Kernels.SoftmaxCrossEntropy.Forward(workspace, logits.Held, labels, reduction == Reduction.Mean);
        return Node.Of("softmax cross-entropy", loss, [logits], (dy, give) =>
            give(logits, Times(logits, gradient, dy)), (dy, _, give) =>
            give(logits, Times(logits, Core.Kernels.SoftmaxCrossEntropy.Curvature(workspace, gradient, reduction == Reduction.Mean), dy)));
    }
}
