using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>A function of each sample by itself, applied to a large batch by several threads, each of which carries some samples all the way: nothing goes from core to core.</summary>
internal static unsafe class SampleChunks
{
    /// <summary>Applies a function to groups of samples.</summary>
    /// <param name="workspace">Whose threads work, and where the result goes.</param>
    /// <param name="x">[N, …], more than <see cref="Workspace.Few"/> samples.</param>
    /// <param name="output">The shape of what comes out for one sample.</param>
    /// <param name="chunk">Samples that are computed at once, a multiple of <see cref="Workspace.Lanes"/>.</param>
    /// <param name="function">From some samples to as many outputs in the memory of a workspace of one thread.</param>
    public static Tensor Run(Workspace workspace, Tensor x, Shape output, int chunk, Func<Tensor, Workspace, Tensor> function)
    {
        var y = workspace.Batch(output.Prepend(x.Shape.First));
        var (samples, inputs, outputs) = (x.Shape.First, x.Shape.Rest.Count, output.Count);
        new Span<float>(y.Block.Address, y.Block.Length).Clear();
        workspace.RunApart((samples + chunk - 1) / chunk, (item, alone) =>
        {
            var (first, count) = (item * chunk, Math.Min(chunk, samples - (item * chunk)));
            var inside = alone.In(alone.Evaluation);
            // Few samples, which the last part may have, lie otherwise.
            var result = function(Copies.Grouped(inside, Part(alone.Evaluation, x, first, count, inputs)), inside);
            for (var n = 0; n < count; n++)
                for (var feature = 0; feature < outputs; feature++)
                    y.Block.Address[Copies.Offset(y, first + n, feature)] = result.Block.Address[Copies.Offset(result, n, feature)];
            alone.Evaluation.Empty();
        });
        GC.KeepAlive(x);
        return y;
    }

    private static Tensor Part(Arena memory, Tensor x, int first, int count, int features) => new(
        x.Shape.Rest.Prepend(count), MemoryOrder.SamplesLast,
        Block.In(memory, x.Block.Address + ((long)first * features), Workspace.Rounded(count) * features, Workspace.Lanes));
}
