#:project ../Experiments.csproj

// Lesson 5: a derivative and its check.              dotnet run Experiments/Lessons/05-a-derivative-and-its-check.cs
//
// To learn is to make an error smaller by changing weights. The derivative of the error by a weight says which way, and how steep:
// if it is +3, then a weight larger by 0.01 makes the error larger by about 0.03, so the weight should become smaller.
// All derivatives of one number by many weights together are called its gradient.

using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Data;

// One weight, one input x = 2, and the wish that w · x be 10. The error is the square of what is missing.
//
//     L(w) = (w · x − 10)²          and by the chain rule          dL/dw = 2 (w · x − 10) · x
//
static double Loss(double w) => ((w * 2) - 10) * ((w * 2) - 10);
static double Derivative(double w) => 2 * ((w * 2) - 10) * 2;

Console.WriteLine("  w     L(w)   dL/dw");
foreach (var w in new[] { 3.0, 4, 5, 6, 7 })
    Console.WriteLine($"{w,3}  {Loss(w),7:F1} {Derivative(w),7:F1}{(Derivative(w) == 0 ? "   <- the lowest point: nothing to gain either way" : "")}");

// Rules are easy to get wrong, and a wrong derivative still learns a little, which hides it. So each derivative is checked
// against what it means: change the weight by a little, look how much the error changes. Both sides, for a better estimate:
//
//     dL/dw ≈ (L(w + h) − L(w − h)) / 2h
//
// How little is a little? Take f(w) = w³ at w = 1, whose derivative is 3.
Console.WriteLine("\nThe estimate for w*w*w at 1, and how wrong it is:");
foreach (var h in new[] { 1e-1, 1e-3, 1e-5, 1e-7, 1e-9, 1e-11, 1e-13 })
{
    var estimate = (((1 + h) * (1 + h) * (1 + h)) - ((1 - h) * (1 - h) * (1 - h))) / (2 * h);
    Console.WriteLine($"  h = {h,-5:0e+0}  {estimate:F10}  wrong by {Math.Abs(estimate - 3):0e+0}");
}

Console.WriteLine("Too large a step, and the curve bends away; too small, and all digits of the difference cancel. In between it is good.");

// Now many weights: lesson 1's linear layer, 784 pixels to 10 scores, on 8 digits. `Gradient.Of` takes a function from parameters
// to a single number and returns that number with all 7,850 derivatives. How it does this is lesson 6; here we check that it is right.
var batch = Digits.Load().Train.Divide(255).Flat(8);
var start = Tree.Branch(
    ("weight", Tree.Leaf(Tensor.Parameter([10, 784], [.. Enumerable.Range(0, 7840).Select(i => ((i * 37 % 101) - 50) / 1000f)]))),
    ("bias", Tree.Leaf(Tensor.Zeros([10]))));
var labels = Digits.Load().Train.Labels[..8];
using var workspace = new Workspace();

var (loss, gradients) = Gradient.Of(Error, start, workspace);
Console.WriteLine($"\nA linear layer on 8 digits: the error is {loss:F4}, and there are {gradients.Leaves.Sum(leaf => leaf.Value.Count):N0} derivatives.");
Console.WriteLine("\n  weight of        derivative   estimate");
foreach (var (digit, pixel) in new[] { (0, 400), (3, 300), (5, 350), (9, 320) })
{
    // Numbers have 7 digits here (float32), so a little is rather much.
    const float h = 0.03f;
    var estimate = (At(digit, pixel, +h) - At(digit, pixel, -h)) / (2 * h);
    Console.WriteLine($"  digit {digit}, pixel {pixel}  {gradients["weight"].AsLeaf()[digit, pixel],10:F4} {estimate,10:F4}");
}

Console.WriteLine("\nThis project checks every operation so, in double precision, and whole networks of random shape (Tests/Autodiff).");

Node Error(Tree<Node> parameters) =>
    Op.SoftmaxCrossEntropy(Op.Linear(parameters.Constant(batch), parameters["weight"].AsLeaf(), parameters["bias"].AsLeaf()), labels, Reduction.Mean);

// The error with one weight changed.
float At(int digit, int pixel, float change)
{
    var changed = start["weight"].AsLeaf().ToArray();
    changed[(digit * 784) + pixel] += change;
    return Gradient.Of(Error, Tree.Branch(("weight", Tree.Leaf(Tensor.Parameter([10, 784], changed))), ("bias", start["bias"])), workspace).Loss;
}

static class Pipeline
{
    /// <summary>The first samples as a matrix: a row of 784 pixels each.</summary>
    public static Tensor Flat(this Samples samples, int count) => samples.Batch(count).First().ToTensor().Reshape([count, 784]);
}
