using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FunctionalLeNet.Core.Numerics;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// The softmax p_k = exp(x_k − m) / s with m = max x and s = Σ exp(x_k − m), and the cross-entropy −log p_label of a sample's true class.
/// </summary>
/// <remarks>
/// To the last bit, for each sample: m is the maximum in order; e_k = exp(x_k − m) in float32; s the plain sum of e_k from left to right;
/// p_k = e_k / s; the loss (float)log((double)s) − (x_label − m). A batch's loss is the sum of its samples' losses in order, in double, for a mean
/// divided by N in double, and rounded once. The gradient is (p_k − 1[k = label]) · (float)(1/N) for a mean, p_k − 1[k = label] for a sum.
/// </remarks>
internal static unsafe class SoftmaxCrossEntropy
{
    /// <summary>A batch's loss, [], and ∂L/∂x, [N, K], from logits x: [N, K] and N labels from 0 to K − 1.</summary>
    /// <exception cref="ArgumentException">The number of labels is not N, or a label is not below K.</exception>
    public static (Tensor Loss, Tensor Gradient) Forward(Workspace workspace, Tensor logits, ReadOnlyMemory<byte> labels, bool mean)
    {
        var (losses, gradient) = Run(workspace, logits, Checked(labels, logits.Shape), mean ? (float)(1.0 / logits.Shape.First) : 1f, gradient: true);
        var total = 0.0;
        for (var n = 0; n < logits.Shape.First; n++)
            total += losses.Block.Address[n];
        var loss = workspace.Parameter(Shape.Scalar);
        *loss.Block.Address = (float)(mean ? total / logits.Shape.First : total);
        GC.KeepAlive(losses);
        return (loss, gradient);
    }

    /// <summary>Each sample's loss, [N], and class probabilities, [N, K].</summary>
    /// <exception cref="ArgumentException">The number of labels is not N, or a label is not below K.</exception>
    public static (Tensor Losses, Tensor Probabilities) Evaluate(Workspace workspace, Tensor logits, ReadOnlyMemory<byte> labels) =>
        Run(workspace, logits, Checked(labels, logits.Shape), 1, gradient: false);

    /// <summary>Class probabilities, [N, K].</summary>
    public static Tensor Probabilities(Workspace workspace, Tensor logits) => Run(workspace, logits, new byte[logits.Shape.First], 1, gradient: false).Values;

    /// <summary>Each sample's class: the first of the largest logits, a NaN counting as larger than any number.</summary>
    public static EquatableArray<int> Predictions(Tensor logits)
    {
        var predictions = Predictions(logits.Block.Address, logits.Shape.First, logits.Shape.Rest.Count, logits.Block.Lanes);
        GC.KeepAlive(logits);
        return predictions;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static EquatableArray<int> Predictions(float* logits, int samples, int classes, int lanes)
    {
        var predictions = new int[samples];
        for (var n = 0; n < samples; n++)
        {
            var x = logits + ((long)(n / lanes) * classes * lanes) + (n % lanes);
            var (best, maximum) = (0, *x);
            for (var k = 1; k < classes; k++)
                if (x[k * lanes] > maximum || (float.IsNaN(x[k * lanes]) && !float.IsNaN(maximum)))
                    (best, maximum) = (k, x[k * lanes]);
            predictions[n] = best;
        }

        return new(ImmutableCollectionsMarshal.AsImmutableArray(predictions));
    }

    /// <summary>The second derivatives p (1 − p) · factor from the derivative d = (p − [k = label]) · factor: with a = |d| / factor they are a (1 − a) · factor.</summary>
    public static Tensor Curvature(Workspace workspace, Tensor gradient, bool mean) =>
        Elementwise.Map(workspace, gradient, gradient, new Bernoulli(mean ? (float)(1.0 / gradient.Shape.First) : 1f));

    /// <summary>The labels, one for each sample and each one of the classes.</summary>
    /// <exception cref="ArgumentException">The number of labels is not N, or a label is not below K.</exception>
    internal static ReadOnlyMemory<byte> Checked(ReadOnlyMemory<byte> labels, Shape logits)
    {
        if (labels.Length != logits.First)
            throw new ArgumentException($"Logits of shape {logits} need {logits.First} labels; there are {labels.Length}.", nameof(labels));
        var classes = logits.Rest.Count;
        foreach (var label in labels.Span)
            if (label >= classes)
                throw new ArgumentException($"Label {label} is not one of {classes} classes, 0 to {classes - 1}.", nameof(labels));
        return labels;
    }

    private readonly struct Bernoulli(float factor) : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b) where T : struct, ILanes<T>
        {
            var size = T.Divide(T.SelectLessOrEqual(a, T.Broadcast(0), T.Subtract(T.Broadcast(0), a), a), T.Broadcast(factor));
            return T.Multiply(T.Multiply(size, T.Subtract(T.Broadcast(1), size)), T.Broadcast(factor));
        }
    }

    private static (Tensor Losses, Tensor Values) Run(Workspace workspace, Tensor logits, ReadOnlyMemory<byte> labels, float factor, bool gradient)
    {
        var (losses, values) = (workspace.Batch(Shape.Of(logits.Shape.First)), workspace.Batch(logits.Shape));
        using var pinned = labels.Pin();
        var job = new SoftmaxJob(
            logits.Block.Address, values.Block.Address, losses.Block.Address, (byte*)pinned.Pointer,
            logits.Shape.First, logits.Shape.Rest.Count, logits.Block.Lanes, factor, gradient);
        var groups = logits.Groups;
        if (groups < 16)
            Jobs.RunHere(groups, logits.Block.Lanes, job);
        else
            Jobs.Run(workspace, groups, logits.Block.Lanes, job);
        GC.KeepAlive(logits);
        return (losses, values);
    }

    // An item is a group of samples, side by side in the lanes.
    private readonly struct SoftmaxJob(
        float* logits, float* values, float* losses, byte* labels, int samples, int classes, int lanes, float factor, bool gradient) : ILaneJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<T>(int item) where T : struct, ILanes<T>
        {
            float* x = logits + ((long)item * classes * lanes), y = values + ((long)item * classes * lanes);
            float* maxima = stackalloc float[Workspace.Lanes], sums = stackalloc float[Workspace.Lanes];
            for (var lane = 0; lane < lanes; lane += T.Count)
            {
                T.Store(Softmax.Shifted<T>(x + lane, y + lane, classes, lanes), maxima + lane);
                T.Store(Softmax.Exponentials<T>(y + lane, y + lane, classes, lanes), sums + lane);
                Softmax.Divide(y + lane, T.Load(sums + lane), classes, lanes);
            }

            var used = Math.Min(lanes, samples - (item * lanes));
            for (var lane = 0; lane < used; lane++)
                losses[(item * lanes) + lane] = Finish(x + lane, y + lane, labels[(item * lanes) + lane], maxima[lane], sums[lane]);
            for (var lane = used; lane < lanes; lane++)
                for (var k = 0; k < classes; k++)
                    y[(k * lanes) + lane] = 0;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private float Finish(float* x, float* y, int label, float maximum, float sum)
        {
            if (gradient)
            {
                y[label * lanes] -= 1;
                for (var k = 0; k < classes; k++)
                    y[k * lanes] *= factor;
            }

            return ExactMath.Log(sum) - (x[label * lanes] - maximum);
        }
    }
}
