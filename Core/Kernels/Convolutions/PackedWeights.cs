using System.Runtime.CompilerServices;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>Weights in the order in which tiles use them: for each block of channels [plane][tap][channel], zeros for a channel beyond the last.</summary>
internal static unsafe class PackedWeights
{
    /// <summary>For the convolution: planes are input channels, blocks are of output channels.</summary>
    public static float* ByOutput(Workspace workspace, Tensor w, ConvolutionGeometry g, ChannelBlock[] blocks) => ByOutput(workspace.Scratch, w, g, blocks);

    /// <inheritdoc cref="ByOutput(Workspace, Tensor, ConvolutionGeometry, ChannelBlock[])"/>
    public static float* ByOutput(Arena memory, Tensor w, ConvolutionGeometry g, ChannelBlock[] blocks) =>
        Pack(memory, w.Block.Address, g.KernelHeight * g.KernelWidth, g.Channels, w.Shape.First, blocks, plane: g.KernelHeight * g.KernelWidth, channel: g.Taps);

    /// <summary>For the input gradient: planes are output channels, blocks are of input channels.</summary>
    public static float* ByInput(Workspace workspace, Tensor w, ConvolutionGeometry g, ChannelBlock[] blocks) =>
        Pack(workspace.Scratch, w.Block.Address, g.KernelHeight * g.KernelWidth, w.Shape.First, g.Channels, blocks, plane: g.Taps, channel: g.KernelHeight * g.KernelWidth);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float* Pack(Arena memory, float* w, int taps, int planes, int channels, ChannelBlock[] blocks, int plane, int channel)
    {
        var packed = memory.Next((long)taps * planes * (blocks[^1].First + blocks[^1].Width));
        var next = packed;
        foreach (var block in blocks)
            for (var p = 0; p < planes; p++, next += taps * block.Width)
                for (var c = 0; c < block.Width; c++)
                {
                    var source = block.First + c < channels ? w + ((long)p * plane) + ((long)(block.First + c) * channel) : null;
                    for (var tap = 0; tap < taps; tap++)
                        next[(tap * block.Width) + c] = source == null ? 0 : source[tap];
                }

        return packed;
    }
}
