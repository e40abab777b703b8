using System.Runtime.CompilerServices;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>Subsampling by 2 × 2 windows that cover a single image: the pixels of a row in the lanes. The bits of <see cref="Subsampling"/>.</summary>
internal static unsafe class SinglePairs
{
    /// <summary>Whether a batch and its windows are such.</summary>
    public static bool Takes(Tensor batch, ConvolutionGeometry g) =>
        batch.Shape.First == 1 && batch.Block.Lanes == 1
        && g is { KernelHeight: 2, KernelWidth: 2, StrideHeight: 2, StrideWidth: 2 } && g.Height == 2 * g.OutputHeight && g.Width == 2 * g.OutputWidth;

    /// <summary>Writes y and the sums.</summary>
    public static void Forward(Workspace workspace, Tensor x, Tensor w, Tensor b, Tensor y, Tensor sums, ConvolutionGeometry g)
    {
        using var scratch = workspace.Scratch.Begin();
        // In an arena a vector may reach past the end.
        var image = workspace.Scratch.Next(x.Count);
        var row = workspace.Scratch.Next(g.Width + Workspace.Lanes);
        new ReadOnlySpan<float>(x.Block.Address, x.Count).CopyTo(new(image, x.Count));
        Jobs.RunHere(1, Workspace.Lanes, new ForwardJob(image, row, w.Block.Address, b.Block.Address, y.Block.Address, sums.Block.Address, g));
        Jobs.KeepAlive(x, w, b);
    }

    /// <summary>Writes ∂L/∂x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void InputGradient(Workspace workspace, Tensor dy, Tensor w, Tensor dx, ConvolutionGeometry g)
    {
        float* gradient = dy.Block.Address, target = dx.Block.Address;
        for (var c = 0; c < g.Channels; c++)
        {
            var coefficient = Lanes1.Broadcast(w.Block.Address[c]);
            for (var i = 0; i < g.OutputHeight; i++, target += 2 * g.Width)
                for (var j = 0; j < g.OutputWidth; j++, gradient++)
                {
                    var share = Lanes1.MultiplyAdd(Lanes1.Load(gradient), coefficient, Lanes1.Broadcast(0));
                    var corner = target + (2 * j);
                    Lanes1.Store(share, corner);
                    Lanes1.Store(share, corner + 1);
                    Lanes1.Store(share, corner + g.Width);
                    Lanes1.Store(share, corner + g.Width + 1);
                }
        }

        Jobs.KeepAlive(dy, w);
    }

    // The sum that begins at every pixel of a row; every other one is wanted.
    private readonly struct ForwardJob(float* image, float* row, float* w, float* b, float* y, float* sums, ConvolutionGeometry g) : ILaneJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<T>(int item) where T : struct, ILanes<T>
        {
            float* upper = image, value = y, sum = sums;
            for (var c = 0; c < g.Channels; c++)
                for (var i = 0; i < g.OutputHeight; i++, upper += 2 * g.Width)
                {
                    for (var j = 0; j < g.Width; j += T.Count)
                    {
                        var corner = T.Add(T.Broadcast(0), T.Load(upper + j));
                        T.Store(T.Add(T.Add(T.Add(corner, T.Load(upper + j + 1)), T.Load(upper + g.Width + j)), T.Load(upper + g.Width + j + 1)), row + j);
                    }

                    for (var j = 0; j < g.OutputWidth; j++)
                    {
                        *sum++ = row[2 * j];
                        *value++ = (row[2 * j] * w[c]) + b[c];
                    }
                }
        }
    }
}
