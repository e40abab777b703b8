using System.Runtime.CompilerServices;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// The one loop nest behind a dense layer and its derivatives: C[v, r] = Σ over k of A[k, v] · B[k, r] (+ bias[r]), with v in the lanes,
/// tile by tile of two vectors × twelve rows.
/// </summary>
internal readonly unsafe struct ProductTiles : ILaneJob
{
    /// <summary>The most rows of a tile.</summary>
    public const int MostRows = 12;

    /// <summary>A: its numbers lie in groups of 16, and a group's next k follows after <see cref="AStep"/> floats.</summary>
    public float* A { get; init; }

    /// <summary>From one group of A to the next, in floats.</summary>
    public long AGroup { get; init; }

    /// <summary>From one k to the next in A, in floats.</summary>
    public long AStep { get; init; }

    /// <summary>B.</summary>
    public Panels B { get; init; }

    /// <summary>C, whose lanes are A's.</summary>
    public float* C { get; init; }

    /// <summary>From one group of C to the next, in floats.</summary>
    public long CGroup { get; init; }

    /// <summary>From one row of C to the next, in floats.</summary>
    public long CRow { get; init; }

    /// <summary>The length of the chains, K.</summary>
    public int Length { get; init; }

    /// <summary>How many lanes C has room for; A has room for whole groups.</summary>
    public int Width { get; init; }

    /// <summary>The rows of C.</summary>
    public int Rows { get; init; }

    /// <summary>A number for each row, added last, or null.</summary>
    public float* Bias { get; init; }

    /// <summary>Threads that own groups in turn (<see cref="Workers.GroupOf"/>), where the lanes are samples; else 0.</summary>
    public int Owners { get; init; }

    /// <summary>Pairs of groups that one item computes with one panel.</summary>
    private int PairsAnItem => (int)Math.Clamp((1 << 16) / ((long)Length * 2 * Workspace.Lanes * Panels.Width + 1), 1, Pairs);

    private int Groups => (Width + Workspace.Lanes - 1) / Workspace.Lanes;

    /// <summary>Pairs of groups.</summary>
    public int Pairs => (Groups + 1) / 2;

    /// <summary>How many items there are: panel by panel for some groups, and then for the next.</summary>
    public int Items => (Pairs + PairsAnItem - 1) / PairsAnItem * B.Count;

    /// <summary>Multiply-adds in all.</summary>
    public long Work => (long)Length * Width * Rows;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Run<T>(int item) where T : struct, ILanes<T>
    {
        var (chunk, panel) = (item / B.Count, item % B.Count);
        Panel<T>(panel, chunk * PairsAnItem * 2, Math.Min(Groups, (chunk + 1) * PairsAnItem * 2));
    }

    /// <summary>The rows of one panel, for some of the groups.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Panel<T>(int panel, int firstGroup, int endGroup) where T : struct, ILanes<T>
    {
        var endRow = Math.Min(Rows, (panel + 1) * Panels.Width);
        var end = Math.Min(Width, endGroup * Workspace.Lanes);
        for (var lane = firstGroup * Workspace.Lanes; lane < end; lane += 2 * T.Count)
        {
            var b = B.Start(panel);
            for (var row = panel * Panels.Width; row < endRow; row += Sums<T>.Rows, b += Sums<T>.Rows * B.Apart)
                if (lane + T.Count < end)
                    Two<T>(lane, row, Math.Min(Sums<T>.Rows, endRow - row), b, B.Step(panel));
                else
                    One<T>(lane, row, Math.Min(Sums<T>.Rows, endRow - row), b, B.Step(panel));
        }
    }

    // The sums go through the stack, because a tile that ends in a bias or at an edge would need more registers than there are.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Two<T>(int lane, int row, int rows, float* b, long bStep) where T : struct, ILanes<T>
    {
        var sums = stackalloc float[2 * MostRows * T.Count];
        float* first = At(A, AGroup, lane), second = At(A, AGroup, lane + T.Count);
        Sums<T> firstSums = default, secondSums = default;
        var apart = B.Apart;
        for (var k = Length; k > 0; k--)
        {
            Sums<T>.Add(ref firstSums, ref secondSums, T.Load(first), T.Load(second), b, apart);
            first += AStep;
            second += AStep;
            b += bStep;
        }

        firstSums.StoreRows(sums);
        secondSums.StoreRows(sums + (MostRows * T.Count));
        Finish<T>(sums, lane, row, rows);
        Finish<T>(sums + (MostRows * T.Count), lane + T.Count, row, rows);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void One<T>(int lane, int row, int rows, float* b, long bStep) where T : struct, ILanes<T>
    {
        var sums = stackalloc float[MostRows * T.Count];
        var a = At(A, AGroup, lane);
        Sums<T> oneSums = default;
        var apart = B.Apart;
        for (var k = Length; k > 0; k--, a += AStep, b += bStep)
            oneSums.Add(T.Load(a), b, apart);
        oneSums.StoreRows(sums);
        Finish<T>(sums, lane, row, rows);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Finish<T>(float* sums, int lane, int row, int rows) where T : struct, ILanes<T>
    {
        var target = At(C, CGroup, lane) + (row * CRow);
        for (var r = 0; r < rows; r++, sums += T.Count, target += CRow)
        {
            var sum = T.Load(sums);
            sum = Bias == null ? sum : T.Add(sum, T.Broadcast(Bias[row + r]));
            if (lane + T.Count <= Width)
            {
                T.Store(sum, target);
                continue;
            }

            T.Store(sum, sums);
            new ReadOnlySpan<float>(sums, Width - lane).CopyTo(new Span<float>(target, Width - lane));
        }
    }

    private float* At(float* matrix, long group, int lane)
    {
        var place = lane / Workspace.Lanes;
        return matrix + ((Owners > 1 ? Workers.GroupOf(place, Groups, Owners) : place) * group) + (lane % Workspace.Lanes);
    }
}
