using System.Runtime.CompilerServices;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// A linear layer for samples that lie one after another, outputs in the lanes: at each step of the chains a number of the sample times up to twelve vectors of weights.
/// </summary>
/// <param name="features">F.</param>
/// <param name="outputs">O.</param>
internal readonly unsafe struct FewLinear(int features, int outputs)
{
    private const int MostVectors = 12;

    /// <summary>Room that there must be for outputs and biases: whole vectors.</summary>
    public int Length => Workspace.Rounded(outputs);

    /// <summary>Room that there must be for packed weights.</summary>
    public long PackedLength => (long)Length * features;

    /// <summary>y: [N, O] from x: [N, F…] and w: [O, F…]; a bias, of O numbers, may be null.</summary>
    public static void Forward(Workspace workspace, Tensor x, Tensor w, float* bias, Tensor y)
    {
        var (features, outputs) = (w.Shape.Rest.Count, w.Shape.First);
        var layer = new FewLinear(features, outputs);
        using var scratch = workspace.Scratch.Begin();
        float* packed = workspace.Scratch.Next(layer.PackedLength), wide = workspace.Scratch.Next(layer.Length);
        var biases = bias == null ? null : layer.Widened(workspace.Scratch, bias);
        layer.Pack(w.Block.Address, packed);
        for (var n = 0; n < x.Shape.First; n++)
        {
            layer.Apply(x.Block.Address + ((long)n * features), packed, biases, false, wide);
            new ReadOnlySpan<float>(wide, outputs).CopyTo(new(y.Block.Address + ((long)n * outputs), outputs));
        }

        Jobs.KeepAlive(x, w);
    }

    /// <summary>A number for each output, filled up with zeros.</summary>
    public float* Widened(Arena memory, float* numbers)
    {
        var wide = memory.Next(Length);
        new ReadOnlySpan<float>(numbers, outputs).CopyTo(new(wide, outputs));
        new Span<float>(wide + outputs, Length - outputs).Clear();
        return wide;
    }

    /// <summary>Weights, [O, F], as [F][run] for each run of twelve vectors of outputs, or fewer at the end; zeros for outputs beyond the last.</summary>
    public void Pack(float* w, float* packed)
    {
        for (var first = 0; first < Length; first += MostVectors * Workspace.Lanes)
        {
            var run = Run(first);
            for (var o = first; o < first + run; o += Transpose.Side)
                for (var f = 0; f < features; f += Transpose.Side)
                    Transpose.Block(
                        w + ((long)o * features) + f, features, Math.Min(Transpose.Side, outputs - o), Math.Min(Transpose.Side, features - f),
                        packed + ((long)f * run) + (o - first), run);
            packed += (long)run * features;
        }
    }

    /// <summary>y = x Wᵀ + b, rectified where asked, for one sample.</summary>
    /// <param name="x">F numbers.</param>
    /// <param name="packed">What <see cref="Pack"/> wrote.</param>
    /// <param name="bias">Numbers to add in the end, <see cref="Length"/> of them, or null.</param>
    /// <param name="rectify">Whether a ReLU, x ≤ 0 ? 0 : x, follows.</param>
    /// <param name="y">Room for <see cref="Length"/> numbers.</param>
    public void Apply(float* x, float* packed, float* bias, bool rectify, float* y)
    {
        if (Hardware.Has512)
            Apply<Lanes512>(x, packed, bias, rectify, y);
        else if (Hardware.Has256)
            Apply<Lanes256>(x, packed, bias, rectify, y);
        else if (Hardware.Has128)
            Apply<Lanes128>(x, packed, bias, rectify, y);
        else
            Apply<Lanes1>(x, packed, bias, rectify, y);
    }

    private int Run(int first) => Math.Min(MostVectors * Workspace.Lanes, Length - first);

    private void Apply<T>(float* x, float* packed, float* bias, bool rectify, float* y) where T : struct, ILanes<T>
    {
        for (var first = 0; first < Length; first += MostVectors * Workspace.Lanes)
        {
            var run = Run(first);
            for (var o = 0; o < run;)
                o += T.Count * Sums<T>((run - o) / T.Count, x, packed + o, run, bias == null ? null : bias + first + o, rectify, y + first + o);
            packed += (long)run * features;
        }
    }

    // As many vectors as there is code for, at most as many as are left.
    private int Sums<T>(int left, float* x, float* weights, int step, float* bias, bool rectify, float* y) where T : struct, ILanes<T> => left switch
    {
        >= 12 => Sums<T, V12>(x, weights, step, bias, rectify, y),
        >= 8 => Sums<T, V8>(x, weights, step, bias, rectify, y),
        >= 6 => Sums<T, V6>(x, weights, step, bias, rectify, y),
        >= 4 => Sums<T, V4>(x, weights, step, bias, rectify, y),
        >= 2 => Sums<T, V2>(x, weights, step, bias, rectify, y),
        _ => Sums<T, V1>(x, weights, step, bias, rectify, y),
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Sums<T, TWidth>(float* x, float* weights, int step, float* bias, bool rectify, float* y)
        where T : struct, ILanes<T>
        where TWidth : struct, IRunWidth
    {
        T s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11;
        s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = s8 = s9 = s10 = s11 = T.Broadcast(0);
        for (var f = 0; f < features; f++, weights += step)
        {
            var number = T.Broadcast(x[f]);
            s0 = T.MultiplyAdd(number, T.Load(weights), s0);
            if (TWidth.Count > 1)
                s1 = T.MultiplyAdd(number, T.Load(weights + T.Count), s1);
            if (TWidth.Count > 2)
            {
                s2 = T.MultiplyAdd(number, T.Load(weights + (2 * T.Count)), s2);
                s3 = T.MultiplyAdd(number, T.Load(weights + (3 * T.Count)), s3);
            }

            if (TWidth.Count > 4)
            {
                s4 = T.MultiplyAdd(number, T.Load(weights + (4 * T.Count)), s4);
                s5 = T.MultiplyAdd(number, T.Load(weights + (5 * T.Count)), s5);
            }

            if (TWidth.Count > 6)
            {
                s6 = T.MultiplyAdd(number, T.Load(weights + (6 * T.Count)), s6);
                s7 = T.MultiplyAdd(number, T.Load(weights + (7 * T.Count)), s7);
            }

            if (TWidth.Count > 8)
            {
                s8 = T.MultiplyAdd(number, T.Load(weights + (8 * T.Count)), s8);
                s9 = T.MultiplyAdd(number, T.Load(weights + (9 * T.Count)), s9);
                s10 = T.MultiplyAdd(number, T.Load(weights + (10 * T.Count)), s10);
                s11 = T.MultiplyAdd(number, T.Load(weights + (11 * T.Count)), s11);
            }
        }

        End(s0, bias, 0, rectify, y);
        if (TWidth.Count > 1)
            End(s1, bias, 1, rectify, y);
        if (TWidth.Count > 2)
        {
            End(s2, bias, 2, rectify, y);
            End(s3, bias, 3, rectify, y);
        }

        if (TWidth.Count > 4)
        {
            End(s4, bias, 4, rectify, y);
            End(s5, bias, 5, rectify, y);
        }

        if (TWidth.Count > 6)
        {
            End(s6, bias, 6, rectify, y);
            End(s7, bias, 7, rectify, y);
        }

        if (TWidth.Count > 8)
        {
            End(s8, bias, 8, rectify, y);
            End(s9, bias, 9, rectify, y);
            End(s10, bias, 10, rectify, y);
            End(s11, bias, 11, rectify, y);
        }

        return TWidth.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void End<T>(T sum, float* bias, int vector, bool rectify, float* y) where T : struct, ILanes<T>
    {
        sum = bias == null ? sum : T.Add(sum, T.Load(bias + (vector * T.Count)));
        T.Store(rectify ? Rectified.Of(sum) : sum, y + (vector * T.Count));
    }

    private readonly struct V1 : IRunWidth
    {
        public static int Count => 1;
    }

    private readonly struct V2 : IRunWidth
    {
        public static int Count => 2;
    }

    private readonly struct V4 : IRunWidth
    {
        public static int Count => 4;
    }

    private readonly struct V6 : IRunWidth
    {
        public static int Count => 6;
    }

    private readonly struct V8 : IRunWidth
    {
        public static int Count => 8;
    }

    private readonly struct V12 : IRunWidth
    {
        public static int Count => 12;
    }
}
