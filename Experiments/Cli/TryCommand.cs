using System.Globalization;
using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Random;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Reports;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary>A parameter in <c>show --try --json</c>, with the norm of its gradient.</summary>
internal sealed record TriedParameter(string Name, IReadOnlyList<int> Size, double GradientNorm);

/// <summary>The one object of <c>show --try --json</c>.</summary>
internal sealed record Tried(string Experiment, string Module, IReadOnlyList<TriedParameter> Parameters, IReadOnlyList<int> Input, IReadOnlyList<float> Output);

/// <summary>
/// <c>show EXPERIMENT --try</c>: the tutorial's first look at its network. It prints the module and the sizes of its parameters, runs
/// <c>torch.randn(1, 1, 32, 32)</c> through it, and calls <c>backward</c> with <c>torch.randn(1, 10)</c>; here after <c>torch.manual_seed(0)</c>.
/// </summary>
internal static class TryCommand
{
    /// <summary>What the tutorial calls its class.</summary>
    private const string Module = "Lenet";

    public static int Run(Experiment experiment, Session session)
    {
        var (tried, screen) = (Of(experiment), session.Screen);
        screen.Event(tried, CommandJson.Configured.Tried);
        screen.Line(tried.Module);
        screen.Line("");
        screen.Line($"len(params): {tried.Parameters.Count}");
        screen.Line($"params[0].size(): [{string.Join(", ", tried.Parameters[0].Size)}]");
        screen.Line("");
        screen.Line($"net(torch.randn({string.Join(", ", tried.Input)})), from seed 0:");
        foreach (var five in tried.Output.Chunk(5))
            screen.Line($"  {string.Join(" ", five.Select(value => $"{value.ToString("F6", CultureInfo.InvariantCulture),10}"))}");
        screen.Line("");
        screen.Line($"after out.backward(torch.randn(1, {tried.Output.Count})):");
        screen.Table(Tables.Of(
            [("Parameter", false), ("Size", false), ("Norm of its gradient", true)],
            tried.Parameters.Select(parameter => (IReadOnlyList<string>)
                [parameter.Name, $"[{string.Join(", ", parameter.Size)}]", parameter.GradientNorm.ToString("F6", CultureInfo.InvariantCulture)])));
        return ExitCode.Done;
    }

    /// <summary>The demonstration's numbers, in the order of PyTorch's draws: the parameters, the image, the gradient.</summary>
    internal static Tried Of(Experiment experiment)
    {
        var network = experiment.Network;
        var (parameters, random) = Parameters.Initialise(network, experiment.Initialisation, TorchGenerator.Seed(0));
        (var pixels, random) = random.Normal(network.Input.Count);
        var (upstream, _) = random.Normal(Shapes.Output(network).Count);
        using var workspace = new Workspace();
        var inside = workspace.In(workspace.Evaluation);
        var variables = parameters.Map(parameter => Node.Variable(inside, parameter));
        var output = Forward.Apply(network, variables, Node.Constant(inside, Tensor.Batch(network.Input.Prepend(1), pixels)), new Mode.Evaluation());
        var gradients = Gradient.Backward(output, Tensor.Batch(output.Shape, upstream));
        return new(
            experiment.Name,
            TorchText.Of(network, Module),
            [.. variables.Leaves.Select(leaf => new TriedParameter(leaf.Path.Replace('/', '.'), [.. leaf.Value.Shape], Norm(gradients[leaf.Value])))],
            [.. network.Input.Prepend(1)],
            output.Value.ToArray());
    }

    private static double Norm(Tensor tensor) => Math.Sqrt(tensor.ToArray().Sum(value => (double)value * value));
}
