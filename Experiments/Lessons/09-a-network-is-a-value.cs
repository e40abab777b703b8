#:project ../Experiments.csproj

// Lesson 9: a network is a value.                    dotnet run Experiments/Lessons/09-a-network-is-a-value.cs
//
// LeNet is lessons 2 to 4 twice (find, keep what is positive, pool), then three linear layers. Here a layer is a record that holds its
// settings and nothing else: no numbers learned, no memory, no methods that compute. What a layer means is said by functions over that
// record ("interpreters"): its shapes, its parameters, its cost, its result. So a network can be compared, printed, changed and priced
// before a single number is computed. Change the network called `mine` below, and run the lesson again.

using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Data;
using FunctionalLeNet.Experiments.Training;

var lenet = new Network([1, 28, 28], Network.Sequence(
    ("conv1", new Layer.Convolution(Channels: 6, Kernel: 5)),
    ("relu1", new Layer.Rectifier()),
    ("pool1", new Layer.MaximumPooling(2)),
    ("conv2", new Layer.Convolution(16, 5)),
    ("relu2", new Layer.Rectifier()),
    ("pool2", new Layer.MaximumPooling(2)),
    ("flatten", new Layer.Flatten()),
    ("fc1", new Layer.Linear(120)),
    ("relu3", new Layer.Rectifier()),
    ("fc2", new Layer.Linear(84)),
    ("relu4", new Layer.Rectifier()),
    ("fc3", new Layer.Linear(10))));

// One interpreter asks every layer for its shape, another for what it costs. No image has been looked at.
Console.WriteLine("layer    what it is              puts out        parameters  multiply-adds");
var summary = Summary.Of(lenet);
foreach (var layer in summary.Layers)
    Console.WriteLine($"{layer.Name,-8} {layer.Text,-23} {layer.Output,-14} {layer.Cost.Parameters,11:N0} {layer.Cost.MultiplyAdds,14:N0}");
Console.WriteLine($"{"total",-48}{summary.Total.Parameters,10:N0} {summary.Total.MultiplyAdds,14:N0}");

// Values are equal when they say the same. A network changed a little is another value, and the first one is still what it was.
var again = lenet with { };
var larger = lenet with { Input = [1, 32, 32] };
Console.WriteLine($"\nA copy is equal: {again == lenet}. One for larger images is equal: {larger == lenet}.");

// Mistakes are found by the shapes, before anything is computed, and the message names the layer.
var wrong = new Network([1, 28, 28], Network.Sequence(("conv1", new Layer.Convolution(6, 5)), ("fc1", new Layer.Linear(10))));
try
{
    Shapes.Of(wrong);
}
catch (ShapeException e)
{
    Console.WriteLine($"A network without its Flatten: {e.Message}");
}

// An experiment is a value too: a network, an optimizer, a batch size, a limit, data. So trying another network is one `with`.
// Three of them, each trained for three passes over the digits, every digit in nine positions (moved by up to a pixel). Yours:
var mine = new Network([1, 28, 28], Network.Sequence(
    ("conv1", new Layer.Convolution(8, 5)),
    ("relu1", new Layer.Rectifier()),
    ("pool1", new Layer.MaximumPooling(2)),
    ("conv2", new Layer.Convolution(8, 3)),
    ("relu2", new Layer.Rectifier()),
    ("pool2", new Layer.MaximumPooling(2)),
    ("flatten", new Layer.Flatten()),
    ("decide", new Layer.Linear(10))));
var linear = new Network([1, 28, 28], Network.Sequence(("flatten", new Layer.Flatten()), ("decide", new Layer.Linear(10))));

var digits = Digits.Load();
using var workspace = new Workspace();
Console.WriteLine("\nnetwork                 parameters  multiply-adds  test images read right");
foreach (var (name, network) in new[] { ("lesson 8's linear layer", linear), ("LeNet", lenet), ("mine", mine) })
{
    var experiment = LeNet5.Digits with { Network = network, Padding = 0, Shifts = 1, Limit = Limit.OfEpochs(3) };
    var samples = Train.PrepareTraining(experiment, digits.Train);
    var trained = Train.Unfold(experiment, samples, Train.Start(experiment, seed: 0), workspace).Last().State();
    var result = Evaluate.Of(network, trained.Parameters, Train.Prepare(experiment, digits.Test), workspace);
    var cost = Cost.Of(network);
    Console.WriteLine($"{name,-23} {cost.Parameters,10:N0} {cost.MultiplyAdds,14:N0} {100 * result.Accuracy,17:F1} %");
}
