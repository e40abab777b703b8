using System.Runtime.CompilerServices;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

internal static unsafe partial class Updates
{
    /// <summary>
    /// RMSProp as torch.optim.RMSprop: with weight decay g ← fma(p, wd, g); s ← s·α + (g·g)·(1 − α); centred, a ← fma(g, 1 − α, a·α) and d = √(s − a·a) + ε,
    /// else d = √s + ε; with momentum b ← b·μ + g/d and p ← fma(b, −lr, p), else p ← p + (g/d)·(−lr).
    /// </summary>
    /// <param name="workspace">Where the results are made.</param>
    /// <param name="p">The parameter.</param>
    /// <param name="g">Its gradient.</param>
    /// <param name="moments">s; then a where centred; then b where there is momentum.</param>
    /// <param name="learningRate">lr.</param>
    /// <param name="alpha">α.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="weightDecay">wd.</param>
    /// <param name="momentum">μ.</param>
    /// <param name="centered">Whether s is taken about the mean.</param>
    /// <returns>p, and the moments in their order.</returns>
    public static (Tensor Parameter, EquatableArray<Tensor> Moments) RmsProp(
        Workspace workspace, Tensor p, Tensor g, EquatableArray<Tensor> moments,
        double learningRate, double alpha, double epsilon, double weightDecay, double momentum, bool centered)
    {
        var (next, results) = (workspace.Like(p), moments.Select(workspace.Like).ToEquatableArray());
        // Where there is no mean or no velocity, the job does not touch the addresses.
        float* Old(int index) => moments[Math.Min(index, moments.Count - 1)].Block.Address;
        float* New(int index) => results[Math.Min(index, moments.Count - 1)].Block.Address;
        var velocity = centered ? 2 : 1;
        Jobs.Run(workspace, Items(p), Workspace.Lanes, new RmsPropJob(
            p.Block.Address, g.Block.Address, Old(0), Old(1), Old(velocity), next.Block.Address, New(0), New(1), New(velocity), p.Count,
            (float)-learningRate, (float)alpha, (float)(1 - alpha), (float)epsilon, (float)weightDecay, (float)momentum, centered));
        Jobs.KeepAlive(p, g);
        GC.KeepAlive(moments);
        return (next, results);
    }

    /// <summary>AdaGrad as torch.optim.Adagrad: with weight decay g ← fma(p, wd, g); s ← s + g·g; p ← p + (g/(√s + ε))·(−lr).</summary>
    /// <param name="workspace">Where the results are made.</param>
    /// <param name="p">The parameter.</param>
    /// <param name="g">Its gradient.</param>
    /// <param name="sum">s.</param>
    /// <param name="learningRate">lr of this step.</param>
    /// <param name="weightDecay">wd.</param>
    /// <param name="epsilon">ε.</param>
    public static (Tensor Parameter, Tensor Sum) AdaGrad(Workspace workspace, Tensor p, Tensor g, Tensor sum, double learningRate, double weightDecay, double epsilon)
    {
        var (next, newSum) = (workspace.Like(p), workspace.Like(p));
        Jobs.Run(workspace, Items(p), Workspace.Lanes, new AdaGradJob(
            p.Block.Address, g.Block.Address, sum.Block.Address, next.Block.Address, newSum.Block.Address, p.Count,
            (float)-learningRate, (float)weightDecay, (float)epsilon));
        Jobs.KeepAlive(p, g, sum);
        return (next, newSum);
    }

    /// <summary>A sum in double with the squares of a parameter's elements added one by one, row-major.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double AddSquares(double sum, Tensor parameter)
    {
        var values = parameter.Block.Address;
        for (var i = 0; i < parameter.Count; i++)
            sum += (double)values[i] * values[i];
        GC.KeepAlive(parameter);
        return sum;
    }

    private readonly struct RmsPropJob(
        float* p, float* g, float* s, float* a, float* b, float* newP, float* newS, float* newA, float* newB, int length,
        float rate, float alpha, float fresh, float epsilon, float decay, float momentum, bool centered) : ILaneJob
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
            var (parameter, gradient) = (T.Load(p + i), Decayed(T.Load(p + i), T.Load(g + i), decay));
            var square = T.Add(T.Multiply(T.Load(s + i), T.Broadcast(alpha)), T.Multiply(T.Multiply(gradient, gradient), T.Broadcast(fresh)));
            T.Store(square, newS + i);
            if (centered)
            {
                var mean = T.MultiplyAdd(gradient, T.Broadcast(fresh), T.Multiply(T.Load(a + i), T.Broadcast(alpha)));
                T.Store(mean, newA + i);
                square = T.Subtract(square, T.Multiply(mean, mean));
            }

            var step = T.Divide(gradient, T.Add(T.SquareRoot(square), T.Broadcast(epsilon)));
            if (momentum == 0)
            {
                T.Store(T.Add(parameter, T.Multiply(step, T.Broadcast(rate))), newP + i);
                return;
            }

            var velocity = T.Add(T.Multiply(T.Load(b + i), T.Broadcast(momentum)), step);
            T.Store(velocity, newB + i);
            T.Store(T.MultiplyAdd(velocity, T.Broadcast(rate), parameter), newP + i);
        }
    }

    private readonly struct AdaGradJob(float* p, float* g, float* s, float* newP, float* newS, int length, float rate, float decay, float epsilon) : ILaneJob
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
            var (parameter, gradient) = (T.Load(p + i), Decayed(T.Load(p + i), T.Load(g + i), decay));
            var sum = T.Add(T.Load(s + i), T.Multiply(gradient, gradient));
            T.Store(sum, newS + i);
            T.Store(T.Add(parameter, T.Multiply(T.Divide(gradient, T.Add(T.SquareRoot(sum), T.Broadcast(epsilon))), T.Broadcast(rate))), newP + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Decayed<T>(T parameter, T gradient, float decay) where T : struct, ILanes<T> =>
        decay == 0 ? gradient : T.MultiplyAdd(parameter, T.Broadcast(decay), gradient);
}
