using CsCheck;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Numerics;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Tests.Kernels;

public class SoftmaxCrossEntropyTests
{
    private static readonly Gen<(int Samples, int Classes, float[] X, byte[] Labels, bool Mean, int Threads)> Cases =
        from samples in KernelCases.Samples
        from classes in Gen.Int[1, 20]
        from x in Gen.OneOf(Gen.Float[-10, 10], KernelCases.Any).Array[samples * classes]
        from labels in Gen.Int[0, classes - 1].Select(label => (byte)label).Array[samples]
        from mean in Gen.Bool
        from threads in KernelCases.Threads
        select (samples, classes, x, labels, mean, threads);

    [Fact]
    public void The_loss_and_its_gradient_are_their_formulas_to_the_last_bit() => Cases.Sample(
        c =>
        {
            using var workspace = new Workspace(c.Threads);
            var logits = KernelCases.Grouped(workspace, Shape.Of(c.Samples, c.Classes), c.X);
            var naive = Enumerable.Range(0, c.Samples).Select(n => Sample(c.X.AsSpan(n * c.Classes, c.Classes), c.Labels[n])).ToArray();

            var (losses, probabilities) = SoftmaxCrossEntropy.Evaluate(workspace, logits, c.Labels);
            KernelCases.Same([.. naive.Select(sample => sample.Loss)], losses.ToArray());
            KernelCases.Same([.. naive.SelectMany(sample => sample.Probabilities)], probabilities.ToArray());
            KernelCases.Same(probabilities.ToArray(), SoftmaxCrossEntropy.Probabilities(workspace, logits).ToArray());

            var (loss, gradient) = SoftmaxCrossEntropy.Forward(workspace, logits, c.Labels, c.Mean);
            var total = naive.Aggregate(0.0, (sum, sample) => sum + sample.Loss);
            KernelCases.Same([(float)(c.Mean ? total / c.Samples : total)], loss.ToArray());
            var factor = c.Mean ? (float)(1.0 / c.Samples) : 1f;
            KernelCases.Same(
                [.. naive.SelectMany((sample, n) => sample.Probabilities.Select((p, k) => (p - (k == c.Labels[n] ? 1f : 0f)) * factor))],
                gradient.ToArray());
        },
        iter: 100);

    [Fact]
    public void The_gradient_is_the_derivative_of_the_loss()
    {
        const int Samples = 3, Classes = 4;
        var labels = new byte[] { 0, 3, 2 };
        Gen.Float[-3, 3].Array[Samples * Classes].Sample(
            x =>
            {
                using var workspace = new Workspace();
                var (_, gradient) = SoftmaxCrossEntropy.Forward(workspace, KernelCases.Grouped(workspace, Shape.Of(Samples, Classes), x), labels, mean: true);
                double Loss(double[] logits) => Enumerable.Range(0, Samples)
                    .Average(n => Math.Log(Enumerable.Range(0, Classes).Sum(k => Math.Exp(logits[(n * Classes) + k]))) - logits[(n * Classes) + labels[n]]);
                Differences.Close(Differences.Gradient(Loss, [.. x.Select(value => (double)value)]), gradient.ToArray());
            },
            iter: 20);
    }

    [Fact]
    public void A_prediction_is_the_first_of_the_largest_logits()
    {
        using var workspace = new Workspace();
        var logits = KernelCases.Grouped(workspace, Shape.Of(4, 3), [1, 2, 2, 5, 4, 3, 0, float.NaN, float.PositiveInfinity, -3, -2, -1]);
        Assert.Equal([1, 0, 1, 2], SoftmaxCrossEntropy.Predictions(logits));
    }

    [Fact]
    public void Labels_that_do_not_fit_the_logits_are_refused()
    {
        using var workspace = new Workspace();
        var logits = KernelCases.Grouped(workspace, Shape.Of(2, 3), new float[6]);
        Assert.Throws<ArgumentException>(() => SoftmaxCrossEntropy.Forward(workspace, logits, new byte[] { 0, 3 }, mean: true));
        Assert.Throws<ArgumentException>(() => SoftmaxCrossEntropy.Forward(workspace, logits, new byte[] { 0 }, mean: true));
    }

    private static (float Loss, float[] Probabilities) Sample(ReadOnlySpan<float> x, int label)
    {
        var maximum = float.NegativeInfinity;
        foreach (var value in x)
            maximum = value > maximum ? value : maximum;
        var (exponentials, sum) = (new float[x.Length], 0f);
        for (var k = 0; k < x.Length; k++)
            sum += exponentials[k] = ExactMath.Exp(x[k] - maximum);
        return ((float)ExactMath.Log((double)sum) - (x[label] - maximum), [.. exponentials.Select(e => e / sum)]);
    }
}
