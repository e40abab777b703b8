using System.Runtime.CompilerServices;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>The step of the stochastic diagonal Levenberg–Marquardt method for one parameter (LeCun et al. 1998, appendix C).</summary>
internal static unsafe class DiagonalUpdate
{
    private const int ItemLength = 1 << 14;

    /// <summary>p ← fma(g, −η / (μ + h), p): the sum and the quotient are rounded, η and μ are rounded to float32 first.</summary>
    /// <param name="workspace">Where the result is made.</param>
    /// <param name="p">The parameter.</param>
    /// <param name="g">Its gradient.</param>
    /// <param name="h">Its second derivative, h_kk.</param>
    /// <param name="rate">η.</param>
    /// <param name="mu">μ.</param>
    public static Tensor Step(Workspace workspace, Tensor p, Tensor g, Tensor h, double rate, double mu)
    {
        var result = workspace.Like(p);
        Jobs.Run(workspace, (p.Count + ItemLength - 1) / ItemLength, Workspace.Lanes, new StepJob(
            p.Block.Address, g.Block.Address, h.Block.Address, result.Block.Address, p.Count, (float)-rate, (float)mu));
        Jobs.KeepAlive(p, g, h);
        return result;
    }

    private readonly struct StepJob(float* p, float* g, float* h, float* result, int length, float rate, float mu) : ILaneJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<T>(int item) where T : struct, ILanes<T>
        {
            var (i, end) = (item * ItemLength, Math.Min(length, (item + 1) * ItemLength));
            for (; i + T.Count <= end; i += T.Count)
                Step<T>(i);
            for (; i < end; i++)
                Step<Lanes1>(i);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Step<T>(int i) where T : struct, ILanes<T> =>
            T.Store(T.MultiplyAdd(T.Load(g + i), T.Divide(T.Broadcast(rate), T.Add(T.Broadcast(mu), T.Load(h + i))), T.Load(p + i)), result + i);
    }
}
