using System.Runtime.CompilerServices;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>dx[f] = Σ over o of dy[o] · w[o, f] for single samples, each an item, with features in the lanes.</summary>
/// <param name="dy">O numbers for each sample.</param>
/// <param name="w">The weights, [O, F].</param>
/// <param name="dx">Room for F numbers for each sample.</param>
/// <param name="features">F.</param>
/// <param name="outputs">O.</param>
internal readonly unsafe struct SingleInputGradient(float* dy, float* w, float* dx, int features, int outputs) : ILaneJob
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Run<T>(int item) where T : struct, ILanes<T>
    {
        float* gradients = dy + ((long)item * outputs), target = dx + ((long)item * features);
        var f = 0;
        for (; f + (12 * T.Count) <= features; f += 12 * T.Count)
            Twelve<T>(gradients, w + f, target + f);
        for (; f + (4 * T.Count) <= features; f += 4 * T.Count)
            Four<T>(gradients, w + f, target + f);
        for (; f + T.Count <= features; f += T.Count)
            One<T>(gradients, w + f, target + f);
        for (; f < features; f++)
            One<Lanes1>(gradients, w + f, target + f);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Twelve<T>(float* gradients, float* weights, float* target) where T : struct, ILanes<T>
    {
        Sums<T> sums = default;
        for (var o = 0; o < outputs; o++, weights += features)
            sums.AddVectors(gradients[o], weights, weights + (3 * T.Count), weights + (6 * T.Count), weights + (9 * T.Count));
        sums.Store(target);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Four<T>(float* gradients, float* weights, float* target) where T : struct, ILanes<T>
    {
        T a, b, c, d;
        a = b = c = d = T.Broadcast(0);
        for (var o = 0; o < outputs; o++, weights += features)
        {
            var gradient = T.Broadcast(gradients[o]);
            a = T.MultiplyAdd(gradient, T.Load(weights), a);
            b = T.MultiplyAdd(gradient, T.Load(weights + T.Count), b);
            c = T.MultiplyAdd(gradient, T.Load(weights + (2 * T.Count)), c);
            d = T.MultiplyAdd(gradient, T.Load(weights + (3 * T.Count)), d);
        }

        T.Store(a, target);
        T.Store(b, target + T.Count);
        T.Store(c, target + (2 * T.Count));
        T.Store(d, target + (3 * T.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void One<T>(float* gradients, float* weights, float* target) where T : struct, ILanes<T>
    {
        var sum = T.Broadcast(0);
        for (var o = 0; o < outputs; o++, weights += features)
            sum = T.MultiplyAdd(T.Broadcast(gradients[o]), T.Load(weights), sum);
        T.Store(sum, target);
    }
}

/// <summary>dw[o, f] = dy[o] · x[f] and db[o] = dy[o] for a single sample: sums of one term, each begun from 0 as all sums are.</summary>
/// <param name="dy">O numbers.</param>
/// <param name="x">F numbers.</param>
/// <param name="dw">Room for [O, F].</param>
/// <param name="db">Room for O numbers, or null.</param>
/// <param name="features">F.</param>
/// <param name="outputs">O.</param>
internal readonly unsafe struct SingleWeightGradient(float* dy, float* x, float* dw, float* db, int features, int outputs) : ILaneJob
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Run<T>(int item) where T : struct, ILanes<T>
    {
        for (var o = 0; o < outputs; o++)
        {
            var (gradient, f) = (T.Broadcast(dy[o]), 0);
            var target = dw + ((long)o * features);
            for (; f + T.Count <= features; f += T.Count)
                T.Store(T.MultiplyAdd(gradient, T.Load(x + f), T.Broadcast(0)), target + f);
            for (; f < features; f++)
                Lanes1.Store(Lanes1.MultiplyAdd(Lanes1.Broadcast(dy[o]), Lanes1.Load(x + f), Lanes1.Broadcast(0)), target + f);
            if (db != null)
                db[o] = 0f + dy[o];
        }
    }
}
