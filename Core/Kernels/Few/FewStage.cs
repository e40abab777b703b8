using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>One kernel call of a network that is prepared for one sample after another: everything that does not depend on the sample is done.</summary>
/// <param name="workspace">Whose scratch memory.</param>
/// <param name="x">The sample's numbers before.</param>
/// <param name="y">Room for its numbers after, and for a vector more.</param>
internal unsafe delegate void FewStage(Workspace workspace, float* x, float* y);

/// <summary>Makes stages; what they hold, such as packed weights, lies in the memory that they are given.</summary>
internal static unsafe class FewStages
{
    /// <summary>A convolution, then perhaps a ReLU and a maximum over windows of four cells; nothing where padding with zeros would change a bit.</summary>
    public static FewStage? Convolution(Workspace workspace, Arena memory, Tensor w, Tensor b, ConvolutionGeometry g, bool rectify, ConvolutionGeometry? pool)
    {
        if (!ForwardTiles.Exact(w, b, g) || (pool is { } p && !(ConvolutionBlock.Takes(p) && p.KernelHeight * p.KernelWidth == 4)))
            return null;
        var way = FewConvolution.Of(workspace, g, w.Shape.First, pool);
        float* packed = way.Pack(memory, w), bias = new FewLinear(0, w.Shape.First).Widened(memory, b.Block.Address);
        GC.KeepAlive(b);
        return (workspace, x, y) => way.Run(workspace, x, packed, bias, rectify, y, null);
    }

    /// <summary>A linear layer, then perhaps a ReLU.</summary>
    public static FewStage Linear(Arena memory, Tensor w, Tensor b, bool rectify)
    {
        var layer = new FewLinear(w.Shape.Rest.Count, w.Shape.First);
        float* packed = memory.Next(layer.PackedLength), bias = layer.Widened(memory, b.Block.Address);
        layer.Pack(w.Block.Address, packed);
        Jobs.KeepAlive(w, b);
        return (_, x, y) => layer.Apply(x, packed, bias, rectify, y);
    }

    /// <summary>Applies stages to a batch whose samples lie one after another.</summary>
    /// <param name="workspace">Where the result goes.</param>
    /// <param name="stages">At least one, in order, each with how many numbers come out.</param>
    /// <param name="x">[N, …], the samples one after another.</param>
    /// <param name="output">The shape of what comes out, [N, …].</param>
    public static Tensor Run(Workspace workspace, IReadOnlyList<(FewStage Stage, int Outputs)> stages, Tensor x, Shape output)
    {
        var y = workspace.Batch(output);
        using var scratch = workspace.Scratch.Begin();
        var room = stages.Max(stage => stage.Outputs) + Workspace.Lanes;
        float* here = workspace.Scratch.Next(room), there = workspace.Scratch.Next(room);
        var (inputs, outputs) = (x.Shape.Rest.Count, output.Rest.Count);
        for (var n = 0; n < x.Shape.First; n++)
        {
            var source = x.Block.Address + ((long)n * inputs);
            for (var stage = 0; stage < stages.Count; stage++)
            {
                stages[stage].Stage(workspace, source, here);
                source = here;
                here = there;
                there = source;
            }

            new ReadOnlySpan<float>(source, outputs).CopyTo(new(y.Block.Address + ((long)n * outputs), outputs));
        }

        GC.KeepAlive(x);
        return y;
    }
}
