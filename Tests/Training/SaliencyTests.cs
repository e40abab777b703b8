using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Random;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Training;
using FunctionalLeNet.Tests.Autodiff;

namespace FunctionalLeNet.Tests.Training;

public class SaliencyTests
{
    /// <summary>
    /// Against finite differences in double, in a random direction: cross-entropy is log Σ e^z − z of the class, so between two classes it differs as their scores do.
    /// </summary>
    [Theory]
    [InlineData("fast")]
    [InlineData("official")]
    [InlineData("classic-tanh")]
    [InlineData("folk")]
    public void Pixels_that_matter_are_those_that_change_the_score(string name)
    {
        const double step = 1e-6;
        var network = AllExperiments.InOrder.Single(experiment => experiment.Name == name).Network;
        var (parameters, random) = Parameters.Initialise(network, TorchGenerator.Seed(3));
        var (pixels, next) = random.Uniform(network.Input.Count, 0.2, 0.8);
        var direction = next.Uniform(network.Input.Count, -1, 1).Values;
        var image = Tensor.Batch(network.Input.Prepend(1), pixels);
        using var workspace = new Workspace();
        var (one, other) = (Saliency.Of(network, parameters, image, 2, workspace).ToArray(), Saliency.Of(network, parameters, image, 7, workspace).ToArray());
        var doubles = parameters.Map(parameter => parameter.ToArray().Select(value => (double)value).ToArray());
        var expected = (Difference(step) - Difference(-step)) / (2 * step);
        Assert.Equal(expected, Enumerable.Range(0, pixels.Length).Sum(i => ((double)one[i] - other[i]) * direction[i]), Math.Max(1e-5, 1e-4 * Math.Abs(expected)));

        double Difference(double by)
        {
            double[][] moved = [[.. pixels.Zip(direction, (pixel, change) => pixel + (by * change))]];
            return NaiveNetwork.Loss(network, doubles, moved, [7], new FunctionalLeNet.Autodiff.Mode.Evaluation()) - NaiveNetwork.Loss(network, doubles, moved, [2], new FunctionalLeNet.Autodiff.Mode.Evaluation());
        }
    }
}
