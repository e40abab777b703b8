using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>∂L/∂y of a convolution: as it lies, or behind a ReLU and a maximum that each group is taken back through when it is needed.</summary>
/// <param name="Gradient">∂L/∂y, or ∂L/∂values of the block.</param>
/// <param name="Values">The block's values.</param>
/// <param name="Choices">The pool's choices.</param>
/// <param name="Rectify">Whether there is a ReLU.</param>
/// <param name="Pool">The pool; none where the gradient is ∂L/∂y itself.</param>
internal readonly record struct OutputGradients(Tensor Gradient, Tensor Values, Tensor Choices, bool Rectify, ConvolutionGeometry? Pool)
{
    /// <summary>∂L/∂y as it lies.</summary>
    public static OutputGradients Of(Tensor dy) => new(dy, dy, dy, false, null);

    /// <summary>A group of ∂L/∂y: [O][OH][OW][16].</summary>
    /// <param name="group">Which.</param>
    /// <param name="length">Floats of a group.</param>
    /// <param name="scratch">Where it may be written.</param>
    public unsafe float* Group(int group, long length, float* scratch)
    {
        if (Pool is not { } pool)
            return Gradient.Block.Address + (group * length);
        PoolGradient.Spread(Gradient.Block.Address, Values.Block.Address, Choices.Block.Address, scratch, pool, Workspace.Lanes, Rectify, group);
        return scratch;
    }
}
