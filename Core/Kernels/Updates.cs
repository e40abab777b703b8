using System.Runtime.CompilerServices;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>One step of an optimizer for one parameter, each formula operation by operation as written.</summary>
/// <remarks>
/// Rates and factors are doubles and are rounded once to float32 where a formula meets them. "fma" is rounded once; every other operation by itself.
/// √v is the float32 square root: that is also (float)√((double)v), because rounding a square root to 53 ≥ 2·24 + 2 bits first does no harm
/// (S. Figueroa, "When is double rounding innocuous?", ACM SIGNUM Newsletter 30(3), 1995).
/// </remarks>
internal static unsafe partial class Updates
{
    // Seven streams of 16 KiB: work enough for a thread, and it stays in a core's own cache.
    private const int ItemLength = 1 << 12;

    /// <summary>βᵗ by squaring: from 1, for each bit of t from the highest, r ← r·r, and r ← r·β where the bit is set.</summary>
    /// <remarks>
    /// Stated multiplications instead of the platform's power. For β of 0.9 to 0.999 and t to 200,000 the bias corrections made of it are, rounded
    /// to float32, those made of Python's <c>beta ** t</c>.
    /// </remarks>
    /// <param name="beta">β.</param>
    /// <param name="t">t, at least 0.</param>
    public static double Power(double beta, int t)
    {
        var result = 1.0;
        for (var bit = 31 - int.LeadingZeroCount(t); bit >= 0; bit--)
            result = result * result * ((t >> bit & 1) == 1 ? beta : 1.0);
        return result;
    }

    /// <summary>
    /// Stochastic gradient descent as torch.optim.SGD: g ← fma(p, wd, g) where wd ≠ 0; v ← g at first, then fma(g, 1 − dampening, v·μ), where μ ≠ 0;
    /// the step is v, or for Nesterov fma(v, μ, g); p ← fma(step, −lr, p).
    /// </summary>
    /// <remarks>
    /// PyTorch's add(x, alpha) is <c>vec::fmadd</c> (aten/src/ATen/native/cpu/BinaryOpsKernel.cpp), so each of these is fused there too on a processor
    /// with AVX2.
    /// </remarks>
    /// <param name="workspace">Where the results are made.</param>
    /// <param name="p">The parameter.</param>
    /// <param name="g">Its gradient.</param>
    /// <param name="velocity">v; not read at the first step, nor without momentum.</param>
    /// <param name="learningRate">lr.</param>
    /// <param name="momentum">μ.</param>
    /// <param name="dampening">What of the gradient does not enter v.</param>
    /// <param name="nesterov">Whether the step looks ahead.</param>
    /// <param name="weightDecay">wd.</param>
    /// <param name="first">Whether this is the first step.</param>
    /// <returns>p, and v: the given one without momentum.</returns>
    public static (Tensor Parameter, Tensor Velocity) Sgd(
        Workspace workspace, Tensor p, Tensor g, Tensor velocity,
        double learningRate, double momentum, double dampening, bool nesterov, double weightDecay, bool first)
    {
        var result = workspace.Like(p);
        var newVelocity = momentum == 0 ? velocity : workspace.Like(p);
        var job = new SgdJob(
            p.Block.Address, g.Block.Address, velocity.Block.Address, result.Block.Address, newVelocity.Block.Address, p.Count,
            (float)-learningRate, (float)momentum, (float)(1 - dampening), nesterov, (float)weightDecay, first);
        Jobs.Run(workspace, Items(p), Workspace.Lanes, job);
        Jobs.KeepAlive(p, g, velocity);
        return (result, newVelocity);
    }

    /// <summary>
    /// Adam (D. Kingma and J. Ba, arXiv:1412.6980) as torch.optim.Adam writes it: m ← fma(g, 1 − β₁, m·β₁); v ← v·β₂ + (g·g)·(1 − β₂);
    /// d = √v / √(1 − β₂ᵗ) + ε; p ← p + (m/d)·(−lr/(1 − β₁ᵗ)). With weight decay, first g ← fma(p, wd, g).
    /// </summary>
    /// <remarks>The bias corrections are computed in double and rounded once to float32.</remarks>
    /// <param name="workspace">Where the results are made.</param>
    /// <param name="p">The parameter.</param>
    /// <param name="g">Its gradient.</param>
    /// <param name="m">The first moment before this step.</param>
    /// <param name="v">The second moment before this step.</param>
    /// <param name="t">The step's number, from 1.</param>
    /// <param name="learningRate">lr.</param>
    /// <param name="beta1">β₁.</param>
    /// <param name="beta2">β₂.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="weightDecay">wd.</param>
    public static (Tensor Parameter, Tensor First, Tensor Second) Adam(
        Workspace workspace, Tensor p, Tensor g, Tensor m, Tensor v, int t,
        double learningRate, double beta1, double beta2, double epsilon, double weightDecay) =>
        Adam(workspace, p, g, m, v, new AdamFactors(
            (float)beta1, (float)(1 - beta1), (float)beta2, (float)(1 - beta2),
            (float)Math.Sqrt(1 - Power(beta2, t)), (float)epsilon, (float)(-learningRate / (1 - Power(beta1, t))), (float)weightDecay, Remaining: 1, EpsilonFirst: false));

    /// <summary>Adam with decoupled weight decay as torch.optim.AdamW: first p ← p·(1 − lr·wd), then Adam without any.</summary>
    /// <remarks>The factor is computed in double and rounded once to float32.</remarks>
    /// <inheritdoc cref="Adam(Workspace, Tensor, Tensor, Tensor, Tensor, int, double, double, double, double, double)"/>
    public static (Tensor Parameter, Tensor First, Tensor Second) AdamW(
        Workspace workspace, Tensor p, Tensor g, Tensor m, Tensor v, int t,
        double learningRate, double beta1, double beta2, double epsilon, double weightDecay) =>
        Adam(workspace, p, g, m, v, new AdamFactors(
            (float)beta1, (float)(1 - beta1), (float)beta2, (float)(1 - beta2),
            (float)Math.Sqrt(1 - Power(beta2, t)), (float)epsilon, (float)(-learningRate / (1 - Power(beta1, t))), Decay: 0,
            (float)(1 - (learningRate * weightDecay)), EpsilonFirst: false));

    /// <summary>
    /// Adam as TensorFlow writes it (tensorflow/core/kernels/training_ops.cc, ApplyAdam), where ε is added before the bias is corrected:
    /// m ← m + (g − m)·(1 − β₁); v ← v + (g·g − v)·(1 − β₂); p ← p − (m·lrₜ)/(√v + ε) with lrₜ = lr·√(1 − β₂ᵗ)/(1 − β₁ᵗ).
    /// </summary>
    /// <remarks>lrₜ is computed in double and rounded once to float32. With weight decay, first g ← fma(p, wd, g).</remarks>
    /// <inheritdoc cref="Adam(Workspace, Tensor, Tensor, Tensor, Tensor, int, double, double, double, double, double)"/>
    public static (Tensor Parameter, Tensor First, Tensor Second) AdamEpsilonFirst(
        Workspace workspace, Tensor p, Tensor g, Tensor m, Tensor v, int t,
        double learningRate, double beta1, double beta2, double epsilon, double weightDecay) =>
        Adam(workspace, p, g, m, v, new AdamFactors(
            (float)beta1, (float)(1 - beta1), (float)beta2, (float)(1 - beta2),
            1, (float)epsilon, (float)(learningRate * Math.Sqrt(1 - Power(beta2, t)) / (1 - Power(beta1, t))), (float)weightDecay, Remaining: 1, EpsilonFirst: true));

    private static (Tensor Parameter, Tensor First, Tensor Second) Adam(Workspace workspace, Tensor p, Tensor g, Tensor m, Tensor v, AdamFactors factors)
    {
        var (newP, newM, newV) = (workspace.Like(p), workspace.Like(p), workspace.Like(p));
        var job = new AdamJob(
            p.Block.Address, g.Block.Address, m.Block.Address, v.Block.Address,
            newP.Block.Address, newM.Block.Address, newV.Block.Address, p.Count, factors);
        Jobs.Run(workspace, Items(p), Workspace.Lanes, job);
        Jobs.KeepAlive(p, g);
        Jobs.KeepAlive(m, v);
        return (newP, newM, newV);
    }

    private static int Items(Tensor parameter) => (parameter.Count + ItemLength - 1) / ItemLength;

    private readonly struct SgdJob(
        float* p, float* g, float* v, float* newP, float* newV, int length,
        float rate, float momentum, float fresh, bool nesterov, float decay, bool first) : ILaneJob
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
        private void Step<T>(int i) where T : struct, ILanes<T>
        {
            var (parameter, step) = (T.Load(p + i), T.Load(g + i));
            if (decay != 0)
                step = T.MultiplyAdd(parameter, T.Broadcast(decay), step);
            if (momentum != 0)
            {
                var velocity = first ? step : T.MultiplyAdd(step, T.Broadcast(fresh), T.Multiply(T.Load(v + i), T.Broadcast(momentum)));
                T.Store(velocity, newV + i);
                step = nesterov ? T.MultiplyAdd(velocity, T.Broadcast(momentum), step) : velocity;
            }

            T.Store(T.MultiplyAdd(step, T.Broadcast(rate), parameter), newP + i);
        }
    }

    private readonly record struct AdamFactors(
        float Beta1, float Fresh1, float Beta2, float Fresh2, float Correction, float Epsilon, float Rate, float Decay, float Remaining, bool EpsilonFirst);

    private readonly struct AdamJob(
        float* p, float* g, float* m, float* v, float* newP, float* newM, float* newV, int length, AdamFactors factors) : ILaneJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<T>(int item) where T : struct, ILanes<T>
        {
            var (i, end) = (item * ItemLength, Math.Min(length, (item + 1) * ItemLength));
            var aside = Aside.Takes(length, newP) && Aside.Takes(length, newM) && Aside.Takes(length, newV);
            for (; i + T.Count <= end; i += T.Count)
                Step<T>(i, aside);
            for (; i < end; i++)
                Step<Lanes1>(i, false);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Step<T>(int i, bool aside) where T : struct, ILanes<T>
        {
            var (parameter, gradient) = (T.Load(p + i), T.Load(g + i));
            if (factors.Decay != 0)
                gradient = T.MultiplyAdd(parameter, T.Broadcast(factors.Decay), gradient);
            if (factors.Remaining != 1)
                parameter = T.Multiply(parameter, T.Broadcast(factors.Remaining));
            var (moment, square) = factors.EpsilonFirst ? TensorFlow(gradient, T.Load(m + i), T.Load(v + i)) : PyTorch(gradient, T.Load(m + i), T.Load(v + i));
            var (rate, epsilon, root) = (T.Broadcast(factors.Rate), T.Broadcast(factors.Epsilon), T.SquareRoot(square));
            parameter = factors.EpsilonFirst
                ? T.Subtract(parameter, T.Divide(T.Multiply(moment, rate), T.Add(root, epsilon)))
                : T.Add(parameter, T.Multiply(T.Divide(moment, T.Add(T.Divide(root, T.Broadcast(factors.Correction)), epsilon)), rate));
            Aside.Store(moment, newM + i, aside);
            Aside.Store(square, newV + i, aside);
            Aside.Store(parameter, newP + i, aside);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private (T First, T Second) PyTorch<T>(T g, T m, T v) where T : struct, ILanes<T> => (
            T.MultiplyAdd(g, T.Broadcast(factors.Fresh1), T.Multiply(m, T.Broadcast(factors.Beta1))),
            T.Add(T.Multiply(v, T.Broadcast(factors.Beta2)), T.Multiply(T.Multiply(g, g), T.Broadcast(factors.Fresh2))));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private (T First, T Second) TensorFlow<T>(T g, T m, T v) where T : struct, ILanes<T> => (
            T.Add(m, T.Multiply(T.Subtract(g, m), T.Broadcast(factors.Fresh1))),
            T.Add(v, T.Multiply(T.Subtract(T.Multiply(g, g), v), T.Broadcast(factors.Fresh2))));
    }
}
