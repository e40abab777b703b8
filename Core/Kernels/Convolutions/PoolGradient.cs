using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>The derivative of a <see cref="ConvolutionBlock"/>'s pool together with the ReLU's: windows that do not overlap, one pass.</summary>
internal static unsafe class PoolGradient
{
    /// <summary>Each window's gradient at the cell that was chosen, unless the ReLU held it back (value ≤ 0); 0 at all others: [N, C, H, W].</summary>
    public static Tensor Of(Workspace workspace, Tensor dValues, Tensor values, Tensor choices, ConvolutionGeometry pool, bool rectify)
    {
        var dx = workspace.Batch(pool.Input(dValues.Shape.First));
        float* pd = dValues.Block.Address, pv = values.Block.Address, pc = choices.Block.Address, px = dx.Block.Address;
        var lanes = dValues.Block.Lanes;
        workspace.Workers.Run(dValues.Groups, group =>
            Spread(pd, pv, pc, px + ((long)group * pool.Channels * pool.Pixels * lanes), pool, lanes, rectify, group));
        GC.KeepAlive(dValues);
        GC.KeepAlive(values);
        GC.KeepAlive(choices);
        return dx;
    }

    /// <summary><see cref="Of"/> for one group.</summary>
    public static void Spread(float* dValues, float* values, float* choices, float* dx, ConvolutionGeometry pool, int lanes, bool rectify, int group)
    {
        var offset = (long)group * pool.Channels * pool.OutputPixels * lanes;
        if (lanes == 1 && pool.KernelHeight * pool.KernelWidth > 1)
            Scatter(dValues + offset, values + offset, choices + offset, dx, pool, rectify);
        else if (lanes == 1)
            Cells<Lanes1>(dValues + offset, values + offset, choices + offset, dx, pool, lanes, rectify);
        else if (Hardware.Has512)
            Cells<Lanes512>(dValues + offset, values + offset, choices + offset, dx, pool, lanes, rectify);
        else if (Hardware.Has256)
            Cells<Lanes256>(dValues + offset, values + offset, choices + offset, dx, pool, lanes, rectify);
        else if (Hardware.Has128)
            Cells<Lanes128>(dValues + offset, values + offset, choices + offset, dx, pool, lanes, rectify);
        else
            Cells<Lanes1>(dValues + offset, values + offset, choices + offset, dx, pool, lanes, rectify);
    }

    // One sample: each gradient is written where it belongs, among zeros.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scatter(float* dValues, float* values, float* choices, float* dx, ConvolutionGeometry pool, bool rectify)
    {
        new Span<float>(dx, pool.Channels * pool.Pixels).Clear();
        var cells = stackalloc int[pool.KernelHeight * pool.KernelWidth];
        for (var cell = 0; cell < pool.KernelHeight * pool.KernelWidth; cell++)
            cells[cell] = (cell / pool.KernelWidth * pool.Width) + (cell % pool.KernelWidth);
        for (var c = 0; c < pool.Channels; c++, dx += pool.Pixels)
            for (var i = 0; i < pool.OutputHeight; i++)
            {
                var corner = dx + ((long)i * pool.StrideHeight * pool.Width);
                for (var j = 0; j < pool.OutputWidth; j++, dValues++, corner += pool.StrideWidth)
                {
                    corner[cells[(int)*choices++]] = rectify ? Passed(*dValues, *values) : *dValues;
                    values++;
                }
            }
    }

    // value ≤ 0 ? 0 : gradient, without a branch: which values are positive cannot be predicted.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Passed(float gradient, float value) => Vector128.AndNot(
        Vector128.CreateScalarUnsafe(gradient), Vector128.LessThanOrEqual(Vector128.CreateScalarUnsafe(value), Vector128<float>.Zero)).ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Cells<T>(float* dValues, float* values, float* choices, float* dx, ConvolutionGeometry pool, int lanes, bool rectify) where T : struct, ILanes<T>
    {
        var zero = T.Broadcast(0);
        var covered = pool.StrideHeight == pool.KernelHeight && pool.StrideWidth == pool.KernelWidth
            && pool.OutputHeight * pool.StrideHeight == pool.Height && pool.OutputWidth * pool.StrideWidth == pool.Width;
        if (!covered)
            new Span<float>(dx, pool.Channels * pool.Pixels * lanes).Clear();
        for (var c = 0; c < pool.Channels; c++, dx += (long)pool.Pixels * lanes)
            for (var i = 0; i < pool.OutputHeight; i++)
            {
                var corner = dx + ((long)i * pool.StrideHeight * pool.Width * lanes);
                for (var j = 0; j < pool.OutputWidth; j++, dValues += lanes, values += lanes, choices += lanes, corner += pool.StrideWidth * lanes)
                    for (var lane = 0; lane < lanes; lane += T.Count)
                    {
                        var (gradient, choice) = (T.Load(dValues + lane), T.Load(choices + lane));
                        if (rectify)
                            gradient = T.SelectLessOrEqual(T.Load(values + lane), zero, zero, gradient);
                        if (pool.KernelHeight * pool.KernelWidth == 1)
                            T.Store(gradient, corner + lane);
                        else
                            Window(gradient, choice, corner + lane, pool, lanes);
                    }
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Window<T>(T gradient, T choice, float* corner, ConvolutionGeometry pool, int lanes) where T : struct, ILanes<T>
    {
        var (zero, cell, one) = (T.Broadcast(0), T.Broadcast(0), T.Broadcast(1));
        for (var u = 0; u < pool.KernelHeight; u++, corner += pool.Width * lanes)
            for (var v = 0; v < pool.KernelWidth; v++, cell = T.Add(cell, one))
                T.Store(T.SelectSameBits(choice, cell, gradient, zero), corner + (v * lanes));
    }
}
