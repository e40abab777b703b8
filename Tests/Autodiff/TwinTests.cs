using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Data;
using FunctionalLeNet.Experiments.Training;
using Products = FunctionalLeNet.Core.Kernels.Numerics;

namespace FunctionalLeNet.Tests.Autodiff;

/// <summary>Explicit patches and MathNet's product say the same as the exact kernels, up to rounding.</summary>
public class TwinTests
{
    [Theory]
    [InlineData("folk")]
    [InlineData("official")]
    [InlineData("repdl")]
    [InlineData("digits")]
    [InlineData("classic-sigmoid")]
    [InlineData("classic-tanh")]
    public void MathNets_products_train_every_network_to_nearly_the_same_losses(string name)
    {
        var experiment = AllExperiments.InOrder.Single(e => e.Name == name) with { Batch = 17, Shifts = 0 };
        var data = Train.Prepare(experiment, Digits.Load().Train);
        var (exact, twin) = (Steps(Products.Exact), Steps(Products.MathNet));
        Assert.All(exact.Zip(twin), pair => Assert.InRange(Math.Abs(pair.First.Loss - pair.Second.Loss) / pair.First.Loss, 0, 1e-4));
        Assert.NotEqual(exact[^1].Weights, twin[^1].Weights);

        List<(float Loss, string Weights)> Steps(Products numerics)
        {
            using var workspace = new Workspace(2, numerics);
            var steps = Train.Unfold(experiment, data, Train.Start(experiment, 0), workspace).Take(8);
            return [.. steps.Select(step => (step.Loss, Hashes.OfParameters(step.State().Parameters)))];
        }
    }

    [Fact]
    public void A_build_without_MKL_says_how_to_get_it()
    {
        var error = Assert.Throws<NumericsException>(() => new Workspace(1, Products.Mkl));
        Assert.Contains("-p:UseMkl=true", error.Message, StringComparison.Ordinal);
    }
}
