#:project ../Experiments.csproj

// Lesson 12: LeNet-5 of 1998.                        dotnet run Experiments/Lessons/12-lenet-5-of-1998.cs
//
// What lessons 2 to 9 built is LeNet as it is taught today. The network of the paper (LeCun, Bottou, Bengio and Haffner, "Gradient-Based
// Learning Applied to Document Recognition", Proc. IEEE 86(11), 1998) has the same sizes and other parts: its pooling learns, its second
// convolution is wired by hand, and its answer is a picture. Why each of them, and what became of it.

using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Data;
using FunctionalLeNet.Experiments.Training;

var experiment = LeNet1998.Experiment;
var network = experiment.Network;
Console.WriteLine("layer     what it is                                 puts out       parameters  connections");
var summary = Summary.Of(network);
foreach (var layer in summary.Layers)
    Console.WriteLine($"{layer.Name,-9} {layer.Text,-42} {layer.Output,-14} {layer.Cost.Parameters,10:N0} {layer.Cost.Connections,12:N0}");
Console.WriteLine($"{"total",-67}{summary.Total.Parameters,10:N0} {summary.Total.Connections,12:N0}");
Console.WriteLine("The paper says: 60,000 trainable parameters, 340,908 connections.");

// 1. Subsampling. A window's four numbers are added, multiplied by a trainable coefficient, and a trainable bias is added: two parameters
// for a whole map. A small coefficient makes it a blur, a large one, with the tanh that follows, a noisy "or" or "and" (section II-B).
// Taking the maximum instead, without parameters, came later and won.
Console.WriteLine($"\nS2 learns {Parameters.Specification(network)["s2"].Leaves.Sum(leaf => leaf.Value.Shape.Count)} numbers for its six maps.");

// 2. The tanh, 1.7159 tanh(2/3 x), is 1 at 1 and −1 at −1, so that targets of ±1 lie where it bends most and not where it is flat
// (appendix A). A rectifier, max(x, 0), does not saturate at all, and that is why networks became deep.
Console.WriteLine($"Its activation at −2, −1, 0, 1, 2: {string.Join("  ", new[] { -2f, -1, 0, 1, 2 }.Select(x => $"{1.7159 * Math.Tanh(2.0 / 3 * x):F3}"))}");

// 3. A table says which maps of S2 each map of C3 sees. Not all: that was 1998's saving, and it "forces a break of symmetry", so that maps
// which see different things learn different things (table I). Today everything is connected, and chance breaks the symmetry.
Console.WriteLine($"\nC3 has {LeNet1998.C3}. Its 16 maps (columns) see these of S2's 6 (rows):");
for (var input = 0; input < 6; input++)
    Console.WriteLine($"  {input}  " + string.Join(' ', LeNet1998.C3.Rows.Select(row => row.Contains(input) ? 'X' : '.')));

// 4. The answer is a picture: the 84 outputs of F6 are compared with a stylised 7×12 drawing of each digit, and the nearest wins. For ten
// digits any code would do; for all printable characters, confusable ones like O, o and 0 get similar codes, and a later stage that knows
// the language can choose (section II-B). Softmax over plain scores (lesson 7) has replaced it.
Console.WriteLine("\nThe drawings that F6 is to make, of 0 to 4:");
for (var row = 0; row < 12; row++)
    Console.WriteLine("  " + string.Join("  ", LeNet1998.Digits.Pictures.Take(5).Select(picture => picture.Substring(7 * row, 7))).TrimEnd());

// 5. The step is another for every weight: η / (μ + h), where h says how fast the slope changes along that weight (its second derivative,
// estimated on some patterns before each pass): long steps where the loss is flat, short ones where it curves. Adam (lesson 8) does
// something alike from the gradients alone. One pattern is learned at a time. Three passes over the digits:
var digits = Digits.Load();
var samples = Train.PrepareTraining(experiment, digits.Train);
var test = Train.Prepare(experiment, digits.Test);
using var workspace = new Workspace();
Console.WriteLine("\npass   mean loss   read right of the test images");
var trained = Train.Start(experiment, seed: 0).Parameters;
foreach (var step in Train.Unfold(experiment, samples, Train.Start(experiment, seed: 0), workspace).Where(step => step.EndsEpoch).Take(3))
{
    trained = step.State().Parameters;
    Console.WriteLine($"{step.Epoch,4} {step.Totals.MeanLoss,11:F3} {100 * Evaluate.Of(network, trained, test, workspace, experiment.Loss).Accuracy,20:F1} %");
}

// What F6 draws for three test digits, beside the drawings that it should make: blank is −1 and less, @ is +1 and more.
foreach (var sample in new[] { 0, 5, 9 })
{
    var image = Train.Prepare(experiment, digits.Test.Single(sample)).Batch(1).First().ToTensor();
    var outputs = LayerSnapshot.Outputs(network, trained, image).ToList();
    var (drawn, distances) = (outputs.Single(output => output.Layer.Path == "f6f").Value.ToArray(), outputs[^1].Value.ToArray().Select(logit => -logit).ToArray());
    var (label, nearest) = (digits.Test.Labels.Span[sample], Array.IndexOf(distances, distances.Min()));
    Console.WriteLine($"\nA {label}: drawn, and the drawing of {label}. The nearest is {nearest}, at a squared distance of {distances[nearest]:F1}; the farthest is at {distances.Max():F1}.");
    for (var row = 0; row < 12; row++)
        Console.WriteLine($"  |{string.Concat(drawn.Skip(7 * row).Take(7).Select(Shade))}|  |{LeNet1998.Digits.Pictures[label].Substring(7 * row, 7)}|");
}

Console.WriteLine("\n'lenet train lenet-1998' trains it on MNIST as the paper did; 'lenet repro lenet-1998' compares with the paper's numbers.");

static char Shade(float value) => " .:-=+*#%@"[Math.Clamp((int)((value + 1) / 2 * 9.99f), 0, 9)];
