#:project ../Experiments.csproj

// Lesson 11: why floating point depends on order.    dotnet run Experiments/Lessons/11-the-order-of-a-sum.cs
//
// The same program, the same data, the same seed, and yet another accuracy on another computer: everybody who trains networks knows it.
// The reason is small and everywhere. A float32 has 24 binary digits, so after every addition the result is rounded, and then
// (a + b) + c need not be a + (b + c). Whoever changes the order of a sum, for speed, changes its last digits. This project never does.

using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Random;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Data;
using FunctionalLeNet.Experiments.Training;

var (a, b, c) = (16_777_216f, 1f, 1f);                          // 2²⁴: the first whole number whose successor is no float32
Console.WriteLine($"({a} + {b}) + {c} = {(a + b) + c}");
Console.WriteLine($"{a} + ({b} + {c}) = {a + (b + c)}");

// One sum of a thousand products, as a convolution has many, in the orders in which fast programs compute it.
var key = Key.Seed(11);
var (x, w) = (key.Child("x").Uniform(1_000), key.Child("w").Uniform(1_000).Select(value => value - 0.5f).ToArray());
Console.WriteLine("\nOne sum of 1,000 products, and its bits:");
Show("from left to right", Sum(Enumerable.Range(0, 1_000)));
Show("from right to left", Sum(Enumerable.Range(0, 1_000).Reverse()));
Show("in 8 lanes, as AVX does", Lanes(8));
Show("in 16 lanes, as AVX-512 does", Lanes(16));
Show("halves on two threads", Sum(Enumerable.Range(0, 500)) + Sum(Enumerable.Range(500, 500)));
Show("pairwise, as NumPy does", Pairwise(0, 1_000));
Show("left to right, fused", Enumerable.Range(0, 1_000).Aggregate(0f, (sum, k) => MathF.FusedMultiplyAdd(x[k], w[k], sum)));
Show("exactly, then rounded once", (float)Enumerable.Range(0, 1_000).Sum(k => (double)x[k] * w[k]));

// None is wrong; they differ in the last digits. But a step of training multiplies such differences, max-pooling and ReLU turn a last
// digit into another choice, and after some epochs two runs agree in nothing but their quality. Watch one last bit grow: two trainings
// of LeNet-5 that begin alike but for the last bit of a single one of 61,706 weights.
var experiment = LeNet5.Digits with { Shifts = 0, Batch = 32 };
var samples = Train.PrepareTraining(experiment, Digits.Load().Train);
var start = Train.Start(experiment, seed: 0);
var touched = start with { Parameters = LastBit(start.Parameters) };
using var workspace = new Workspace();
Console.WriteLine("\nsteps   weights that differ   largest difference");
foreach (var step in new[] { 1, 5, 20, 60 })
{
    var one = After(step, start, workspace);
    var other = After(step, touched, workspace);
    var differences = one.Leaves.Zip(other.Leaves, (p, q) => p.Value.ToArray().Zip(q.Value.ToArray(), (u, v) => MathF.Abs(u - v))).SelectMany(d => d).ToList();
    Console.WriteLine($"{step,5} {differences.Count(d => d != 0),15:N0} of 61,706 {differences.Max(),15:0.0e+0}");
}

// What this project does instead. A value is defined by the plain loop: one chain of fused multiply-adds, from 0, in the written order.
// Threads and lanes are given different *outputs*, each of which is a whole chain; a sum is never cut into partial sums. There are
// thousands of outputs and only sixteen lanes, so nothing is lost: this is as fast as sums that are cut (docs/numerics.md has the rules).
Console.WriteLine("\nTwenty steps on other numbers of threads, the weights' hash:");
foreach (var threads in new[] { 1, 2, 3 })
{
    using var other = new Workspace(threads);
    Console.WriteLine($"  {threads} thread{(threads == 1 ? " " : "s")}  {Hashes.OfParameters(After(20, start, other))[..32]}…");
}

Console.WriteLine("The snapshot test of this lesson holds this hash on every machine that runs it.");

Tree<Tensor> After(int steps, TrainingState from, Workspace on) =>
    Train.Unfold(experiment, samples, from, on).ElementAt(steps - 1).State().Parameters;

float Sum(IEnumerable<int> order) => order.Aggregate(0f, (sum, k) => sum + (x[k] * w[k]));

float Lanes(int count) => Enumerable.Range(0, count).Select(lane => Sum(Enumerable.Range(0, 1_000).Where(k => k % count == lane))).Aggregate(0f, (sum, lane) => sum + lane);

float Pairwise(int first, int count) => count <= 8 ? Sum(Enumerable.Range(first, count)) : Pairwise(first, count / 2) + Pairwise(first + (count / 2), count - (count / 2));

static void Show(string order, float sum) => Console.WriteLine($"  {order,-30} {sum,11:F6}   {BitConverter.SingleToUInt32Bits(sum):x8}");

static Tree<Tensor> LastBit(Tree<Tensor> parameters)
{
    var isFirst = true;
    return parameters.Map(tensor =>
    {
        var values = tensor.ToArray();
        values[0] = isFirst ? MathF.BitIncrement(values[0]) : values[0];
        isFirst = false;
        return Tensor.Parameter(tensor.Shape, values);
    });
}
