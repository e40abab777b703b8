using System.Runtime.CompilerServices;
using FunctionalLeNet.Core.Numerics;
using Sse = System.Runtime.Intrinsics.X86.Sse;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>Lays images side by side, sixteen in a group, and makes numbers of their bytes. An item is a group.</summary>
/// <remarks>
/// Sixteen pixels of sixteen images are turned as bytes, so that each cache line of the batch is written at once and not sixteen times.
/// Most tables are value / d. A multiplication by 1/d and one correction by the exact remainder give that quotient (P. Markstein, "Computation of
/// elementary functions on the IBM RISC System/6000 processor", IBM Journal of Research and Development 34(1), 1990); that it does for all 256 bytes
/// is checked against the table itself.
/// </remarks>
/// <param name="pixels">All images.</param>
/// <param name="order">Which images, in order.</param>
/// <param name="table">The values of the 256 bytes.</param>
/// <param name="batch">Where the numbers go.</param>
internal readonly unsafe struct ImageGroups(byte* pixels, int* order, float* table, float* batch) : ILaneJob
{
    private const int CacheLine = 64;

    /// <summary>How many images are wanted.</summary>
    public int Samples { get; init; }

    /// <summary>How many lie side by side.</summary>
    public int Lanes { get; init; }

    /// <summary>The size of an image.</summary>
    public (int Height, int Width) Image { get; init; }

    /// <summary>Its size with the background around it.</summary>
    public (int Height, int Width) Padded { get; init; }

    /// <summary>Where it stands on the background.</summary>
    public (int Top, int Left) Offset { get; init; }

    /// <summary>The value around it.</summary>
    public float Background { get; init; }

    /// <summary>d where the table is value / d, else 0.</summary>
    public float Divisor { get; init; }

    private int Size => Image.Height * Image.Width;

    /// <summary>value / divisor by the multiplications of the vector code.</summary>
    public static float Quotient(float value, float divisor, float reciprocal)
    {
        var quotient = value * reciprocal;
        return Fma.Single(Fma.Single(quotient, -divisor, value), reciprocal, quotient);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Run<T>(int item) where T : struct, ILanes<T>
    {
        var (first, used) = (item * Lanes, Math.Min(Lanes, Samples - (item * Lanes)));
        var target = batch + ((long)first * Padded.Height * Padded.Width);
        Surround(target);
        for (var lane = 0; lane < used; lane++)
            Prefetch(Source(first + lane), Size);
        if (Lanes == Workspace.Lanes && Size >= Workspace.Lanes)
            for (var pixel = 0; pixel < Size; pixel += Workspace.Lanes)
                // The last block may begin before the end of the one before: these pixels are written twice, to the same values.
                Block<T>(first, used, Math.Min(pixel, Size - Workspace.Lanes), target);
        else if (Lanes == 1)
            Rows<T>(Source(first), target);
        else
            for (var lane = 0; lane < used; lane++)
                for (var pixel = 0; pixel < Size; pixel++)
                    target[(long)(Place(pixel) * Lanes) + lane] = table[Source(first + lane)[pixel]];
        for (var lane = used; lane < Lanes; lane++)
            for (var pixel = 0; pixel < Padded.Height * Padded.Width; pixel++)
                target[((long)pixel * Lanes) + lane] = 0;
    }

    private void Surround(float* target)
    {
        var (bottom, right) = (Offset.Top + Image.Height, Offset.Left + Image.Width);
        Fill(target, 0, (Offset.Top * Padded.Width) + Offset.Left);
        for (var row = Offset.Top; row < bottom - 1; row++)
            Fill(target, (row * Padded.Width) + right, ((row + 1) * Padded.Width) + Offset.Left);
        Fill(target, ((bottom - 1) * Padded.Width) + right, Padded.Height * Padded.Width);
    }

    private void Fill(float* target, int from, int to) => new Span<float>(target + ((long)from * Lanes), (to - from) * Lanes).Fill(Background);

    // Shuffled images lie far apart in memory. Asked for all at once, their lines come side by side instead of one after another.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Prefetch(byte* image, int length)
    {
        if (Sse.IsSupported)
            for (var i = 0; i < length; i += CacheLine)
                Sse.Prefetch0(image + i);
    }

    // One image by itself: its rows are rows of the batch.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Rows<T>(byte* image, float* target) where T : struct, ILanes<T>
    {
        var (scale, single) = (new Scale<T>(table, Divisor), new Scale<Lanes1>(table, Divisor));
        target += (Offset.Top * Padded.Width) + Offset.Left;
        for (var row = 0; row < Image.Height; row++, image += Image.Width, target += Padded.Width)
            for (var column = 0; column < Image.Width; column += T.Count)
                if (Image.Width < T.Count)
                    single.Convert(image, target, Image.Width);
                else
                    // The last vector may begin before the end of the one before.
                    scale.Convert(image + Math.Min(column, Image.Width - T.Count), target + Math.Min(column, Image.Width - T.Count), T.Count);
    }

    // Sixteen pixels of each image in the group.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Block<T>(int first, int used, int pixel, float* target) where T : struct, ILanes<T>
    {
        var bytes = stackalloc byte[Workspace.Lanes * Workspace.Lanes];
        var images = pixels + pixel;
        var indices = order + first;
        var size = (long)Size;
        for (var lane = 0; lane < Workspace.Lanes; lane++)
            Unsafe.CopyBlockUnaligned(bytes + (lane * Workspace.Lanes), images + (indices[Math.Min(lane, used - 1)] * size), Workspace.Lanes);
        ByteTransposition.Run(bytes);
        var (scale, column, width, margin) = (new Scale<T>(table, Divisor), pixel % Image.Width, Image.Width, (Padded.Width - Image.Width) * Workspace.Lanes);
        var place = target + ((long)Place(pixel) * Workspace.Lanes);
        for (var i = 0; i < Workspace.Lanes; i++, bytes += Workspace.Lanes, place += Workspace.Lanes)
        {
            for (var lane = 0; lane < Workspace.Lanes; lane += T.Count)
                scale.Convert(bytes + lane, place + lane, T.Count);
            if (++column < width)
                continue;
            column = 0;
            place += margin;
        }
    }

    private byte* Source(int sample) => pixels + ((long)order[sample] * Size);

    private int Place(int pixel) => ((((pixel / Image.Width) + Offset.Top) * Padded.Width) + (pixel % Image.Width) + Offset.Left);

    /// <summary>Makes numbers of bytes: by the table, or by multiplications where it is value / divisor.</summary>
    private readonly struct Scale<T>(float* table, float divisor) where T : struct, ILanes<T>
    {
        private readonly T _minusDivisor = T.Broadcast(-divisor);
        private readonly T _reciprocal = T.Broadcast(1 / divisor);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Convert(byte* bytes, float* target, int count)
        {
            if (divisor == 0 || T.Count == 1)
            {
                for (var i = 0; i < count; i++)
                    target[i] = table[bytes[i]];
                return;
            }

            var value = T.FromBytes(bytes);
            var quotient = T.Multiply(value, _reciprocal);
            T.Store(T.MultiplyAdd(T.MultiplyAdd(quotient, _minusDivisor, value), _reciprocal, quotient), target);
        }
    }
}
