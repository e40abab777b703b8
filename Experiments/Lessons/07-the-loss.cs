#:project ../Experiments.csproj

// Lesson 7: the loss.                                dotnet run Experiments/Lessons/07-the-loss.cs
//
// A network answers with ten scores ("logits"), one a digit. To learn, we need one number that says how bad an answer is, that
// becomes smaller when the answer becomes better, and that has a derivative. Counting mistakes has none: a weight that changes by
// a little changes no count. So the scores become probabilities, and the loss is the surprise at the truth.

using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Random;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Data;
using FunctionalLeNet.Experiments.Training;

// Softmax (Bridle 1990): take e to the power of each score, so that all are positive, and divide by their sum, so that they add up to 1.
//
//     p_k = exp(x_k) / Σ_j exp(x_j)
//
double[] scores = [1.0, 3.0, 0.5, 2.0];
var p = Softmax(scores);
Console.WriteLine("score  probability  -log p: the loss, if this were the truth");
foreach (var (score, probability) in scores.Zip(p))
    Console.WriteLine($"{score,5:F1} {probability,12:P1}  {-Math.Log(probability),6:F3}  {new string('#', (int)(20 * probability))}");

// The loss of one sample is −log of the probability of its true class: 0 for certainty, log 10 for a shrug among ten classes,
// without bound for certainty in the wrong one. The loss of a batch is the mean (or the sum) of its samples' losses.
Console.WriteLine($"\nWho knows nothing about ten digits loses log 10 = {Math.Log(10):F4} a sample.");
using var workspace = new Workspace();
var digits = Digits.Load().Test;
var network = LeNet5.Digits.Network;
var (parameters, _) = Parameters.Initialise(network, TorchGenerator.Seed(0));
var evaluation = Evaluate.Of(network, parameters, Train.Prepare(LeNet5.Digits, digits), workspace);
Console.WriteLine($"LeNet-5 before any training loses {evaluation.Loss:F4}, and reads {100 * evaluation.Accuracy:F1} % right.");

// The derivative is simple enough to remember, and that is why this pair of functions is used everywhere:
//
//     dL/dx_k = p_k − (1 if k is the true class, else 0)
//
// Each wrong score is pushed down by its probability; the true one is pushed up by what it lacks. They add up to 0.
Console.WriteLine("\nThe derivatives if class 1 is the truth, by the formula, by a small change (lesson 5), and by the library:");
var library = Gradient.Of(
    parameters => Op.SoftmaxCrossEntropy(parameters.AsLeaf(), new byte[] { 1 }, Reduction.Mean),
    Tree.Leaf(Tensor.Batch([1, 4], [.. scores.Select(score => (float)score)])),
    workspace).Gradients.AsLeaf().ToArray();
for (var k = 0; k < 4; k++)
{
    var (up, down) = (Changed(k, 1e-5), Changed(k, -1e-5));
    Console.WriteLine($"  x[{k}]: {p[k] - (k == 1 ? 1 : 0),8:F5} {(up - down) / 2e-5,8:F5} {library[k],8:F5}");
}

// A trap. exp(1000) is more than any double, so the formula as it stands gives infinity divided by infinity, which is no number.
// The probabilities do not change when all scores change by the same amount, so take the largest away first: then the largest
// power is e⁰ = 1, and nothing overflows. The library does; so does every good one.
double[] large = [1000, 1001, 998, 1000.5];
Console.WriteLine($"\nScores near 1000, as the formula stands: {Text(large.Select(x => Math.Exp(x) / large.Sum(Math.Exp)))}");
Console.WriteLine($"with the largest taken away first:      {Text(Softmax([.. large.Select(x => x - large.Max())]))}");
var safe = Gradient.Of(
    parameters => Op.SoftmaxCrossEntropy(parameters.AsLeaf(), new byte[] { 1 }, Reduction.Mean),
    Tree.Leaf(Tensor.Batch([1, 4], [.. large.Select(score => (float)score)])),
    workspace).Loss;
Console.WriteLine($"The library's loss for them, if class 1 is the truth: {safe:F4}");

static double[] Softmax(double[] scores) => [.. scores.Select(x => Math.Exp(x) / scores.Sum(Math.Exp))];

double Changed(int k, double h) => -Math.Log(Softmax([.. scores.Select((x, i) => i == k ? x + h : x)])[1]);

static string Text(IEnumerable<double> values) => string.Join("  ", values.Select(value => $"{value:F3}"));
