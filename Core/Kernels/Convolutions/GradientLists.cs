using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// The output gradients of sixteen samples as lists, one for each sample and channel, of those that are not zero (a NaN is not): at which window each
/// stands, ascending, and what it is.
/// </summary>
/// <remarks>
/// Behind a pool a window has one gradient at most, at the cell that was chosen. So the lists are made of the pool's own few numbers, and ∂L/∂y with its
/// many zeros is not looked at. In a row of windows those come first, from left to right, whose choice lies in their first row, then those of the second.
/// </remarks>
/// <param name="g">The convolution.</param>
/// <param name="pool">The pool behind it, or none.</param>
/// <param name="outputs">Output channels.</param>
internal sealed unsafe class GradientLists(ConvolutionGeometry g, ConvolutionGeometry? pool, int outputs)
{
    // For each subset of four numbers of four bytes: which bytes bring the subset to the front.
    private static readonly byte[] Orders =
    [
        .. Enumerable.Range(0, 16).SelectMany(subset => Enumerable.Range(0, 4).OrderBy(number => (subset >> number) & 1 ^ 1))
            .SelectMany(number => Enumerable.Range(0, 4).Select(part => (byte)((4 * number) + part))),
    ];

    private readonly int _pixels = (pool ?? g).OutputPixels;

    private readonly ConvolutionGeometry _windows = pool ?? default;

    private readonly int[] _places =
        [.. Enumerable.Range(0, Workspace.Rounded((pool ?? g).OutputPixels)).Select(p => Math.Min(p, (pool ?? g).OutputPixels - 1) * Workspace.Lanes)];

    /// <summary>Room for the longest list and a vector more, because vectors are written whole.</summary>
    public int Stride { get; } = Workspace.Rounded((pool ?? g).OutputPixels) + Workspace.Lanes;

    /// <summary>Floats that <see cref="Turn"/> writes.</summary>
    public long Length => (pool is null ? 1 : 2) * Half;

    private long Half => (long)Workspace.Lanes * outputs * Stride;

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

    /// <summary>Where the numbers of one sample and channel lie, behind a pool.</summary>
    /// <param name="turned">What <see cref="Turn"/> wrote.</param>
    /// <param name="sample">Which sample of the sixteen.</param>
    /// <param name="channel">Which output channel.</param>
    public (nint Gradients, nint Choices) Row(float* turned, int sample, int channel)
    {
        var row = turned + ((((long)sample * outputs) + channel) * Stride);
        return ((nint)row, (nint)(row + Half));
    }

    /// <summary>The list of one sample and channel.</summary>
    /// <param name="turned">What <see cref="Turn"/> wrote.</param>
    /// <param name="sample">Which sample of the sixteen.</param>
    /// <param name="channel">Which output channel.</param>
    /// <param name="positions">Where each stands in [OH, OW].</param>
    /// <param name="gradients">What it is.</param>
    /// <returns>How many there are.</returns>
    public int List(float* turned, int sample, int channel, int* positions, float* gradients)
    {
        var row = turned + ((((long)sample * outputs) + channel) * Stride);
        return pool is null
            ? NonZeros(row, _pixels, positions, gradients)
            : Avx512F.VL.IsSupported && _windows.OutputWidth <= Vector256<float>.Count ? Pooled256(row, row + Half, in _windows, positions, gradients)
            : Avx512F.IsSupported && _windows.OutputWidth <= Workspace.Lanes ? Pooled512(row, row + Half, in _windows, positions, gradients)
            : Vector128.IsHardwareAccelerated ? Pooled128(row, row + Half, in _windows, positions, gradients)
            : Pooled(row, row + Half, in _windows, positions, gradients);
    }

    /// <summary>The numbers of a row that are not zero.</summary>
    /// <param name="numbers">The row; vectors read past its end.</param>
    /// <param name="length">How many.</param>
    /// <param name="positions">Where each stands; room for 16 more than there are numbers.</param>
    /// <param name="found">What it is; room for as many.</param>
    /// <returns>How many there are.</returns>
    public static int NonZeros(float* numbers, int length, int* positions, float* found) =>
        Avx512F.IsSupported ? Plain512(numbers, length, positions, found)
        : Vector128.IsHardwareAccelerated ? Plain128(numbers, length, positions, found)
        : Plain(numbers, length, positions, found);

    // Without a branch on the data: which gradient is zero cannot be predicted.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Plain(float* numbers, int length, int* positions, float* gradients)
    {
        var count = 0;
        for (var position = 0; position < length; position++)
        {
            (positions[count], gradients[count]) = (position, numbers[position]);
            count += numbers[position] != 0 ? 1 : 0;
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Plain128(float* numbers, int length, int* positions, float* gradients)
    {
        var count = 0;
        var (position, four) = (Vector128<int>.Indices, Vector128.Create(4));
        fixed (byte* orders = Orders)
            for (var first = 0; first < length; first += 4, position += four)
            {
                var number = Vector128.Load(numbers + first);
                var found = ~Vector128.Equals(number, Vector128<float>.Zero).AsInt32() & Vector128.LessThan(position, Vector128.Create(length));
                count += Append(found, position, number, orders, positions + count, gradients + count);
            }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Plain512(float* numbers, int length, int* positions, float* gradients)
    {
        var count = 0;
        var (position, sixteen) = (Vector512<int>.Indices, Vector512.Create(16));
        for (var first = 0; first < length; first += 16, position += sixteen)
        {
            var number = Vector512.Load(numbers + first);
            var found = ~Vector512.Equals(number, Vector512<float>.Zero).AsInt32() & Vector512.LessThan(position, Vector512.Create(length));
            Avx512F.Compress(Vector512<int>.Zero, found, position).Store(positions + count);
            Avx512F.Compress(Vector512<float>.Zero, found.AsSingle(), number).Store(gradients + count);
            count += BitOperations.PopCount(found.ExtractMostSignificantBits());
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Pooled(float* numbers, float* choices, in ConvolutionGeometry windows, int* positions, float* gradients)
    {
        var count = 0;
        for (var i = 0; i < windows.OutputHeight; i++, numbers += windows.OutputWidth, choices += windows.OutputWidth)
            for (var u = 0; u < windows.KernelHeight; u++)
                for (var j = 0; j < windows.OutputWidth; j++)
                {
                    var v = (int)choices[j] - (u * windows.KernelWidth);
                    (positions[count], gradients[count]) = ((((i * windows.StrideHeight) + u) * windows.Width) + (j * windows.StrideWidth) + v, numbers[j]);
                    count += numbers[j] != 0 && (uint)v < (uint)windows.KernelWidth ? 1 : 0;
                }

        return count;
    }

    // The same, four windows at a time.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Pooled128(float* numbers, float* choices, in ConvolutionGeometry windows, int* positions, float* gradients)
    {
        var (count, width) = (0, windows.OutputWidth);
        var (cells, four, apart) = (Vector128.Create((uint)windows.KernelWidth), Vector128.Create(4), Vector128.Create(windows.StrideWidth));
        fixed (byte* orders = Orders)
            for (var i = 0; i < windows.OutputHeight; i++, numbers += width, choices += width)
                for (var u = 0; u < windows.KernelHeight; u++)
                {
                    var (row, cell) = (Vector128.Create(((i * windows.StrideHeight) + u) * windows.Width), Vector128.Create(u * windows.KernelWidth));
                    var window = Vector128<int>.Indices;
                    for (var j = 0; j < width; j += 4, window += four)
                    {
                        var (number, choice) = (Vector128.Load(numbers + j), Vector128.ConvertToInt32(Vector128.Load(choices + j)) - cell);
                        var found = ~Vector128.Equals(number, Vector128<float>.Zero).AsInt32() & Vector128.LessThan(window, Vector128.Create(width))
                            & Vector128.LessThan(choice.AsUInt32(), cells).AsInt32();
                        count += Append(found, row + (window * apart) + choice, number, orders, positions + count, gradients + count);
                    }
                }

        return count;
    }

    // Writes what is found of four to the front, and anything after it; how many were found.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Append(Vector128<int> found, Vector128<int> position, Vector128<float> number, byte* orders, int* positions, float* gradients)
    {
        var which = found.ExtractMostSignificantBits();
        var order = Vector128.Load(orders + (which * 16));
        Vector128.ShuffleNative(position.AsByte(), order).AsInt32().Store(positions);
        Vector128.ShuffleNative(number.AsByte(), order).AsSingle().Store(gradients);
        return BitOperations.PopCount(which);
    }

    // The same for rows of up to sixteen windows.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Pooled512(float* numbers, float* choices, in ConvolutionGeometry windows, int* positions, float* gradients)
    {
        var (count, rows, width) = (0, windows.KernelHeight, windows.OutputWidth);
        // From the end of a window's row to the same place in the image's next.
        var (cells, down) = (Vector512.Create(windows.KernelWidth), Vector512.Create(windows.Width - windows.KernelWidth));
        var (corner, next) = (Vector512<int>.Indices * windows.StrideWidth, Vector512.Create(windows.StrideHeight * windows.Width));
        var inside = Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(width));
        for (var end = numbers + (windows.OutputHeight * width); numbers < end; numbers += width, choices += width, corner += next)
        {
            var (number, choice) = (Vector512.Load(numbers), Avx512F.ConvertToVector512Int32(Vector512.Load(choices)));
            var left = Vector512.AndNot(inside, Vector512.Equals(number, Vector512<float>.Zero).AsInt32());
            var (position, border) = (corner + choice, cells);
            for (var u = 0; u < rows; u++, position += down, border += cells)
            {
                var found = left & Vector512.LessThan(choice, border);
                left = Vector512.AndNot(left, found);
                Avx512F.Compress(Vector512<int>.Zero, found, position).Store(positions + count);
                Avx512F.Compress(Vector512<float>.Zero, found.AsSingle(), number).Store(gradients + count);
                count += BitOperations.PopCount(found.ExtractMostSignificantBits());
            }
        }

        return count;
    }

    // The same for rows of up to eight windows.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Pooled256(float* numbers, float* choices, in ConvolutionGeometry windows, int* positions, float* gradients)
    {
        var (count, rows, width) = (0, windows.KernelHeight, windows.OutputWidth);
        // From the end of a window's row to the same place in the image's next.
        var (cells, down) = (Vector256.Create(windows.KernelWidth), Vector256.Create(windows.Width - windows.KernelWidth));
        var (corner, next) = (Vector256<int>.Indices * windows.StrideWidth, Vector256.Create(windows.StrideHeight * windows.Width));
        var inside = Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(width));
        for (var end = numbers + (windows.OutputHeight * width); numbers < end; numbers += width, choices += width, corner += next)
        {
            var (number, choice) = (Vector256.Load(numbers), Avx.ConvertToVector256Int32(Vector256.Load(choices)));
            var left = Vector256.AndNot(inside, Vector256.Equals(number, Vector256<float>.Zero).AsInt32());
            var (position, border) = (corner + choice, cells);
            for (var u = 0; u < rows; u++, position += down, border += cells)
            {
                var found = left & Vector256.LessThan(choice, border);
                left = Vector256.AndNot(left, found);
                Avx512F.VL.Compress(Vector256<int>.Zero, found, position).Store(positions + count);
                Avx512F.VL.Compress(Vector256<float>.Zero, found.AsSingle(), number).Store(gradients + count);
                count += BitOperations.PopCount(found.ExtractMostSignificantBits());
            }
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Rows(float* numbers, float* target)
    {
        fixed (int* places = _places)
            for (var o = 0; o < outputs; o++, numbers += (long)_pixels * Workspace.Lanes, target += Stride)
                for (var p = 0; p < _places.Length; p += Workspace.Lanes)
                    Transpose.Gathered(numbers, places + p, target + p, (long)outputs * Stride);
    }
}
