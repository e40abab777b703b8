using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Optimizers;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Tests.Reference;

namespace FunctionalLeNet.Tests.Optimizers;

/// <summary>Twenty steps of every optimizer against PyTorch's, which <c>Reference/optimizers.py</c> printed; TensorFlow's Adam against a NumPy twin.</summary>
public class TorchOptimizersTests
{
    private static readonly ReferenceFile Numbers = ReferenceFile.Optimizers();

    public static TheoryData<string> Cases => [.. Numbers.Cases.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Twenty_steps_are_PyTorchs(string name)
    {
        var c = Numbers.Case(name);
        var optimizer = Optimizer.Of(Settings(c));
        using var workspace = new Workspace();
        var parameters = Tree.Branch(("weight", Leaf(Numbers["start/weight"])), ("bias", Leaf(Numbers["start/bias"])));
        var state = optimizer.Start(parameters);
        for (var step = 1; step <= 20; step++)
        {
            var gradients = Tree.Branch(("weight", Leaf(Numbers["gradients/weight"], step - 1)), ("bias", Leaf(Numbers["gradients/bias"], step - 1)));
            (parameters, state) = optimizer.Step(workspace, parameters, state, gradients);
            if (step is not (1 or 2 or 5 or 20))
                continue;
            foreach (var (path, tensor) in parameters.Leaves)
                Assert.All(c[$"step{step}/{path}"].Values().Zip(tensor.ToArray()), pair =>
                    Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 1e-6f * Math.Max(1, Math.Abs(pair.First))));
        }

        Assert.Equal(20, state.Steps);
    }

    [Fact]
    public void A_step_leaves_what_it_was_given_as_it_was()
    {
        var optimizer = Optimizer.Of(new OptimizerSettings.Adam());
        using var workspace = new Workspace();
        var parameters = Tree.Leaf(Tensor.Parameter([2], [1, 2]));
        var state = optimizer.Start(parameters);
        var gradients = Tree.Leaf(Tensor.Parameter([2], [3, -4]));
        var (next, _) = optimizer.Step(workspace, parameters, state, gradients);
        Assert.NotEqual(parameters, next);
        Assert.Equal(Tree.Leaf(Tensor.Parameter([2], [1, 2])), parameters);
        Assert.Equal(optimizer.Start(parameters), state);
        Assert.Equal(Tree.Leaf(Tensor.Parameter([2], [3, -4])), gradients);
    }

    private static OptimizerSettings Settings(ReferenceCase c) =>
        c.Configuration.TryGetProperty("clip", out var norm) ? new OptimizerSettings.Clipped(Inner(c), norm.GetDouble()) : Inner(c);

    private static OptimizerSettings Inner(ReferenceCase c) => c.Text("optimizer") switch
    {
        "SGD" => new OptimizerSettings.Sgd(c.Number("lr"), c.Number("momentum"), c.Number("dampening"), c.Number("weight_decay"), c.Flag("nesterov")),
        "Adam" => new OptimizerSettings.Adam(c.Number("lr"), c.Numbers("betas")[0], c.Numbers("betas")[1], c.Number("eps"), c.Number("weight_decay")),
        "AdamW" => new OptimizerSettings.AdamW(c.Number("lr"), c.Numbers("betas")[0], c.Numbers("betas")[1], c.Number("eps"), c.Number("weight_decay")),
        "RMSprop" => new OptimizerSettings.RmsProp(
            c.Number("lr"), c.Number("alpha"), c.Number("eps"), c.Number("weight_decay"), c.Number("momentum"), c.Flag("centered")),
        "Adagrad" => new OptimizerSettings.AdaGrad(
            c.Number("lr"), c.Number("lr_decay"), c.Number("weight_decay"), c.Number("initial_accumulator_value"), c.Number("eps")),
        "TensorFlowAdam" => new OptimizerSettings.TensorFlowAdam(c.Number("lr"), c.Numbers("betas")[0], c.Numbers("betas")[1], c.Number("eps")),
        var other => throw new NotSupportedException($"No optimizer is called '{other}'."),
    };

    private static Tree<Tensor> Leaf(ReferenceTensor tensor) => Tree.Leaf(Tensor.Parameter([.. tensor.Shape], tensor.Values()));

    private static Tree<Tensor> Leaf(ReferenceTensor steps, int step)
    {
        var shape = Shape.Of([.. steps.Shape.Skip(1)]);
        return Tree.Leaf(Tensor.Parameter(shape, steps.Values()[(step * shape.Count)..((step + 1) * shape.Count)]));
    }
}
