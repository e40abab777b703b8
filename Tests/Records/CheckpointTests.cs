using CsCheck;
using FunctionalLeNet.Core.Formats;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Optimizers;
using FunctionalLeNet.Core.Random;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Data;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Experiments.Training;

namespace FunctionalLeNet.Tests.Records;

public class CheckpointTests
{
    private static readonly Spent Time = new(TimeSpan.FromSeconds(1.25), TimeSpan.FromSeconds(7.5));

    [Theory]
    [InlineData("sgd")]
    [InlineData("momentum")]
    [InlineData("adam")]
    [InlineData("tensorflow-adam")]
    public void A_moment_within_an_epoch_reads_back_whole(string optimizer)
    {
        var experiment = LeNet5.Digits with
        {
            Batch = 32,
            Optimizer = optimizer switch
            {
                "sgd" => new OptimizerSettings.Sgd(0.01),
                "momentum" => new OptimizerSettings.Sgd(0.01, 0.9),
                "adam" => new OptimizerSettings.Adam(),
                _ => new OptimizerSettings.TensorFlowAdam(),
            },
        };
        using var workspace = new Workspace(1);
        var state = Train.Unfold(experiment, Train.Prepare(experiment, Digits.Load().Train.Take(100)), Train.Start(experiment, 0), workspace).Skip(1).First().State();
        Assert.Equal(100, state.Position.Order.Count);
        AssertReadsBack(state);
    }

    [Fact]
    public void Every_part_of_a_state_reads_back_to_the_same_bits() => States.Sample(AssertReadsBack, iter: 200);

    [Fact]
    public void Any_changed_byte_and_any_cut_is_seen()
    {
        var bytes = new Checkpoint("run", SmallState(), Time).ToBytes();
        Assert.True(Checkpoint.IsWhole(bytes));
        for (var place = 0; place < bytes.Length; place++)
        {
            byte[] changed = [.. bytes];
            changed[place] ^= 0x10;
            Assert.False(Checkpoint.IsWhole(changed), $"byte {place}");
            Assert.False(Checkpoint.IsWhole(bytes[..place]), $"cut at {place}");
        }

        Assert.Contains("no whole checkpoint", Assert.Throws<DataException>(() => Checkpoint.OfBytes(bytes[..^1], "file")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_two_and_the_best_are_kept()
    {
        var accuracies = new Dictionary<long, double> { [10] = 0.9, [20] = 0.95, [30] = 0.95, [50] = 0.5 };
        double? Accuracy(long step) => accuracies.TryGetValue(step, out var accuracy) ? accuracy : null;
        Assert.Equal([20, 40, 50], CheckpointFolder.Kept([0, 10, 20, 30, 40, 50], Accuracy));
        Assert.Equal([10, 20], CheckpointFolder.Kept([0, 10, 20], Accuracy));
        Assert.Equal([0, 5], CheckpointFolder.Kept([0, 5], Accuracy));
    }

    private static Gen<TrainingState> States =>
        from values in Gen.Single.Array[6]
        from words in Gen.UInt.Array[TorchGenerator.StateWords]
        from position in Gen.Int[1, TorchGenerator.StateWords]
        from cached in Gen.Double[-5, 5].Nullable()
        from order in Gen.Shuffle(Enumerable.Range(0, 20).ToArray())
        from number in Gen.Double
        from key in Gen.Select(Gen.UInt, Gen.UInt)
        select new TrainingState(
            Tree.Branch(("c3", Tree.Branch(("weight", Tree.Leaf(Tensor.Parameter(Shape.Of(2, 3), values))), ("bias", Tree.Leaf(Tensor.Scalar(values[0])))))),
            new OptimizerState(7, [("curvature", Tree.Branch(("x", Tree.Leaf(Tensor.Parameter(Shape.Of(6), values)))))]) { Numbers = [("scale", number)] },
            new TorchGenerator([1, .. words[1..]], position, cached is not null, cached ?? 0),
            new Position(11, 2, order.ToEquatableArray(), new(8, number, 5)))
        {
            Keys = [("distortion", new Key(key.Item1, key.Item2))],
        };

    private static TrainingState SmallState() => new(
        Tree.Branch(("w", Tree.Leaf(Tensor.Parameter(Shape.Of(2), [1, 2])))), new OptimizerState(0, []), TorchGenerator.Seed(3), Position.Start);

    private static void AssertReadsBack(TrainingState state)
    {
        var checkpoint = new Checkpoint("run", state, Time);
        var bytes = checkpoint.ToBytes();
        Assert.Equal(checkpoint, Checkpoint.OfBytes(bytes, "file"));
        Assert.Equal(bytes, Checkpoint.OfBytes(bytes, "file").ToBytes());
    }
}
