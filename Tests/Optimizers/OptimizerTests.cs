using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Optimizers;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Tests.Optimizers;

/// <summary>What optimizers remember, under which names: checkpoints hold it, and other programs read them.</summary>
public class OptimizerTests
{
    private static readonly Tree<Tensor> Start = Tree.Branch(("w", Tree.Leaf(Tensor.Parameter([2], [1, 2]))));

    private static readonly Tree<Tensor> Gradient = Tree.Branch(("w", Tree.Leaf(Tensor.Parameter([2], [3, -4]))));

    public static TheoryData<OptimizerSettings, string> Moments => new()
    {
        { new OptimizerSettings.Sgd(0.1), "" },
        { new OptimizerSettings.Sgd(0.1, Momentum: 0.9), "velocity" },
        { new OptimizerSettings.Adam(), "first_moment second_moment" },
        { new OptimizerSettings.TensorFlowAdam(), "first_moment second_moment" },
        { new OptimizerSettings.AdamW(), "first_moment second_moment" },
        { new OptimizerSettings.LevenbergMarquardt(0.1), "curvature" },
        { new OptimizerSettings.RmsProp(), "mean_square" },
        { new OptimizerSettings.RmsProp(Centered: true), "mean_square mean" },
        { new OptimizerSettings.RmsProp(Momentum: 0.9), "mean_square velocity" },
        { new OptimizerSettings.RmsProp(Momentum: 0.9, Centered: true), "mean_square mean velocity" },
        { new OptimizerSettings.AdaGrad(), "sum_of_squares" },
        { new OptimizerSettings.Clipped(new OptimizerSettings.Sgd(0.1, Momentum: 0.9), 1), "velocity" },
    };

    [Theory]
    [MemberData(nameof(Moments))]
    public void Its_state_is_named_trees_and_the_number_of_steps(OptimizerSettings settings, string names)
    {
        using var workspace = new Workspace();
        var optimizer = Optimizer.Of(settings);
        var state = optimizer.Start(Start);
        Assert.Equal(names, string.Join(' ', state.Moments.Select(moment => moment.Name)));
        Assert.Equal(0, state.Steps);
        var (first, once) = optimizer.Step(workspace, Start, state, Gradient);
        var (_, twice) = optimizer.Step(workspace, first, once, Gradient);
        Assert.Equal(names, string.Join(' ', twice.Moments.Select(moment => moment.Name)));
        Assert.Equal((1, 2), (once.Steps, twice.Steps));
    }

    [Fact]
    public void Sums_begin_at_zero_or_where_they_are_told_to()
    {
        var state = Optimizer.Of(new OptimizerSettings.AdaGrad(InitialAccumulator: 0.5)).Start(Start);
        Assert.Equal([0.5f, 0.5f], state.Moments[0].Values["w"].AsLeaf().ToArray());
        Assert.Equal([0, 0], Optimizer.Of(new OptimizerSettings.RmsProp()).Start(Start).Moments[0].Values["w"].AsLeaf().ToArray());
    }

    [Fact]
    public void Second_derivatives_are_renewed_under_their_name()
    {
        using var workspace = new Workspace();
        var optimizer = Optimizer.Of(new OptimizerSettings.LevenbergMarquardt(0.1, Mu: 0.5));
        var state = LevenbergMarquardt.Renewed(optimizer.Start(Start), Tree.Branch(("w", Tree.Leaf(Tensor.Parameter([2], [0, 1.5f])))));
        Assert.Equal("curvature", Assert.Single(state.Moments).Name);
        // 1 − 0.1/0.5 · 3 and 2 + 0.1/2 · 4.
        var (next, _) = optimizer.Step(workspace, Start, state, Gradient);
        Assert.All(next["w"].AsLeaf().ToArray().Zip([0.4f, 2.2f]), pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
    }

    // ‖(3, −4)‖ = 5.
    [Theory]
    [InlineData(2.5, 0.5)]
    [InlineData(50, 1)]
    public void Long_gradients_are_scaled_down_to_the_norm_and_short_ones_kept(double norm, double factor)
    {
        using var workspace = new Workspace();
        var (next, _) = Optimizer.Of(new OptimizerSettings.Clipped(new OptimizerSettings.Sgd(1), norm)) is var optimizer
            ? optimizer.Step(workspace, Start, optimizer.Start(Start), Gradient)
            : default;
        Assert.All(next["w"].AsLeaf().ToArray().Zip([1 - (3 * factor), 2 + (4 * factor)]), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
    }

    // Of a norm of 1e-6 the 10⁻⁶ in the formula leaves half.
    [Fact]
    public void A_norm_of_a_millionth_is_scaled_by_half()
    {
        using var workspace = new Workspace();
        var optimizer = Optimizer.Of(new OptimizerSettings.Clipped(new OptimizerSettings.Sgd(1), 1e-6));
        var zero = Tree.Leaf(Tensor.Zeros([1]));
        var (next, _) = optimizer.Step(workspace, zero, optimizer.Start(zero), Tree.Leaf(Tensor.Parameter([1], [1e-6f])));
        Assert.Equal(-0.5e-6f, next.AsLeaf().ToScalar(), 1e-9f);
    }

    [Fact]
    public void Every_setting_has_a_rate_that_can_be_changed() => Assert.All(Moments, row =>
    {
        var settings = (OptimizerSettings)((object[])row)[0];
        Assert.Equal(0.25, settings.At(0.25).Rate);
        Assert.Equal(settings, settings.At(0.25).At(settings.Rate));
    });
}
