#:project ../Experiments.csproj

// Lesson 13: what the layers see.                    dotnet run Experiments/Lessons/13-what-the-layers-see.cs
//
// A trained network is no black box: every number in it can be looked at. This lesson trains LeNet-5 for a few seconds, follows one digit
// through its layers, shows the kernels that it found, asks which pixels matter, and looks at what it still gets wrong.

using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Data;
using FunctionalLeNet.Experiments.Training;

var experiment = LeNet5.Digits with { Shifts = 1, Limit = Limit.OfEpochs(3) };
var network = experiment.Network;
var digits = Digits.Load();
var test = Train.Prepare(experiment, digits.Test);
using var workspace = new Workspace();
var trained = Train.Unfold(experiment, Train.PrepareTraining(experiment, digits.Train), Train.Start(experiment, seed: 0), workspace).Last().State().Parameters;
var evaluation = Evaluate.Of(network, trained, test, workspace);
Console.WriteLine($"LeNet-5 after three passes over the digits, each in nine positions, reads {100 * evaluation.Accuracy:F1} % of the test images right.");

// Every layer's output for one digit: what comes out of a layer are maps, a channel each. Darker is more.
const int Sample = 0;
var image = digits.Test.Single(Sample).Divide(255).Pad(2).Batch(1).First().ToTensor();
var outputs = LayerSnapshot.Outputs(network, trained, image).ToDictionary(output => output.Layer.Path, output => output.Value);
Console.WriteLine($"\nThe image, a {digits.Test.Labels.Span[Sample]}, and the six maps of pool1. Each kernel has found its own kind of stroke:");
Show([image.ToArray()], 32);
Show([.. outputs["pool1"].ToArray().Chunk(14 * 14)], 14);
Console.WriteLine("\nThe sixteen maps of pool2: hardly a picture any more, but which stroke is roughly where:");
Show([.. outputs["pool2"].ToArray().Chunk(5 * 5)], 5);

Console.WriteLine("\nThe ten scores at the end:");
foreach (var (digit, score) in outputs["fc3"].ToArray().Index())
    Console.WriteLine($"  {digit} {score,7:F2} {new string('#', Math.Max(0, (int)(score * 2)))}".TrimEnd());

// The kernels of the first layer, which nobody designed: compare lesson 2's.
Console.WriteLine("\nThe six 5x5 kernels of conv1:");
Show([.. trained["conv1"]["weight"].AsLeaf().ToArray().Chunk(5 * 5)], 5);

// Which pixels matter? The derivative of the loss by the weights told how to change weights. Nothing keeps us from asking for the
// derivative by the image instead: let the pixels be the variables and the weights constants, and walk back once.
var label = digits.Test.Labels.Slice(Sample, 1);
var byPixel = Gradient.Of(
    pixels => Op.SoftmaxCrossEntropy(Forward.Apply(network, trained.Map(weight => pixels.Constant(weight)), pixels.AsLeaf(), new Mode.Evaluation()), label, Reduction.Sum),
    Tree.Leaf(image),
    workspace).Gradients.AsLeaf();
Console.WriteLine("\nHow much each pixel matters for the answer (the size of the loss's derivative by it):");
Show([[.. byPixel.ToArray().Select(MathF.Abs)]], 32);

// Confusion: for each true digit (row) what was answered (column). What lies off the diagonal is wrong.
Console.WriteLine("\ntrue    answered 0   1   2   3   4   5   6   7   8   9");
for (var truth = 0; truth < 10; truth++)
{
    var answers = evaluation.Predictions.Where((_, n) => digits.Test.Labels.Span[n] == truth).CountBy(answer => answer).ToDictionary();
    Console.WriteLine($"   {truth}         " + string.Concat(Enumerable.Range(0, 10).Select(answer => $"{(answers.TryGetValue(answer, out var count) ? $"{count}" : "."),4}")));
}

var mistakes = evaluation.Predictions.Index().Where(answer => digits.Test.Labels.Span[answer.Index] != answer.Item).Take(3).ToList();
Console.WriteLine($"\nThe first mistakes: {string.Join(", ", mistakes.Select(mistake => $"a {digits.Test.Labels.Span[mistake.Index]} read as {mistake.Item}"))}.");
Show([.. mistakes.Select(mistake => digits.Test.Single(mistake.Index).Divide(255).Batch(1).First().ToTensor().ToArray())], 28);

// Maps side by side, each from its own smallest number (blank) to its own largest (@).
static void Show(float[][] maps, int width)
{
    foreach (var line in maps.Chunk(Math.Max(1, 96 / (width + 1))))
    {
        for (var row = 0; row < line[0].Length / width; row++)
            Console.WriteLine("  |" + string.Join('|', line.Select(map => string.Concat(map.Skip(row * width).Take(width).Select(value => Shade(value, map))))) + "|");
    }
}

static char Shade(float value, float[] map) =>
    map.Max() == map.Min() ? ' ' : " .:-=+*#%@"[(int)((value - map.Min()) / (map.Max() - map.Min()) * 9.99f)];
