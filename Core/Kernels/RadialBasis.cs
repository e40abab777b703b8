using System.Runtime.CompilerServices;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>Euclidean radial basis functions with fixed targets w: z[n, k] = 0 − Σ over j of (x[n, j] − w[k, j])², a chain of fused multiply-adds of rounded differences.</summary>
internal static unsafe class RadialBasis
{
    /// <summary>z: [N, K] from x: [N, F].</summary>
    public static Tensor Forward(Workspace workspace, Tensor x, Codes codes)
    {
        var (z, lanes) = (workspace.Batch(Shape.Of(x.Shape.First, codes.Count)), x.Block.Lanes);
        fixed (float* byClass = codes.ByClass, byFeature = codes.ByFeature)
            if (lanes == 1 && x.Shape.First == 1)
                Jobs.RunHere(1, Workspace.Lanes, new SingleJob(x.Block.Address, byFeature, z.Block.Address, codes.Count, codes.Features, codes.Pitch));
            else
                Jobs.Run(workspace, x.Groups, lanes, new ForwardJob(x.Block.Address, byClass, z.Block.Address, codes.Count, codes.Features, lanes));
        GC.KeepAlive(x);
        return z;
    }

    /// <summary>∂L/∂x[n, j] = 2 · Σ over k of ∂L/∂z[n, k] · (w[k, j] − x[n, j]), a chain.</summary>
    public static Tensor InputGradient(Workspace workspace, Tensor dz, Tensor x, Codes codes)
    {
        var dx = workspace.Like(x);
        fixed (float* byClass = codes.ByClass)
            Jobs.RunHere(x.Groups, x.Block.Lanes, new InputJob(dz.Block.Address, null, x.Block.Address, byClass, dx.Block.Address, codes.Count, codes.Features, x.Block.Lanes));
        Jobs.KeepAlive(dz, x);
        return dx;
    }

    /// <summary>
    /// The second derivative by x, ∂²L/∂x[n, j]² = 4 · Σ over k of ∂²L/∂z[n, k]² · (w[k, j] − x[n, j])² − 2 · Σ over k of ∂L/∂z[n, k]: the first sum a chain of
    /// rounded squares, the second plain. It is the one place where a second derivative of an operation itself is kept: ∂²z/∂x² = −2, exactly.
    /// </summary>
    public static Tensor Curvature(Workspace workspace, Tensor first, Tensor second, Tensor x, Codes codes)
    {
        var dx = workspace.Like(x);
        fixed (float* byClass = codes.ByClass)
            Jobs.RunHere(x.Groups, x.Block.Lanes, new InputJob(
                first.Block.Address, second.Block.Address, x.Block.Address, byClass, dx.Block.Address, codes.Count, codes.Features, x.Block.Lanes));
        Jobs.KeepAlive(first, second, x);
        return dx;
    }

    // Samples in the lanes; an item is a group of them.
    private readonly struct ForwardJob(float* x, float* w, float* z, int count, int features, int lanes) : ILaneJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<T>(int group) where T : struct, ILanes<T>
        {
            for (var k = 0; k < count; k++)
                for (var lane = 0; lane < lanes; lane += T.Count)
                {
                    var sum = T.Broadcast(0);
                    for (var j = 0; j < features; j++)
                    {
                        var difference = T.Subtract(T.Load(x + ((((long)group * features) + j) * lanes) + lane), T.Broadcast(w[(k * features) + j]));
                        sum = T.MultiplyAdd(difference, difference, sum);
                    }

                    T.Store(T.Subtract(T.Broadcast(0), sum), z + ((((long)group * count) + k) * lanes) + lane);
                }
        }
    }

    // One sample: targets in the lanes.
    private readonly struct SingleJob(float* x, float* w, float* z, int count, int features, int pitch) : ILaneJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<T>(int item) where T : struct, ILanes<T>
        {
            var room = stackalloc float[Workspace.Lanes];
            for (var k = 0; k < count; k += T.Count)
            {
                var sum = T.Broadcast(0);
                for (var j = 0; j < features; j++)
                {
                    var difference = T.Subtract(T.Broadcast(x[j]), T.Load(w + (j * pitch) + k));
                    sum = T.MultiplyAdd(difference, difference, sum);
                }

                T.Store(T.Subtract(T.Broadcast(0), sum), room);
                for (var lane = 0; lane < Math.Min(T.Count, count - k); lane++)
                    z[k + lane] = room[lane];
            }
        }
    }

    // An item is a group of samples. Without second derivatives of the loss the first derivative is meant.
    private readonly struct InputJob(float* first, float* second, float* x, float* w, float* dx, int count, int features, int lanes) : ILaneJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<T>(int group) where T : struct, ILanes<T>
        {
            for (var j = 0; j < features; j++)
                for (var lane = 0; lane < lanes; lane += T.Count)
                {
                    var place = ((((long)group * features) + j) * lanes) + lane;
                    T.Store(second == null ? First(group, j, lane, T.Load(x + place)) : Second(group, j, lane, T.Load(x + place)), dx + place);
                }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private T First<T>(int group, int j, int lane, T value) where T : struct, ILanes<T>
        {
            var sum = T.Broadcast(0);
            for (var k = 0; k < count; k++)
                sum = T.MultiplyAdd(T.Load(first + Place(group, k, lane)), T.Subtract(T.Broadcast(w[(k * features) + j]), value), sum);
            return T.Multiply(T.Broadcast(2), sum);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private T Second<T>(int group, int j, int lane, T value) where T : struct, ILanes<T>
        {
            var (squares, slopes) = (T.Broadcast(0), T.Broadcast(0));
            for (var k = 0; k < count; k++)
            {
                var difference = T.Subtract(T.Broadcast(w[(k * features) + j]), value);
                squares = T.MultiplyAdd(T.Load(second + Place(group, k, lane)), T.Multiply(difference, difference), squares);
                slopes = T.Add(slopes, T.Load(first + Place(group, k, lane)));
            }

            return T.Subtract(T.Multiply(T.Broadcast(4), squares), T.Multiply(T.Broadcast(2), slopes));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private long Place(int group, int k, int lane) => ((((long)group * count) + k) * lanes) + lane;
    }
}
