using CsCheck;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Tests.Kernels;

public class LossesTests
{
    private static readonly Gen<(int Samples, int Features, float[] X, float[] T, bool Mean)> Cases =
        from samples in KernelCases.Samples
        from features in Gen.Int[1, 20]
        from x in KernelCases.Numbers(samples * features)
        from target in KernelCases.Numbers(samples * features)
        from mean in Gen.Bool
        select (samples, features, x, target, mean);

    [Fact]
    public void The_squared_error_is_its_formula_to_the_last_bit() => Cases.Sample(c =>
    {
        using var workspace = new Workspace();
        var shape = Shape.Of(c.Samples, c.Features);
        var (loss, gradient) = Losses.SquaredError(workspace, KernelCases.Grouped(workspace, shape, c.X), KernelCases.Grouped(workspace, shape, c.T), c.Mean);
        float[] differences = [.. c.X.Zip(c.T, (x, t) => x - t)];
        var total = differences.Aggregate(0.0, (sum, difference) => sum + (difference * difference));
        KernelCases.Same([(float)(c.Mean ? total / c.X.Length : total)], loss.ToArray());
        KernelCases.Same([.. differences.Select(difference => difference * (float)(c.Mean ? 2.0 / c.X.Length : 2))], gradient.ToArray());
    });

    [Fact]
    public void The_negative_log_likelihood_is_its_formula_to_the_last_bit() => Cases.Sample(c =>
    {
        using var workspace = new Workspace();
        byte[] labels = [.. Enumerable.Range(0, c.Samples).Select(n => (byte)(n % c.Features))];
        var (loss, gradient) = Losses.NegativeLogLikelihood(workspace, KernelCases.Grouped(workspace, Shape.Of(c.Samples, c.Features), c.X), labels, c.Mean);
        var total = labels.Select((label, n) => c.X[(n * c.Features) + label]).Aggregate(0.0, (sum, value) => sum - value);
        KernelCases.Same([(float)(c.Mean ? total / c.Samples : total)], loss.ToArray());
        KernelCases.Same(
            [.. labels.SelectMany(label => Enumerable.Range(0, c.Features).Select(k => k == label ? (float)(c.Mean ? -1.0 / c.Samples : -1) : 0f))],
            gradient.ToArray());
    });

    [Fact]
    public void Labels_that_do_not_fit_are_refused()
    {
        using var workspace = new Workspace();
        Assert.Throws<ArgumentException>(() => Losses.NegativeLogLikelihood(workspace, Tensor.Batch([2, 3], new float[6]), new byte[] { 0, 3 }, mean: true));
    }
}
