using System.Runtime.CompilerServices;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>A function of two numbers, lane by lane.</summary>
internal interface ILaneFunction
{
    /// <summary>The value in every lane.</summary>
    T Apply<T>(T a, T b) where T : struct, ILanes<T>;
}

/// <summary>Functions applied to every element of batches or parameters of one shape.</summary>
internal static unsafe class Elementwise
{
    // 64 KiB: work enough for a thread, and it stays in a core's own cache.
    private const int ItemLength = 1 << 14;

    /// <summary>a + b, element by element.</summary>
    public static Tensor Add(Workspace workspace, Tensor a, Tensor b) => Map(workspace, a, b, default(Sum));

    /// <summary>a · b, element by element.</summary>
    public static Tensor Multiply(Workspace workspace, Tensor a, Tensor b) => Map(workspace, a, b, default(Product));

    /// <summary>factor · a.</summary>
    public static Tensor Scale(Workspace workspace, Tensor a, float factor) => Map(workspace, a, a, new Multiple(factor));

    /// <summary>f(a, b), element by element, for two tensors of one shape that lie in memory alike.</summary>
    public static Tensor Map<TFunction>(Workspace workspace, Tensor a, Tensor b, TFunction function) where TFunction : unmanaged, ILaneFunction
    {
        if (a.Shape != b.Shape || a.Block.Length != b.Block.Length)
            throw new ArgumentException($"Tensors of shapes {a.Shape} and {b.Shape} have no elements in common places.", nameof(b));
        var y = workspace.Like(a);
        var length = Math.Min(a.Block.Length, y.Block.Length);
        Jobs.Run(workspace, (length + ItemLength - 1) / ItemLength, Workspace.Lanes, new MapJob<TFunction>(a.Block.Address, b.Block.Address, y.Block.Address, length, function));
        Jobs.KeepAlive(a, b);
        return y;
    }

    private readonly struct Sum : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b) where T : struct, ILanes<T> => T.Add(a, b);
    }

    private readonly struct Product : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b) where T : struct, ILanes<T> => T.Multiply(a, b);
    }

    private readonly struct Multiple(float factor) : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b) where T : struct, ILanes<T> => T.Multiply(a, T.Broadcast(factor));
    }

    private readonly struct MapJob<TFunction>(float* a, float* b, float* y, int length, TFunction function) : ILaneJob where TFunction : unmanaged, ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<T>(int item) where T : struct, ILanes<T>
        {
            var (i, end) = (item * ItemLength, Math.Min(length, (item + 1) * ItemLength));
            for (; i + T.Count <= end; i += T.Count)
                T.Store(function.Apply(T.Load(a + i), T.Load(b + i)), y + i);
            for (; i < end; i++)
                Lanes1.Store(function.Apply(Lanes1.Load(a + i), Lanes1.Load(b + i)), y + i);
        }
    }
}
