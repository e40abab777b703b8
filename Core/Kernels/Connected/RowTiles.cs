using System.Runtime.CompilerServices;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// target[map, i, j] = Σ over (the maps s listed for it, u, v) of source[s, i + u, j + v] · w (+ bias), a row's pixels in the lanes and ten or seven rows at a time.
/// An item is a target map.
/// </summary>
/// <param name="source">Where tap (0, 0) of pixel (0, 0) lies in source map 0.</param>
/// <param name="plane">From one source map to the next, in floats.</param>
/// <param name="row">From one row of the source to the next.</param>
/// <param name="down">From a tap to the one below.</param>
/// <param name="right">From a tap to the next of its row.</param>
/// <param name="weights">The weights in the order of the sums, map by map.</param>
/// <param name="list">The source maps of every target map, one after another.</param>
/// <param name="first">Each target map's first place in the list, and at the end its length.</param>
/// <param name="kernelHeight">Rows of a kernel.</param>
/// <param name="kernelWidth">Columns of a kernel.</param>
/// <param name="bias">A number for each target map, or null.</param>
/// <param name="target">The target maps, whole vectors a row.</param>
/// <param name="rows">Rows of a target map.</param>
/// <param name="columns">Columns of a target map.</param>
/// <param name="pitch">From one row of the target to the next.</param>
internal readonly unsafe struct RowTiles(
    float* source, int plane, int row, int down, int right, float* weights, int* list, int* first, int kernelHeight, int kernelWidth, float* bias,
    float* target, int rows, int columns, int pitch) : ILaneJob
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Run<T>(int map) where T : struct, ILanes<T>
    {
        var maps = target + ((long)map * rows * pitch);
        var tall = (rows + 9) / 10 * 10 <= (rows + 6) / 7 * 7;
        for (var j = 0; j < columns; j += T.Count)
        {
            var i = 0;
            // The last tile begins earlier where rows are left over, and computes some of them again.
            for (; tall && rows >= 10 && i < rows; i += 10)
                Ten<T>(map, Math.Min(i, rows - 10), j, maps);
            for (; rows >= 7 && i < rows; i += 7)
                Seven<T>(map, Math.Min(i, rows - 7), j, maps);
            for (; i < rows; i++)
                One<T>(map, i, j, maps);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Ten<T>(int map, int i, int j, float* maps) where T : struct, ILanes<T>
    {
        T s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default, s8 = default, s9 = default;
        var weight = weights + (first[map] * kernelHeight * kernelWidth);
        for (var k = first[map]; k < first[map + 1]; k++)
        {
            var corner = source + ((long)list[k] * plane) + ((long)i * row) + j;
            for (var u = 0; u < kernelHeight; u++, corner += down)
            {
                var tap = corner;
                for (var v = 0; v < kernelWidth; v++, tap += right)
                {
                    var w = T.Broadcast(*weight++);
                    var x = tap;
                    s0 = T.MultiplyAdd(T.Load(x), w, s0);
                    s1 = T.MultiplyAdd(T.Load(x += row), w, s1);
                    s2 = T.MultiplyAdd(T.Load(x += row), w, s2);
                    s3 = T.MultiplyAdd(T.Load(x += row), w, s3);
                    s4 = T.MultiplyAdd(T.Load(x += row), w, s4);
                    s5 = T.MultiplyAdd(T.Load(x += row), w, s5);
                    s6 = T.MultiplyAdd(T.Load(x += row), w, s6);
                    s7 = T.MultiplyAdd(T.Load(x += row), w, s7);
                    s8 = T.MultiplyAdd(T.Load(x += row), w, s8);
                    s9 = T.MultiplyAdd(T.Load(x += row), w, s9);
                }
            }
        }

        var y = maps + ((long)i * pitch) + j;
        Store(map, s0, s1, s2, s3, s4, y);
        Store(map, s5, s6, s7, s8, s9, y + (5L * pitch));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Seven<T>(int map, int i, int j, float* maps) where T : struct, ILanes<T>
    {
        T s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default;
        var weight = weights + (first[map] * kernelHeight * kernelWidth);
        for (var k = first[map]; k < first[map + 1]; k++)
        {
            var corner = source + ((long)list[k] * plane) + ((long)i * row) + j;
            for (var u = 0; u < kernelHeight; u++, corner += down)
            {
                var tap = corner;
                for (var v = 0; v < kernelWidth; v++, tap += right)
                {
                    var w = T.Broadcast(*weight++);
                    var x = tap;
                    s0 = T.MultiplyAdd(T.Load(x), w, s0);
                    s1 = T.MultiplyAdd(T.Load(x += row), w, s1);
                    s2 = T.MultiplyAdd(T.Load(x += row), w, s2);
                    s3 = T.MultiplyAdd(T.Load(x += row), w, s3);
                    s4 = T.MultiplyAdd(T.Load(x += row), w, s4);
                    s5 = T.MultiplyAdd(T.Load(x += row), w, s5);
                    s6 = T.MultiplyAdd(T.Load(x += row), w, s6);
                }
            }
        }

        var y = maps + ((long)i * pitch) + j;
        Store(map, s0, s1, s2, s3, s4, y);
        T.Store(Biased(map, s5), y + (5L * pitch));
        T.Store(Biased(map, s6), y + (6L * pitch));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void One<T>(int map, int i, int j, float* maps) where T : struct, ILanes<T>
    {
        var sum = T.Broadcast(0);
        var weight = weights + (first[map] * kernelHeight * kernelWidth);
        for (var k = first[map]; k < first[map + 1]; k++)
        {
            var corner = source + ((long)list[k] * plane) + ((long)i * row) + j;
            for (var u = 0; u < kernelHeight; u++, corner += down)
                for (var v = 0; v < kernelWidth; v++)
                    sum = T.MultiplyAdd(T.Load(corner + (v * right)), T.Broadcast(*weight++), sum);
        }

        T.Store(Biased(map, sum), maps + ((long)i * pitch) + j);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Store<T>(int map, T s0, T s1, T s2, T s3, T s4, float* y) where T : struct, ILanes<T>
    {
        T.Store(Biased(map, s0), y);
        T.Store(Biased(map, s1), y + pitch);
        T.Store(Biased(map, s2), y + (2L * pitch));
        T.Store(Biased(map, s3), y + (3L * pitch));
        T.Store(Biased(map, s4), y + (4L * pitch));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T Biased<T>(int map, T sum) where T : struct, ILanes<T> => bias == null ? sum : T.Add(sum, T.Broadcast(bias[map]));
}
