using System.Runtime.CompilerServices;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// Average pooling of each channel: y[n, c, i, j] is the plain sum over (u, v), from 0 in row-major order, of x[n, c, i·s − p + u, j·s − p + v], divided by
/// the number of summands; cells outside the image are skipped and not counted.
/// </summary>
internal static unsafe class AveragePooling
{
    /// <summary>The averages, [N, C, OH, OW], from x: [N, C, H, W].</summary>
    public static Tensor Forward(Workspace workspace, Tensor x, ConvolutionGeometry g, Shape output)
    {
        var (y, lanes) = (workspace.Batch(output), x.Block.Lanes);
        Jobs.Run(workspace, x.Groups * g.Channels, lanes, new ForwardJob(x.Block.Address, y.Block.Address, g, lanes));
        GC.KeepAlive(x);
        return y;
    }

    /// <summary>
    /// ∂L/∂x: [N, C, H, W] from ∂L/∂y: [N, C, OH, OW]. Each window gives every cell ∂L/∂y divided by the number of its cells; a cell's shares are added
    /// from 0 in row-major order of the windows.
    /// </summary>
    /// <param name="workspace">Threads and memory.</param>
    /// <param name="dy">∂L/∂y.</param>
    /// <param name="g">The windows.</param>
    /// <param name="input">The shape of x.</param>
    /// <param name="squared">Whether shares are divided twice, as second derivatives are.</param>
    public static Tensor InputGradient(Workspace workspace, Tensor dy, ConvolutionGeometry g, Shape input, bool squared = false)
    {
        var (dx, lanes) = (workspace.Batch(input), dy.Block.Lanes);
        Jobs.Run(workspace, dy.Groups * g.Channels, lanes, new InputJob(dy.Block.Address, dx.Block.Address, g, lanes, squared));
        GC.KeepAlive(dy);
        return dx;
    }

    // An item is a channel of a group of samples.
    private readonly struct ForwardJob(float* x, float* y, ConvolutionGeometry g, int lanes) : ILaneJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<T>(int item) where T : struct, ILanes<T>
        {
            float* image = x + ((long)item * g.Pixels * lanes), target = y + ((long)item * g.OutputPixels * lanes);
            for (var i = 0; i < g.OutputHeight; i++)
                for (var j = 0; j < g.OutputWidth; j++)
                {
                    var window = new Window(g, i, j);
                    for (var lane = 0; lane < lanes; lane += T.Count, target += T.Count)
                    {
                        var sum = T.Broadcast(0);
                        for (var h = window.Top; h < window.Bottom; h++)
                            for (var w = window.Left; w < window.Right; w++)
                                sum = T.Add(sum, T.Load(image + ((((long)h * g.Width) + w) * lanes) + lane));
                        T.Store(T.Divide(sum, T.Broadcast(window.Cells)), target);
                    }
                }
        }
    }

    private readonly struct InputJob(float* dy, float* dx, ConvolutionGeometry g, int lanes, bool squared) : ILaneJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<T>(int item) where T : struct, ILanes<T>
        {
            float* gradient = dy + ((long)item * g.OutputPixels * lanes), image = dx + ((long)item * g.Pixels * lanes);
            new Span<float>(image, g.Pixels * lanes).Clear();
            for (var i = 0; i < g.OutputHeight; i++)
                for (var j = 0; j < g.OutputWidth; j++)
                {
                    var window = new Window(g, i, j);
                    for (var lane = 0; lane < lanes; lane += T.Count, gradient += T.Count)
                    {
                        var share = T.Divide(T.Load(gradient), T.Broadcast(window.Cells));
                        if (squared)
                            share = T.Divide(share, T.Broadcast(window.Cells));
                        for (var h = window.Top; h < window.Bottom; h++)
                            for (var w = window.Left; w < window.Right; w++)
                            {
                                var cell = image + ((((long)h * g.Width) + w) * lanes) + lane;
                                T.Store(T.Add(T.Load(cell), share), cell);
                            }
                    }
                }
        }
    }

    // The rows and columns of the image that lie in a window.
    private readonly struct Window
    {
        public readonly int Top, Bottom, Left, Right;

        public Window(ConvolutionGeometry g, int i, int j)
        {
            var (top, left) = ((i * g.StrideHeight) - g.Top, (j * g.StrideWidth) - g.Left);
            (Top, Bottom) = (Math.Max(top, 0), Math.Min(top + g.KernelHeight, g.Height));
            (Left, Right) = (Math.Max(left, 0), Math.Min(left + g.KernelWidth, g.Width));
        }

        public int Cells => (Bottom - Top) * (Right - Left);
    }
}
