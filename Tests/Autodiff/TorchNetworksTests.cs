using System.Security.Cryptography;
using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Optimizers;
using FunctionalLeNet.Core.Random;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Tests.Reference;

namespace FunctionalLeNet.Tests.Autodiff;

/// <summary>The tutorial's networks on PyTorch's own weights, against what <c>Reference/networks.py</c> printed.</summary>
public class TorchNetworksTests
{
    private static readonly ReferenceFile Networks = ReferenceFile.Networks();

    [Theory]
    [InlineData("folk")]
    [InlineData("official")]
    [InlineData("classic-sigmoid")]
    [InlineData("classic-tanh")]
    [InlineData("tensorflow")]
    public void Initial_weights_are_PyTorchs_bit_for_bit(string name)
    {
        var parameters = Start(Named(name));
        var c = Networks.Case(name);
        Assert.Equal(c.Text("sha256"), Experiments.Training.Hashes.OfParameters(parameters));
        Assert.Equal(
            c.Configuration.GetProperty("parameters").EnumerateObject().Select(p => (p.Name, string.Join(", ", p.Value.EnumerateArray()))),
            parameters.Leaves.Select(leaf => (leaf.Path.Replace('/', '.'), string.Join(", ", leaf.Value.Shape))));
        Assert.Equal(
            c.Configuration.GetProperty("sha256_by_parameter").EnumerateObject().Select(p => p.Value.GetString()),
            parameters.Leaves.Select(leaf => Convert.ToHexStringLower(SHA256.HashData(leaf.Value.ToBytes()))));
    }

    [Theory]
    [InlineData("folk")]
    [InlineData("official")]
    [InlineData("classic-sigmoid")]
    [InlineData("classic-tanh")]
    [InlineData("tensorflow")]
    public void Outputs_gradients_and_twenty_steps_are_PyTorchs(string name)
    {
        var (c, experiment) = (Networks.Case(name), Named(name));
        using var workspace = new Workspace(2);
        var parameters = Start(experiment);
        var labels = c.Integers("labels").Select(label => (byte)label).ToArray();
        var images = Padded(c["images"], c.Integer("pad"));
        Close(c["logits"].Values(), Forward.Of(experiment.Network, parameters, images, workspace).ToArray(), 1e-5);

        (float Loss, Tree<Tensor> Gradients) Step(Tree<Tensor> at) => Gradient.Of(
            variables => Op.SoftmaxCrossEntropy(Forward.Apply(experiment.Network, variables, variables.Constant(images), new Mode.Evaluation()), labels, experiment.Reduction), at, workspace);
        foreach (var (path, gradient) in Step(parameters).Gradients.Leaves)
        {
            var parameter = path.Replace('/', '.');
            var every = c.Configuration.GetProperty("every").GetProperty(parameter).GetInt32();
            Close(c[$"gradient/{parameter}"].Values(), [.. gradient.ToArray().Where((_, index) => index % every == 0)], 1e-5);
        }

        var optimizer = Optimizer.Of(experiment.Optimizer);
        var state = optimizer.Start(parameters);
        var losses = new List<float>();
        for (var step = 0; step < 20; step++)
        {
            var (loss, gradients) = Step(parameters);
            losses.Add(loss);
            (parameters, state) = optimizer.Step(workspace, parameters, state, gradients);
        }

        Close(c["losses"].Values(), [.. losses], 1e-4);
        Close(c["logits_after"].Values(), Forward.Of(experiment.Network, parameters, images, workspace).ToArray(), 1e-4);
    }

    // PyTorch has no truncated normal that draws again, so its tensorflow network begins from PyTorch's default.
    private static Tree<Tensor> Start(Experiment experiment) => Parameters.Initialise(
        experiment.Network, experiment.Name == "tensorflow" ? Initialisation.Torch : experiment.Initialisation, TorchGenerator.Seed(0)).Parameters;

    private static Experiment Named(string name) => AllExperiments.InOrder.Single(experiment => experiment.Name == name);

    private static Tensor Padded(ReferenceTensor images, int pad)
    {
        var (samples, side) = (images.Shape[0], images.Shape[2]);
        var (values, padded) = (images.Values(), new float[samples * (side + (2 * pad)) * (side + (2 * pad))]);
        for (var row = 0; row < samples * side; row++)
            values.AsSpan(row * side, side).CopyTo(padded.AsSpan(((((row / side) * (side + (2 * pad))) + (row % side) + pad) * (side + (2 * pad))) + pad));
        return Tensor.Batch([samples, 1, side + (2 * pad), side + (2 * pad)], padded);
    }

    private static void Close(float[] expected, float[] found, double tolerance)
    {
        Assert.Equal(expected.Length, found.Length);
        var scale = expected.Max(Math.Abs);
        Assert.All(expected.Zip(found), pair => Assert.InRange(Math.Abs((double)pair.First - pair.Second), 0, tolerance * scale));
    }
}
