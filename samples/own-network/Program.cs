using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Formats;
using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Optimizers;
using FunctionalLeNet.Core.Random;
using FunctionalLeNet.Core.Tensors;

// A network of one's own: is there a horizontal or a vertical bar in a noisy picture of 8 × 8?
var network = new Network([1, 8, 8], Network.Sequence(
    ("find", new Layer.Convolution(4, 3)),
    ("bend", new Layer.Rectifier()),
    ("pool", new Layer.MaximumPooling(2)),
    ("flatten", new Layer.Flatten()),
    ("decide", new Layer.Linear(2))));

using var workspace = new Workspace(threads: 2);
var optimizer = Optimizer.Of(new OptimizerSettings.Adam(0.01));
var (parameters, _) = Parameters.Initialise(network, TorchGenerator.Seed(0));
var state = optimizer.Start(parameters);
for (var step = 1; step <= 60; step++)
{
    var (images, labels) = Pictures(Key.Seed(step));
    var (loss, gradients) = Gradient.Of(
        variables => Op.SoftmaxCrossEntropy(Forward.Apply(network, variables, variables.Constant(images), new Mode.Evaluation()), labels, Reduction.Mean), parameters, workspace);
    (parameters, state) = optimizer.Step(workspace, parameters, state, gradients);
    if (step % 20 == 0)
        Console.WriteLine($"step {step}: loss {loss:F4}");
}

var (unseen, answers) = Pictures(Key.Seed(1_000));
var logits = Inference.Prepare(network, parameters).Of(unseen, workspace);
Console.WriteLine($"right: {answers.Index().Count(sample => logits[sample.Index, sample.Item] > logits[sample.Index, 1 - sample.Item])} of {answers.Length}");
File.WriteAllBytes("bars.safetensors", SafeTensors.Write(SafeTensorsFile.Of(parameters)));

static (Tensor Images, byte[] Labels) Pictures(Key key)
{
    var (noise, labels) = (key.Uniform(64 * 64), Enumerable.Range(0, 64).Select(sample => (byte)(sample % 2)).ToArray());
    return (Tensor.Batch([64, 1, 8, 8], noise.Select((value, i) => value + ((labels[i / 64] == 0 ? i / 8 : i) % 8 == i / 64 % 8 ? 1 : 0)).ToArray()), labels);
}
