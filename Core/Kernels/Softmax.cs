using System.Runtime.CompilerServices;
using FunctionalLeNet.Core.Numerics;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// The softmax p_k = exp(x_k − m) / s of each sample, with m = max x and s = Σ exp(x_k − m), its logarithm (x_k − m) − log s, and their derivatives.
/// </summary>
/// <remarks>To the last bit: m is the maximum in order; e_k = exp(x_k − m) in float32; s the plain sum of e_k from left to right; p_k = e_k / s.</remarks>
internal static unsafe class Softmax
{
    /// <summary>p: [N, K] from x: [N, K].</summary>
    public static Tensor Forward(Workspace workspace, Tensor x) => Run(workspace, x, x, default(Probabilities));

    /// <summary>∂L/∂x_k = p_k · (∂L/∂p_k − s), s the chain of fused multiply-adds Σ over j of ∂L/∂p_j · p_j.</summary>
    public static Tensor InputGradient(Workspace workspace, Tensor dy, Tensor p) => Run(workspace, dy, p, default(ProbabilitiesGradient));

    /// <summary>h by x_k, Σ over j of h by p_j · (∂p_j/∂x_k)², as p_k² · fma(h_k, 1 − (p_k + p_k), s), s the chain of fused multiply-adds Σ over j of h_j · p_j².</summary>
    public static Tensor InputCurvature(Workspace workspace, Tensor h, Tensor p) => Run(workspace, h, p, default(ProbabilitiesCurvature));

    /// <summary>(x_k − m) − log s: [N, K] from x: [N, K]; finite where the softmax itself is 0 in float32.</summary>
    public static Tensor LogForward(Workspace workspace, Tensor x) => Run(workspace, x, x, default(Logarithms));

    /// <summary>∂L/∂x_k = ∂L/∂y_k − exp(y_k) · s, s the plain sum of ∂L/∂y from left to right.</summary>
    public static Tensor LogInputGradient(Workspace workspace, Tensor dy, Tensor y) => Run(workspace, dy, y, default(LogarithmsGradient));

    /// <summary>h by x_k, Σ over j of h by y_j · (∂y_j/∂x_k)², as fma(h_k, 1 − (p_k + p_k), p_k² · s) with p_k = exp(y_k), s the plain sum of h from left to right.</summary>
    public static Tensor LogInputCurvature(Workspace workspace, Tensor h, Tensor y) => Run(workspace, h, y, default(LogarithmsCurvature));

    /// <summary>y = x − max x of one vector of samples, and the maximum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Shifted<T>(float* x, float* y, int classes, int lanes) where T : struct, ILanes<T>
    {
        var maximum = T.Broadcast(float.NegativeInfinity);
        for (var k = 0; k < classes; k++)
            maximum = T.SelectLessOrEqual(maximum, T.Load(x + (k * lanes)), T.Load(x + (k * lanes)), maximum);
        for (var k = 0; k < classes; k++)
            T.Store(T.Subtract(T.Load(x + (k * lanes)), maximum), y + (k * lanes));
        return maximum;
    }

    /// <summary>y = exp x of one vector of samples, and their sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exponentials<T>(float* x, float* y, int classes, int lanes) where T : struct, ILanes<T>
    {
        var sum = T.Broadcast(0);
        for (var k = 0; k < classes; k++)
        {
            var e = T.InDouble(T.Load(x + (k * lanes)), default(ExactMath.ExpFunction));
            T.Store(e, y + (k * lanes));
            sum = T.Add(sum, e);
        }

        return sum;
    }

    /// <summary>y = y / divisor of one vector of samples.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Divide<T>(float* y, T divisor, int classes, int lanes) where T : struct, ILanes<T>
    {
        for (var k = 0; k < classes; k++)
            T.Store(T.Divide(T.Load(y + (k * lanes)), divisor), y + (k * lanes));
    }

    private static Tensor Run<TRow>(Workspace workspace, Tensor a, Tensor b, TRow row) where TRow : unmanaged, IRow
    {
        var y = workspace.Batch(a.Shape);
        var job = new RowJob<TRow>(a.Block.Address, b.Block.Address, y.Block.Address, a.Shape.Rest.Count, a.Block.Lanes, row);
        Jobs.Run(workspace, a.Groups, a.Block.Lanes, job);
        Jobs.KeepAlive(a, b);
        return y;
    }

    // A function of all numbers of a sample, for one vector of samples.
    private interface IRow
    {
        void Apply<T>(float* a, float* b, float* y, int classes, int lanes) where T : struct, ILanes<T>;
    }

    // An item is a group of samples, side by side in the lanes.
    private readonly struct RowJob<TRow>(float* a, float* b, float* y, int classes, int lanes, TRow row) : ILaneJob where TRow : unmanaged, IRow
    {
        public void Run<T>(int item) where T : struct, ILanes<T>
        {
            var group = (long)item * classes * lanes;
            for (var lane = 0; lane < lanes; lane += T.Count)
                row.Apply<T>(a + group + lane, b + group + lane, y + group + lane, classes, lanes);
        }
    }

    private readonly struct Probabilities : IRow
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Apply<T>(float* a, float* b, float* y, int classes, int lanes) where T : struct, ILanes<T>
        {
            Shifted<T>(a, y, classes, lanes);
            Divide(y, Exponentials<T>(y, y, classes, lanes), classes, lanes);
        }
    }

    private readonly struct ProbabilitiesGradient : IRow
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Apply<T>(float* dp, float* p, float* dx, int classes, int lanes) where T : struct, ILanes<T>
        {
            var sum = T.Broadcast(0);
            for (var k = 0; k < classes; k++)
                sum = T.MultiplyAdd(T.Load(dp + (k * lanes)), T.Load(p + (k * lanes)), sum);
            for (var k = 0; k < classes; k++)
                T.Store(T.Multiply(T.Load(p + (k * lanes)), T.Subtract(T.Load(dp + (k * lanes)), sum)), dx + (k * lanes));
        }
    }

    private readonly struct ProbabilitiesCurvature : IRow
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Apply<T>(float* h, float* p, float* hx, int classes, int lanes) where T : struct, ILanes<T>
        {
            var sum = T.Broadcast(0);
            for (var k = 0; k < classes; k++)
                sum = T.MultiplyAdd(T.Load(h + (k * lanes)), Square(T.Load(p + (k * lanes))), sum);
            for (var k = 0; k < classes; k++)
            {
                var one = T.Load(p + (k * lanes));
                T.Store(T.Multiply(Square(one), T.MultiplyAdd(T.Load(h + (k * lanes)), OneLessTwice(one), sum)), hx + (k * lanes));
            }
        }
    }

    private readonly struct Logarithms : IRow
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Apply<T>(float* x, float* b, float* y, int classes, int lanes) where T : struct, ILanes<T>
        {
            // The exponentials are wanted for their sum alone: y is where they are kept meanwhile.
            var maximum = Shifted<T>(x, y, classes, lanes);
            var logarithm = T.InDouble(Exponentials<T>(y, y, classes, lanes), default(ExactMath.LogFunction));
            for (var k = 0; k < classes; k++)
                T.Store(T.Subtract(T.Subtract(T.Load(x + (k * lanes)), maximum), logarithm), y + (k * lanes));
        }
    }

    private readonly struct LogarithmsGradient : IRow
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Apply<T>(float* dy, float* y, float* dx, int classes, int lanes) where T : struct, ILanes<T>
        {
            var sum = T.Broadcast(0);
            for (var k = 0; k < classes; k++)
                sum = T.Add(sum, T.Load(dy + (k * lanes)));
            for (var k = 0; k < classes; k++)
            {
                var p = T.InDouble(T.Load(y + (k * lanes)), default(ExactMath.ExpFunction));
                T.Store(T.Subtract(T.Load(dy + (k * lanes)), T.Multiply(p, sum)), dx + (k * lanes));
            }
        }
    }

    private readonly struct LogarithmsCurvature : IRow
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Apply<T>(float* h, float* y, float* hx, int classes, int lanes) where T : struct, ILanes<T>
        {
            var sum = T.Broadcast(0);
            for (var k = 0; k < classes; k++)
                sum = T.Add(sum, T.Load(h + (k * lanes)));
            for (var k = 0; k < classes; k++)
            {
                var p = T.InDouble(T.Load(y + (k * lanes)), default(ExactMath.ExpFunction));
                T.Store(T.MultiplyAdd(T.Load(h + (k * lanes)), OneLessTwice(p), T.Multiply(Square(p), sum)), hx + (k * lanes));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Square<T>(T p) where T : struct, ILanes<T> => T.Multiply(p, p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T OneLessTwice<T>(T p) where T : struct, ILanes<T> => T.Subtract(T.Broadcast(1), T.Add(p, p));
}
