using CsCheck;
using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Random;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Tests.Autodiff;

/// <summary>What stands together is computed together, and no bit may show it.</summary>
public class FusionTests
{
    [Fact]
    public void A_sequence_has_the_bits_of_its_layers_one_after_another() =>
        (from channels in Gen.Int[1, 7]
         from kernel in Gen.Int[1, 5]
         from padding in Gen.Int[0, 2]
         from rectify in Gen.Bool
         from window in Gen.Int[1, 3]
         from stride in Gen.Int[1, 3]
         from size in Gen.Int[7, 12]
         from batch in Gen.Int[1, 35]
         from seed in Gen.Int[0, 1_000_000]
         select (channels, kernel, padding, rectify, window, stride, size, batch, seed)).Sample(
            c =>
            {
                var layers = new (string Name, Layer Layer)[]
                {
                    ("c", new Layer.Convolution(c.channels, c.kernel, Padding: c.padding)),
                    ("r", new Layer.Rectifier()),
                    ("p", new Layer.MaximumPooling(c.window, c.stride)),
                    ("flatten", new Layer.Flatten()),
                    ("f", new Layer.Linear(3)),
                }.Where(layer => c.rectify || layer.Name != "r").ToEquatableArray();
                var network = new Network(Shape.Of(2, c.size, c.size), new Layer.Sequence(layers));
                var (parameters, random) = Parameters.Initialise(network, TorchGenerator.Seed(c.seed));
                var (pixels, _) = random.Uniform(c.batch * network.Input.Count, -1, 1);
                var images = Tensor.Batch(network.Input.Prepend(c.batch), pixels);
                var labels = Enumerable.Range(0, c.batch).Select(sample => (byte)(sample % 3)).ToArray();
                using var workspace = new Workspace(2);
                (float Loss, Tree<Tensor> Gradients) Of(Func<Tree<Node>, Node, Node> apply) => Gradient.Of(
                    variables => Op.SoftmaxCrossEntropy(apply(variables, variables.Constant(images)), labels, Reduction.Mean), parameters, workspace);

                var together = Of((variables, x) => Forward.Apply(network, variables, x, new Mode.Evaluation()));
                // A sequence of one layer has nothing to be computed with.
                var apart = Of((variables, x) => layers.Aggregate(x, (value, layer) => Forward.Apply(
                    new Network(value.Shape.Rest, new Layer.Sequence([layer])), variables, value, new Mode.Evaluation())));
                Assert.Equal(apart.Loss, together.Loss);
                Assert.Equal(apart.Gradients, together.Gradients);
            },
            iter: 2 * Check.Iter);
}
