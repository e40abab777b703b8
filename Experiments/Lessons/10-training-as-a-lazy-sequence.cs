#:project ../Experiments.csproj

// Lesson 10: training as a lazy sequence.            dotnet run Experiments/Lessons/10-training-as-a-lazy-sequence.cs
//
// Training is a sequence: each step follows from the one before. Here it is just that, an IEnumerable of steps, and a step is computed
// when somebody asks for it. So there is no trainer with callbacks: to stop is to stop asking, to report is to look, to resume is to
// begin the sequence at another moment. What LINQ does for lists it does for training runs.

using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Data;
using FunctionalLeNet.Experiments.Training;

// LeNet-5 on the embedded digits; `Unfold` returns at once, because nothing has been asked for yet.
var experiment = LeNet5.Digits with { Shifts = 0, Limit = Limit.OfEpochs(6) };
var digits = Digits.Load();
var (train, test) = (Train.PrepareTraining(experiment, digits.Train), Train.Prepare(experiment, digits.Test));
using var workspace = new Workspace();
var start = Train.Start(experiment, seed: 0);
var run = Train.Unfold(experiment, train, start, workspace);

// Look at the first steps: Take.
Console.WriteLine("The first five steps' losses:");
Console.WriteLine("  " + string.Join("  ", run.Take(5).Select(step => $"{step.Loss:F4}")));

// A line for each pass over the data: Where. A step's state is copied only where somebody wants it.
Console.WriteLine("\nepoch  loss of training  read right of the test images");
foreach (var step in run.Where(step => step.EndsEpoch).Take(3))
{
    var evaluation = Evaluate.Of(experiment.Network, step.State().Parameters, test, workspace);
    Console.WriteLine($"{step.Epoch,5} {step.Totals.MeanLoss,17:F4} {100 * evaluation.Accuracy,18:F1} %");
}

// Early stopping: TakeWhile. The steps after are never computed.
var good = run.TakeWhile(step => step.Totals.MeanLoss > 0.5 || !step.EndsEpoch).Last();
Console.WriteLine($"\nUntil an epoch's mean loss was at most 0.5: {good.Step} steps, into epoch {good.Epoch}.");

// Every enumeration begins again from the same start and gives the same numbers, because a step depends on nothing but its state:
// the parameters, what the optimizer remembers, the generator of random numbers, and the place in the data.
var first = run.ElementAt(29).State();
var second = run.ElementAt(29).State();
Console.WriteLine($"\nThirty steps, and thirty steps again, have the same weights to the last bit: {Hashes.OfParameters(first.Parameters) == Hashes.OfParameters(second.Parameters)}.");

// So a run can be left at any moment and gone on with later. That is all that resuming is.
var half = run.ElementAt(14).State();
var rest = Train.Unfold(experiment, train, half, workspace).ElementAt(14).State();
Console.WriteLine($"Fifteen steps, a pause, and fifteen more are thirty: {Hashes.OfParameters(rest.Parameters) == Hashes.OfParameters(first.Parameters)}.");
Console.WriteLine($"  weights after 15 steps: {Hashes.OfParameters(half.Parameters)[..16]}…");
Console.WriteLine($"  weights after 30 steps: {Hashes.OfParameters(first.Parameters)[..16]}…");

// And what if? From the same moment, two futures: the state is a value, so trying one does not spoil it for the other.
Console.WriteLine("\nFrom step 30 on, ten more steps at different learning rates, mean loss of the last five:");
foreach (var factor in new[] { 0.1, 1, 5 })
{
    var other = experiment with { Optimizer = experiment.Optimizer.At(experiment.Optimizer.Rate * factor) };
    var future = Train.Unfold(other, train, first, workspace).Take(10).TakeLast(5).Average(step => (double)step.Loss);
    Console.WriteLine($"  {factor,4} times the rate: {future:F4}");
}
