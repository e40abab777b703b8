#:project ../Experiments.csproj

// Lesson 14: a network under test.                   dotnet run Experiments/Lessons/14-a-network-under-test.cs
//
// How do you notice that a network computes something else than it did? Its accuracy hardly moves when a padding is wrong. So hold it
// to its numbers: write down what every layer puts out, keep the text beside the code, and compare on every run ("snapshot testing").
// Because this project's numbers are the same on every machine, the comparison is for equality, and a difference of one bit is found.

using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Random;
using FunctionalLeNet.Core.Tensors;

// Your network, with parameters that follow from a seed, and an input that follows from a key.
var network = new Network([1, 8, 8], Network.Sequence(
    ("find", new Layer.Convolution(2, 3)),
    ("positive", new Layer.Rectifier()),
    ("pool", new Layer.MaximumPooling(2)),
    ("flatten", new Layer.Flatten()),
    ("decide", new Layer.Linear(3))));
var (parameters, _) = Parameters.Initialise(network, TorchGenerator.Seed(2));
var input = Tensor.Batch([1, 1, 8, 8], Key.Seed(14).Uniform(64));

// One call makes the text. A section a layer: shape, minimum, maximum, mean and deviation, the hash of all bits, and the numbers as they
// lie in space (large maps by their corners, and as a sketch). The hash makes it exact; the rest lets a person see what changed.
var snapshot = LayerSnapshot.Of(network, parameters, input);
Console.WriteLine(snapshot);

// In a test this is all (xunit; the first run fails and you read the file before you commit it):
//
//     [Fact]
//     public void My_network_computes_what_it_did() =>
//         Assert.Equal(File.ReadAllText("my-network.txt"), LayerSnapshot.Of(network, parameters, input));
//
// or, with Verify (https://github.com/VerifyTests/Verify), which shows the difference in your diff tool:
//
//     await Verify(LayerSnapshot.Of(network, parameters, input));

// Now somebody changes one coefficient of the last layer, by a millionth.
var changed = parameters.Map(tensor => tensor.Shape == Shape.Of(3)
    ? Tensor.Parameter(tensor.Shape, [.. tensor.ToArray().Select((value, i) => i == 0 ? value + 1e-6f : value)])
    : tensor);
Compare("One coefficient of 'decide' differs by a millionth", LayerSnapshot.Of(network, changed, input));

// Or the padding of the first layer. Everything after it differs too, so look at the first.
var padded = new Network([1, 8, 8], Network.Sequence(
    ("find", new Layer.Convolution(2, 3, Padding: new Padding(1, 1, 1, 1))),
    ("positive", new Layer.Rectifier()),
    ("pool", new Layer.MaximumPooling(2, 1)),
    ("flatten", new Layer.Flatten()),
    ("decide", new Layer.Linear(3))));
Compare("A padding that should not be there", LayerSnapshot.Of(padded, Parameters.Initialise(padded, TorchGenerator.Seed(2)).Parameters, input));

Console.WriteLine("\nThis project holds all of its experiments so: see the folder snapshots/, and Tests/Snapshots/LayersTests.cs.");

void Compare(string what, string other)
{
    var (before, after) = (Sections(snapshot), Sections(other));
    var first = before.Zip(after).First(pair => pair.First != pair.Second);
    Console.WriteLine($"\n{what}. The first layer that differs:");
    foreach (var (was, now) in first.First.Split('\n').Zip(first.Second.Split('\n')).Where(pair => pair.First != pair.Second).Take(3))
        Console.WriteLine($"  - {was}\n  + {now}");
}

static string[] Sections(string snapshot) => snapshot.Split("\n\n");
