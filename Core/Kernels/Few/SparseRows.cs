using System.Runtime.CompilerServices;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// The gradients of a linear layer behind a ReLU, for some samples that lie one after another: half of ∂L/∂y and more is zero, so each row of a gradient is
/// the sum of the rows, of x or of the weights, whose factor is not.
/// </summary>
/// <remarks>Where leaving out a zero could change a bit (see <see cref="WeightGradient"/>), the caller computes all.</remarks>
internal static unsafe class SparseRows
{
    // Features of one item: the rows of x under them stay in the first-level cache, or those of the weights in the second-level one.
    private const int Block = 192;

    // Rows of weights that are looked at together.
    private const int Rows = 64;

    /// <summary>Sums that may be −0 and are computed again one by one; where there are more, all are.</summary>
    private const int FewZeros = 64;

    /// <summary>∂L/∂w: [O, F…]; false where it has to be computed in full.</summary>
    public static bool WeightGradient(Workspace workspace, Tensor dy, Tensor x, Tensor dw)
    {
        var (samples, features, outputs) = (x.Shape.First, x.Shape.Rest.Count, dw.Shape.First);
        if (!Finite.All(x) || !Magnitudes.Suffices(Magnitudes.Smallest(new(dy.Block.Address, dy.Count)), Magnitudes.Smallest(new(x.Block.Address, x.Count))))
            return false;
        using var scratch = workspace.Scratch.Begin();
        var lists = new Lists(workspace, outputs, samples);
        lists.OfColumns(dy.Block.Address);
        Sum(workspace, lists, x.Block.Address, features, dw.Block.Address, features % Workspace.Lanes == 0 && Aside.Takes(dw.Count, dw.Block.Address));
        Jobs.KeepAlive(dy, x);
        return true;
    }

    /// <summary>∂L/∂x: [N, F…]; false where it has to be computed in full.</summary>
    public static bool InputGradient(Workspace workspace, Tensor dy, Tensor w, Tensor dx)
    {
        var (samples, features, outputs) = (dx.Shape.First, dx.Shape.Rest.Count, w.Shape.First);
        using var scratch = workspace.Scratch.Begin();
        var lists = new Lists(workspace, samples, outputs);
        lists.OfRows(dy.Block.Address);
        Sum(workspace, lists, w.Block.Address, features, dx.Block.Address, aside: false);
        // A weight that is not finite leaves no sum finite that it is part of; and those that are part of none are looked at.
        var done = Finite.All(dx) && UnusedAreFinite(workspace, dy, w) && Settle(dy, w, dx);
        Jobs.KeepAlive(dy, w);
        return done;
    }

    private static bool UnusedAreFinite(Workspace workspace, Tensor dy, Tensor w)
    {
        var (outputs, features, samples, infinite) = (w.Shape.First, w.Shape.Rest.Count, dy.Shape.First, false);
        float* gradients = dy.Block.Address, weights = w.Block.Address;
        workspace.RunAlone((outputs + Rows - 1) / Rows, (item, _) =>
        {
            for (var o = item * Rows; o < Math.Min(outputs, (item + 1) * Rows); o++)
            {
                var used = false;
                for (var n = 0; n < samples && !used; n++)
                    used = gradients[((long)n * outputs) + o] != 0;
                if (!used && !Finite.All(new ReadOnlySpan<float>(weights + ((long)o * features), features)))
                    Volatile.Write(ref infinite, true);
            }
        });
        return !infinite;
    }

    private static bool Settle(Tensor dy, Tensor w, Tensor dx)
    {
        var sums = new Span<float>(dx.Block.Address, dx.Count);
        if (!Magnitudes.HasZero(sums))
            return true;
        var (outputs, features, zeros) = (w.Shape.First, w.Shape.Rest.Count, 0);
        for (var place = 0; place < sums.Length; place++)
            if (sums[place] == 0)
            {
                if (++zeros > FewZeros)
                    return false;
                float* gradients = dy.Block.Address + ((long)(place / features) * outputs), weights = w.Block.Address + (place % features);
                var sum = Lanes1.Broadcast(0);
                for (var o = 0; o < outputs; o++)
                    sum = Lanes1.MultiplyAdd(Lanes1.Load(gradients + o), Lanes1.Load(weights + ((long)o * features)), sum);
                Lanes1.Store(sum, dx.Block.Address + place);
            }

        return true;
    }

    private static void Sum(Workspace workspace, Lists lists, float* rows, int features, float* target, bool aside) =>
        Jobs.Run(workspace, (features + Block - 1) / Block, Workspace.Lanes, new SumJob(lists, rows, features, target, aside));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum<T>(Lists lists, float* rows, int features, int from, int to, float* target, bool aside) where T : struct, ILanes<T>
    {
        for (var row = 0; row < lists.Count; row++, target += features)
        {
            var f = from;
            for (; f + (12 * T.Count) <= to; f += 12 * T.Count)
                Twelve<T>(lists, row, rows + f, features, target + f, aside);
            for (; f + (4 * T.Count) <= to; f += 4 * T.Count)
                Four<T>(lists, row, rows + f, features, target + f, aside);
            for (; f + T.Count <= to; f += T.Count)
                One<T>(lists, row, rows + f, features, target + f);
            for (; f < to; f++)
                One<Lanes1>(lists, row, rows + f, features, target + f);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Twelve<T>(Lists lists, int row, float* rows, int features, float* target, bool aside) where T : struct, ILanes<T>
    {
        var (places, numbers, count) = ((nint)lists.Places(row), (nint)lists.Numbers(row), lists.Length(row));
        Sums<T> sums = default;
        for (var entry = 0; entry < count; entry++)
        {
            var source = rows + ((long)((int*)places)[entry] * features);
            sums.AddVectors(((float*)numbers)[entry], source, source + (3 * T.Count), source + (6 * T.Count), source + (9 * T.Count));
        }

        sums.Store(target, aside);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Four<T>(Lists lists, int row, float* rows, int features, float* target, bool aside) where T : struct, ILanes<T>
    {
        T a, b, c, d;
        a = b = c = d = T.Broadcast(0);
        for (var entry = 0; entry < lists.Length(row); entry++)
        {
            var (source, number) = ((nint)(rows + ((long)lists.Places(row)[entry] * features)), T.Broadcast(lists.Numbers(row)[entry]));
            a = T.MultiplyAdd(number, T.Load((float*)source), a);
            b = T.MultiplyAdd(number, T.Load((float*)source + T.Count), b);
            c = T.MultiplyAdd(number, T.Load((float*)source + (2 * T.Count)), c);
            d = T.MultiplyAdd(number, T.Load((float*)source + (3 * T.Count)), d);
        }

        Aside.Store(a, target, aside);
        Aside.Store(b, target + T.Count, aside);
        Aside.Store(c, target + (2 * T.Count), aside);
        Aside.Store(d, target + (3 * T.Count), aside);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void One<T>(Lists lists, int row, float* rows, int features, float* target) where T : struct, ILanes<T>
    {
        var sum = T.Broadcast(0);
        for (var entry = 0; entry < lists.Length(row); entry++)
            sum = T.MultiplyAdd(T.Broadcast(lists.Numbers(row)[entry]), T.Load(rows + ((long)lists.Places(row)[entry] * features)), sum);
        T.Store(sum, target);
    }

    // An item is a block of features.
    private readonly struct SumJob(Lists lists, float* rows, int features, float* target, bool aside) : ILaneJob
    {
        public void Run<T>(int item) where T : struct, ILanes<T> => Sum<T>(lists, rows, features, item * Block, Math.Min(features, (item + 1) * Block), target, aside);
    }

    /// <summary>For each sum, which rows it has and times what; in order.</summary>
    private readonly struct Lists
    {
        private readonly int* _places;
        private readonly float* _numbers;
        private readonly int* _lengths;
        private readonly float* _row;
        private readonly int* _indices;
        private readonly int _most;

        public Lists(Workspace workspace, int count, int most)
        {
            (Count, _most) = (count, most);
            // Vectors are written whole.
            var room = ((long)count * most) + (2 * Workspace.Lanes);
            _places = (int*)workspace.Scratch.Next(room);
            _numbers = workspace.Scratch.Next(room);
            _lengths = (int*)workspace.Scratch.Next(count);
            _row = workspace.Scratch.Next(most);
            _indices = (int*)workspace.Scratch.Next(most);
        }

        public int Count { get; }

        public int* Places(int row) => _places + ((long)row * _most);

        public float* Numbers(int row) => _numbers + ((long)row * _most);

        public int Length(int row) => _lengths[row];

        /// <summary>The numbers of each row of a matrix that are not zero.</summary>
        public void OfRows(float* matrix)
        {
            for (var index = 0; index < _most; index++)
                _indices[index] = index;
            for (var row = 0; row < Count; row++, matrix += _most)
            {
                // Vectors are read whole, too.
                new ReadOnlySpan<float>(matrix, _most).CopyTo(new(_row, _most));
                _lengths[row] = GradientLists.NonZeros(_row, _most, _indices, Places(row), Numbers(row));
            }
        }

        /// <summary>The numbers of each column of a matrix that are not zero.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void OfColumns(float* matrix)
        {
            new Span<int>(_lengths, Count).Clear();
            for (var row = 0; row < _most; row++, matrix += Count)
                for (var column = 0; column < Count; column++)
                {
                    // Without a branch: which is zero cannot be predicted.
                    var place = ((long)column * _most) + _lengths[column];
                    (_places[place], _numbers[place]) = (row, matrix[column]);
                    _lengths[column] += matrix[column] != 0 ? 1 : 0;
                }
        }
    }
}
