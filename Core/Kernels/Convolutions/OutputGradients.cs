using System.Runtime.CompilerServices;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>∂L/∂y of a convolution: as it lies, or behind a ReLU and a maximum that each group is taken back through when it is needed.</summary>
/// <param name="Gradient">∂L/∂y, or ∂L/∂values of the block.</param>
/// <param name="Values">The block's values.</param>
/// <param name="Choices">The pool's choices.</param>
/// <param name="Rectify">Whether there is a ReLU.</param>
/// <param name="Pool">The pool; none where the gradient is ∂L/∂y itself.</param>
/// <param name="Dense">Where ∂L/∂y is to be written too, for others to read.</param>
internal readonly unsafe record struct OutputGradients(Tensor Gradient, Tensor Values, Tensor Choices, bool Rectify, ConvolutionGeometry? Pool, Tensor? Dense = null)
{
    /// <summary>∂L/∂y as it lies.</summary>
    public static OutputGradients Of(Tensor dy) => new(dy, dy, dy, false, null);

    /// <summary>A group's numbers where samples lie side by side: ∂L/∂y, or ∂L/∂values of the pool without what the ReLU held back.</summary>
    /// <param name="group">Which.</param>
    /// <param name="scratch">Where they may be written.</param>
    public float* Group<T>(int group, float* scratch) where T : struct, ILanes<T>
    {
        var (length, lanes) = (Gradient.Shape.Rest.Count * Workspace.Lanes, Workspace.Lanes);
        if (Dense is { } dense && Pool is { } pool)
            PoolGradient.Spread(
                Gradient.Block.Address, Values.Block.Address, Choices.Block.Address, dense.Block.Address + ((long)group * pool.Channels * pool.Pixels * lanes),
                pool, lanes, Rectify, group);
        var gradient = Gradient.Block.Address + ((long)group * length);
        if (!Rectify)
            return gradient;
        Passed<T>(gradient, Values.Block.Address + ((long)group * length), scratch, length);
        return scratch;
    }

    /// <summary>∂L/∂y of one sample where samples lie one after another: [O][OH][OW].</summary>
    /// <param name="sample">Which.</param>
    /// <param name="length">Floats of a sample.</param>
    /// <param name="scratch">Where they may be written.</param>
    public float* Sample(int sample, long length, float* scratch)
    {
        if (Pool is not { } pool)
            return Gradient.Block.Address + (sample * length);
        PoolGradient.Spread(Gradient.Block.Address, Values.Block.Address, Choices.Block.Address, scratch, pool, 1, Rectify, sample);
        return scratch;
    }

    /// <summary>Keeps the memory in place until here.</summary>
    public void KeepAlive()
    {
        Jobs.KeepAlive(Gradient, Values, Choices);
        GC.KeepAlive(Dense);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Passed<T>(float* gradient, float* values, float* target, int length) where T : struct, ILanes<T>
    {
        var zero = T.Broadcast(0);
        for (var i = 0; i < length; i += T.Count)
            T.Store(T.SelectLessOrEqual(T.Load(values + i), zero, zero, T.Load(gradient + i)), target + i);
    }
}
