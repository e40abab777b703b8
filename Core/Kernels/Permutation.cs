using System.Runtime.CompilerServices;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>Features of a batch in another order. No number changes.</summary>
internal static unsafe class Permutation
{
    /// <summary>[N, C, H, W] to [N, H·W·C]: the channels of a pixel come one after another.</summary>
    public static Tensor ChannelsLast(Workspace workspace, Tensor x)
    {
        var (channels, pixels) = (x.Shape[1], x.Shape[2] * x.Shape[3]);
        return Transposed(workspace, x, Shape.Of(x.Shape.First, pixels * channels), channels, pixels);
    }

    /// <summary>[N, H·W·C] to [N, C, H, W]: the way back.</summary>
    public static Tensor ChannelsFirst(Workspace workspace, Tensor x, Shape images) =>
        Transposed(workspace, x, images, images[2] * images[3], images[1]);

    // The features of each sample as a matrix of rows × columns in row-major order, transposed.
    private static Tensor Transposed(Workspace workspace, Tensor x, Shape shape, int rows, int columns)
    {
        var (y, lanes) = (workspace.Batch(shape), x.Block.Lanes);
        Jobs.Run(workspace, x.Groups, lanes, new TransposeJob(x.Block.Address, y.Block.Address, rows, columns, lanes));
        GC.KeepAlive(x);
        return y;
    }

    // An item is a group of samples.
    private readonly struct TransposeJob(float* x, float* y, int rows, int columns, int lanes) : ILaneJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<T>(int item) where T : struct, ILanes<T>
        {
            float* source = x + ((long)item * rows * columns * lanes), target = y + ((long)item * rows * columns * lanes);
            for (var column = 0; column < columns; column++)
                for (var row = 0; row < rows; row++)
                    for (var lane = 0; lane < lanes; lane += T.Count, target += T.Count)
                        T.Store(T.Load(source + ((((long)row * columns) + column) * lanes) + lane), target);
        }
    }
}
