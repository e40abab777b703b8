using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// The output gradients of sixteen samples as lists, one for each sample and channel, of those that are not zero (a NaN is not): where the patch under each one's
/// window begins, window after window, and what it is.
/// </summary>
/// <remarks>
/// Behind a pool a window has one gradient at most, at the cell that was chosen. So the lists are made of the pool's own few numbers, and ∂L/∂y with its
/// many zeros is not looked at. In a row of windows those come first, from left to right, whose choice lies in their first row, then those of the second.
/// </remarks>
/// <param name="g">The convolution.</param>
/// <param name="pool">The pool behind it, or none.</param>
/// <param name="outputs">Output channels.</param>
/// <param name="patches">Where patches lie.</param>
internal sealed unsafe class GradientLists(ConvolutionGeometry g, ConvolutionGeometry? pool, int outputs, Patches patches)
{
    // For each subset of four numbers of four bytes: which bytes bring the subset to the front.
    private static readonly byte[] Orders =
    [
        .. Enumerable.Range(0, 16).SelectMany(subset => Enumerable.Range(0, 4).OrderBy(number => (subset >> number) & 1 ^ 1))
            .SelectMany(number => Enumerable.Range(0, 4).Select(part => (byte)((4 * number) + part))),
    ];

    private readonly int _pixels = (pool ?? g).OutputPixels;

    private readonly PooledWindows _windows = new(pool ?? default, patches.Row, patches.Column);

    private readonly int[] _places =
        [.. Enumerable.Range(0, Workspace.Rounded((pool ?? g).OutputPixels)).Select(p => Math.Min(p, (pool ?? g).OutputPixels - 1) * Workspace.Lanes)];

    /// <summary>Room for the longest list and a vector more, because vectors are written whole.</summary>
    public int Stride { get; } = Room(pool ?? g);

    /// <summary>Floats from the gradients that <see cref="Turn"/> writes to the choices.</summary>
    public long Half { get; } = (long)Workspace.Lanes * outputs * Room(pool ?? g);

    /// <summary>Floats that <see cref="Turn"/> writes.</summary>
    public long Length => (pool is null ? 1 : 2) * Half;

    /// <summary>Sorts a group's numbers by sample.</summary>
    /// <param name="gradients">∂L/∂y, or behind a pool ∂L/∂values: [O][…][16].</param>
    /// <param name="choices">What the pool chose; not read without one.</param>
    /// <param name="turned">[16][O][<see cref="Stride"/>] gradients, then choices.</param>
    public void Turn(float* gradients, float* choices, float* turned)
    {
        Rows(gradients, turned);
        if (pool is not null)
            Rows(choices, turned + Half);
    }

    /// <summary>Where the gradients of one sample and channel lie; behind a pool its choices lie <see cref="Half"/> further.</summary>
    /// <param name="turned">What <see cref="Turn"/> wrote.</param>
    /// <param name="sample">Which sample of the sixteen.</param>
    /// <param name="channel">Which output channel.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* Row(float* turned, int sample, int channel) => turned + ((((long)sample * outputs) + channel) * Stride);

    /// <summary>The list of one sample and channel.</summary>
    /// <param name="turned">What <see cref="Turn"/> wrote.</param>
    /// <param name="sample">Which sample of the sixteen.</param>
    /// <param name="channel">Which output channel.</param>
    /// <param name="places">Where each one's patch begins.</param>
    /// <param name="gradients">What it is.</param>
    /// <returns>How many there are.</returns>
    public int List(float* turned, int sample, int channel, int* places, float* gradients)
    {
        var row = Row(turned, sample, channel);
        if (pool is not null)
            return _windows.Pool is { KernelHeight: 2, OutputWidth: <= 8 } && Avx512F.VL.IsSupported ? Pooled256(row, row + Half, in _windows, places, gradients)
                : _windows.Pool is { KernelHeight: 2, OutputWidth: <= 16 } && Avx512F.IsSupported ? Pooled512(row, row + Half, in _windows, places, gradients)
                : Vector128.IsHardwareAccelerated ? Pooled128(row, row + Half, in _windows, places, gradients)
                : Pooled(row, row + Half, in _windows, places, gradients);
        fixed (int* table = patches.Table)
            return NonZeros(row, _pixels, table, places, gradients);
    }

    /// <summary>The numbers of a row that are not zero.</summary>
    /// <param name="numbers">The row; vectors read past its end.</param>
    /// <param name="length">How many.</param>
    /// <param name="labels">What each is to be known by; vectors read past their end.</param>
    /// <param name="found">The labels of those that are not zero; room for 16 more than there are numbers.</param>
    /// <param name="values">And what they are; room for as many.</param>
    /// <returns>How many there are.</returns>
    public static int NonZeros(float* numbers, int length, int* labels, int* found, float* values) =>
        Avx512F.IsSupported ? Plain512(numbers, length, labels, found, values)
        : Vector128.IsHardwareAccelerated ? Plain128(numbers, length, labels, found, values)
        : Plain(numbers, length, labels, found, values);

    // Without a branch on the data: which gradient is zero cannot be predicted.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Plain(float* numbers, int length, int* labels, int* found, float* values)
    {
        var count = 0;
        for (var index = 0; index < length; index++)
        {
            (found[count], values[count]) = (labels[index], numbers[index]);
            count += numbers[index] != 0 ? 1 : 0;
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Plain128(float* numbers, int length, int* labels, int* found, float* values)
    {
        var count = 0;
        var (index, four) = (Vector128<int>.Indices, Vector128.Create(4));
        fixed (byte* orders = Orders)
            for (var first = 0; first < length; first += 4, index += four)
            {
                var number = Vector128.Load(numbers + first);
                var which = ~Vector128.Equals(number, Vector128<float>.Zero).AsInt32() & Vector128.LessThan(index, Vector128.Create(length));
                count += Append(which, Vector128.Load(labels + first), number, orders, found + count, values + count);
            }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Plain512(float* numbers, int length, int* labels, int* found, float* values)
    {
        var count = 0;
        var (index, sixteen) = (Vector512<int>.Indices, Vector512.Create(16));
        for (var first = 0; first < length; first += 16, index += sixteen)
        {
            var number = Vector512.Load(numbers + first);
            var which = Vector512.AndNot(Vector512.LessThan(index, Vector512.Create(length)), Vector512.Equals(number, Vector512<float>.Zero).AsInt32());
            Avx512F.Compress(Vector512<int>.Zero, which, Vector512.Load(labels + first)).Store(found + count);
            Avx512F.Compress(Vector512<float>.Zero, which.AsSingle(), number).Store(values + count);
            count += BitOperations.PopCount(which.ExtractMostSignificantBits());
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Pooled(float* numbers, float* choices, in PooledWindows windows, int* places, float* gradients)
    {
        var (count, pool) = (0, windows.Pool);
        for (var i = 0; i < pool.OutputHeight; i++, numbers += pool.OutputWidth, choices += pool.OutputWidth)
            for (var u = 0; u < pool.KernelHeight; u++)
                for (var j = 0; j < pool.OutputWidth; j++)
                {
                    var v = (int)choices[j] - (u * pool.KernelWidth);
                    (places[count], gradients[count]) = (
                        (((i * pool.StrideHeight) + u) * windows.Row) + (((j * pool.StrideWidth) + v) * windows.Column), numbers[j]);
                    count += numbers[j] != 0 && (uint)v < (uint)pool.KernelWidth ? 1 : 0;
                }

        return count;
    }

    // The same, four windows at a time.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Pooled128(float* numbers, float* choices, in PooledWindows windows, int* places, float* gradients)
    {
        var (count, pool, width) = (0, windows.Pool, windows.Pool.OutputWidth);
        var (cells, four, apart) = (Vector128.Create((uint)pool.KernelWidth), Vector128.Create(4), Vector128.Create(pool.StrideWidth * windows.Column));
        fixed (byte* orders = Orders)
            for (var i = 0; i < pool.OutputHeight; i++, numbers += width, choices += width)
                for (var u = 0; u < pool.KernelHeight; u++)
                {
                    var (row, cell) = (Vector128.Create(((i * pool.StrideHeight) + u) * windows.Row), Vector128.Create(u * pool.KernelWidth));
                    var window = Vector128<int>.Indices;
                    for (var j = 0; j < width; j += 4, window += four)
                    {
                        var (number, choice) = (Vector128.Load(numbers + j), Vector128.ConvertToInt32(Vector128.Load(choices + j)) - cell);
                        var found = ~Vector128.Equals(number, Vector128<float>.Zero).AsInt32() & Vector128.LessThan(window, Vector128.Create(width))
                            & Vector128.LessThan(choice.AsUInt32(), cells).AsInt32();
                        count += Append(found, row + (window * apart) + (choice * windows.Column), number, orders, places + count, gradients + count);
                    }
                }

        return count;
    }

    // Writes what is found of four to the front, and anything after it; how many were found.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Append(Vector128<int> found, Vector128<int> label, Vector128<float> number, byte* orders, int* labels, float* numbers)
    {
        var which = found.ExtractMostSignificantBits();
        var order = Vector128.Load(orders + (which * 16));
        Vector128.ShuffleNative(label.AsByte(), order).AsInt32().Store(labels);
        Vector128.ShuffleNative(number.AsByte(), order).AsSingle().Store(numbers);
        return BitOperations.PopCount(which);
    }

    // The same for rows of up to sixteen windows of two rows each: one permutation for both, because a vector that is written across lines of the cache is dear.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Pooled512(float* numbers, float* choices, in PooledWindows windows, int* places, float* gradients)
    {
        var (count, pool, width, window) = (0, windows.Pool, windows.Pool.OutputWidth, Vector512<int>.Indices);
        // Choices count columns of the image; at the end of a window's first row they go on at the same place in its second.
        var (column, cells) = (Vector512.Create((float)windows.Column), Vector512.Create(pool.KernelWidth * windows.Column));
        var down = Vector512.Create(windows.Row - (pool.KernelWidth * windows.Column));
        var (corner, next) = (window * (pool.StrideWidth * windows.Column), Vector512.Create(pool.StrideHeight * windows.Row));
        var inside = Vector512.LessThan(window, Vector512.Create(width));
        for (var end = numbers + (pool.OutputHeight * width); numbers < end; numbers += width, choices += width, corner += next)
        {
            var (number, choice) = (Vector512.Load(numbers), Avx512F.ConvertToVector512Int32(Vector512.Load(choices) * column));
            var found = Vector512.AndNot(inside, Vector512.Equals(number, Vector512<float>.Zero).AsInt32());
            var second = Vector512.GreaterThanOrEqual(choice, cells);
            var first = Vector512.AndNot(found, second);
            var after = Vector512.GreaterThanOrEqual(window, Vector512.Create(BitOperations.PopCount(first.ExtractMostSignificantBits())));
            var order = Avx512F.Expand(
                Avx512F.Compress(Vector512<int>.Zero, first, window), after, Avx512F.Compress(Vector512<int>.Zero, found & second, window));
            Avx512F.PermuteVar16x32(corner + choice + (second & down), order).Store(places + count);
            Avx512F.PermuteVar16x32(number, order).Store(gradients + count);
            count += BitOperations.PopCount(found.ExtractMostSignificantBits());
        }

        return count;
    }

    // The same for rows of up to eight windows.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Pooled256(float* numbers, float* choices, in PooledWindows windows, int* places, float* gradients)
    {
        var (count, pool, width, window) = (0, windows.Pool, windows.Pool.OutputWidth, Vector256<int>.Indices);
        // Choices count columns of the image; at the end of a window's first row they go on at the same place in its second.
        var (column, cells) = (Vector256.Create((float)windows.Column), Vector256.Create(pool.KernelWidth * windows.Column));
        var down = Vector256.Create(windows.Row - (pool.KernelWidth * windows.Column));
        var (corner, next) = (window * (pool.StrideWidth * windows.Column), Vector256.Create(pool.StrideHeight * windows.Row));
        var inside = Vector256.LessThan(window, Vector256.Create(width));
        for (var end = numbers + (pool.OutputHeight * width); numbers < end; numbers += width, choices += width, corner += next)
        {
            var (number, choice) = (Vector256.Load(numbers), Avx.ConvertToVector256Int32(Vector256.Load(choices) * column));
            var found = Vector256.AndNot(inside, Vector256.Equals(number, Vector256<float>.Zero).AsInt32());
            var second = Vector256.GreaterThanOrEqual(choice, cells);
            var first = Vector256.AndNot(found, second);
            var after = Vector256.GreaterThanOrEqual(window, Vector256.Create(BitOperations.PopCount(first.ExtractMostSignificantBits())));
            var order = Avx512F.VL.Expand(
                Avx512F.VL.Compress(Vector256<int>.Zero, first, window), after, Avx512F.VL.Compress(Vector256<int>.Zero, found & second, window));
            Avx2.PermuteVar8x32(corner + choice + (second & down), order).Store(places + count);
            Avx2.PermuteVar8x32(number, order).Store(gradients + count);
            count += BitOperations.PopCount(found.ExtractMostSignificantBits());
        }

        return count;
    }

    private static int Room(ConvolutionGeometry windows) => Workspace.Rounded(windows.OutputPixels) + Workspace.Lanes;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Rows(float* numbers, float* target)
    {
        fixed (int* places = _places)
            for (var o = 0; o < outputs; o++, numbers += (long)_pixels * Workspace.Lanes, target += Stride)
                for (var p = 0; p < _places.Length; p += Workspace.Lanes)
                    Transpose.Gathered(numbers, places + p, target + p, (long)outputs * Stride);
    }
}

/// <summary>A pool's windows, and how far apart in the layout of <see cref="Patches"/> two rows and two columns of the convolution's output are.</summary>
internal readonly record struct PooledWindows(ConvolutionGeometry Pool, int Row, int Column);
