#:project ../Experiments.csproj

// Lesson 8: SGD, momentum, Adam.                     dotnet run Experiments/Lessons/08-sgd-momentum-adam.cs
//
// The gradient says which way the loss rises, so a step goes the other way. How far, and what to remember from earlier steps,
// is what distinguishes the optimizers. Each is two pure functions: what to remember at the start, and a step from (parameters,
// memory, gradient) to (parameters, memory). Nothing is changed in place: what you had before the step you still have after it.

using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Optimizers;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Data;

// Three formulas, for one weight w with the derivative g:
//
//   SGD        w ← w − η g                                  η, "eta", is the learning rate: how long a step is
//   momentum   v ← μ v + g,   w ← w − η v                   a ball that rolls: v is its speed (Polyak 1964)
//   Adam       m ← β₁ m + (1 − β₁) g,  s ← β₂ s + (1 − β₂) g²,  w ← w − η m / (√s + ε)
//              the mean of g over its usual size, so that steep and flat weights take steps of the same length;
//              m and s begin at 0 and are divided by 1 − βᵗ at step t, which makes up for it (Kingma and Ba 2015, algorithm 1)
//
// A valley, flat along x and 25 times as steep along y:  L(x, y) = ½ (x² + 25 y²), with the derivatives x and 25 y.
Console.WriteLine("The way down a valley from (10, 1), where y is 25 times as steep as x:\n");
Console.WriteLine("  step      SGD, 0.07             momentum 0.7, 0.04    Adam, 0.5");
var ways = new[]
{
    Way(0.0, (w, g, v, _) => (w - (0.07 * g), v)),
    Way(0.0, (w, g, v, _) => (w - (0.04 * ((0.7 * v) + g)), (0.7 * v) + g)),
    Way((M: 0.0, S: 0.0), (w, g, memory, t) =>
    {
        var (m, s) = ((0.9 * memory.M) + (0.1 * g), (0.999 * memory.S) + (0.001 * g * g));
        return (w - (0.5 * m / (1 - Power(0.9, t)) / (Math.Sqrt(s / (1 - Power(0.999, t))) + 1e-8)), (m, s));
    }),
};
foreach (var step in new[] { 0, 1, 2, 5, 10, 20, 40, 80 })
    Console.WriteLine($"  {step,4}   " + string.Concat(ways.Select(way => $"{$"({way[step].X:F3}, {way[step].Y:F3})",-22}")).TrimEnd());
Console.WriteLine("\nSGD jumps from wall to wall and creeps along the floor; momentum rolls; Adam goes by the sign, whatever the slope.");

// Now the same on something real: lesson 1's linear layer, W and b beginning at 0, on the digits. 45 steps of 32 digits are one
// pass over the data ("epoch"). The library's optimizers take trees of tensors; the formula is written for one leaf and mapped.
var digits = Digits.Load();
var train = digits.Train.Divide(255).Batch(32).Select(Prepared).ToList();
var test = Prepared(digits.Test.Divide(255).Batch(digits.Test.Count).First());
using var workspace = new Workspace();
Console.WriteLine("\nA linear layer on the digits, the loss after each of four passes, and what it then reads right of the test digits:");
foreach (var (name, settings) in new (string, OptimizerSettings)[]
{
    ("SGD 0.01", new OptimizerSettings.Sgd(0.01)),
    ("SGD 0.1", new OptimizerSettings.Sgd(0.1)),
    ("SGD 0.1, momentum 0.9", new OptimizerSettings.Sgd(0.1, Momentum: 0.9)),
    ("Adam 0.001", new OptimizerSettings.Adam(0.001)),
    ("Adam 0.01", new OptimizerSettings.Adam(0.01)),
})
{
    var optimizer = Optimizer.Of(settings);
    var parameters = Tree.Branch(("weight", Tree.Leaf(Tensor.Zeros([10, 784]))), ("bias", Tree.Leaf(Tensor.Zeros([10]))));
    var memory = optimizer.Start(parameters);
    var line = "";
    for (var epoch = 0; epoch < 4; epoch++)
    {
        var (total, batches) = (0.0, 0);
        foreach (var (images, labels) in train)
        {
            var (loss, gradients) = Gradient.Of(variables => Op.SoftmaxCrossEntropy(Scores(variables, images), labels, Reduction.Mean), parameters, workspace);
            (parameters, memory) = optimizer.Step(workspace, parameters, memory, gradients);
            (total, batches) = (total + loss, batches + 1);
        }

        line += $"  {total / batches:F3}";
    }

    Console.WriteLine($"  {name,-22}{line}   {Accuracy(parameters):F1} %");
}

Console.WriteLine("Averages of lesson 1: 83.3 %. What remains is what one linear layer cannot see; lesson 9 puts lessons 2 to 4 before it.");

// The images as a matrix, and their labels.
static (Tensor Images, byte[] Labels) Prepared(SampleBatch batch) =>
    (batch.ToTensor().Reshape([batch.Count, 784]), [.. batch.Labels.Select(label => (byte)label)]);

static Node Scores(Tree<Node> variables, Tensor images) => Op.Linear(variables.Constant(images), variables["weight"].AsLeaf(), variables["bias"].AsLeaf());

double Accuracy(Tree<Tensor> parameters)
{
    var network = new Network([784], new Layer.Linear(10));
    var scores = Forward.Of(network, parameters, test.Images, workspace).ToArray().Chunk(10);
    return 100.0 * scores.Zip(test.Labels).Count(pair => Array.IndexOf(pair.First, pair.First.Max()) == pair.Second) / test.Labels.Length;
}

// Both coordinates by the same rule, each with its own memory.
static List<(double X, double Y)> Way<M>(M start, Func<double, double, M, int, (double Weight, M Memory)> step)
{
    var (way, forX, forY) = (new List<(double X, double Y)> { (10, 1) }, start, start);
    for (var t = 1; t <= 80; t++)
    {
        var (x, y) = way[^1];
        (x, forX) = step(x, x, forX, t);
        (y, forY) = step(y, 25 * y, forY, t);
        way.Add((x, y));
    }

    return way;
}

static double Power(double x, int n) => Enumerable.Repeat(x, n).Aggregate(1.0, (product, factor) => product * factor);
