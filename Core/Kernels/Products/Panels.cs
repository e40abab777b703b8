namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// A matrix of K × R numbers cut into panels of <see cref="Width"/> columns, so that what a tile reads at each step of its chains lies together.
/// </summary>
/// <remarks>A panel holds four tiles of twelve rows for a batch, and three AVX-512 vectors for a single sample.</remarks>
/// <param name="first">The first panel's first number.</param>
/// <param name="panelStride">From one panel to the next, in floats.</param>
/// <param name="step">From one k to the next, in floats.</param>
/// <param name="last">The last panel's first number: it may lie apart.</param>
/// <param name="lastStep">From one k to the next in the last panel.</param>
/// <param name="count">How many panels.</param>
/// <param name="apart">From one column to the next, in floats.</param>
internal readonly unsafe struct Panels(float* first, long panelStride, long step, float* last, long lastStep, int count, long apart = 1)
{
    /// <summary>Columns of a panel.</summary>
    public const int Width = 48;

    /// <summary>How many panels.</summary>
    public int Count => count;

    /// <summary>From one column to the next, in floats: 1 where a panel lies together.</summary>
    public long Apart => apart;

    /// <summary>How many panels R columns need.</summary>
    public static int For(int columns) => (columns + Width - 1) / Width;

    /// <summary>Panels that lie one after another, each [K][48].</summary>
    public static Panels Packed(float* memory, int length, int columns) => new(
        memory, (long)length * Width, Width, memory + ((For(columns) - 1) * (long)length * Width), Width, For(columns));

    /// <summary>Panels inside a matrix whose rows have room for whole panels.</summary>
    public static Panels Within(float* matrix, long stride, int columns) => new(matrix, Width, stride, matrix + ((For(columns) - 1) * (long)Width), stride, For(columns));

    /// <summary>Panels of a matrix whose columns, of K numbers each, lie one after another.</summary>
    public static Panels Turned(float* columns, int length, int count) => new(
        columns, (long)length * Width, 1, columns + ((For(count) - 1) * (long)length * Width), 1, For(count), length);

    /// <summary>Panels inside a row-major matrix of K × R, the last one, where it does not end with a tile, copied elsewhere with zeros for what is missing.</summary>
    public static Panels Of(Arena scratch, float* matrix, int length, int columns)
    {
        var whole = columns / Width * Width;
        if (columns % ProductTiles.MostRows == 0)
            return Within(matrix, columns, columns);
        var edge = scratch.Next((long)length * Width);
        for (var k = 0; k < length; k++)
        {
            var row = new Span<float>(edge + ((long)k * Width), Width);
            new ReadOnlySpan<float>(matrix + ((long)k * columns) + whole, columns - whole).CopyTo(row);
            row[(columns - whole)..].Clear();
        }

        return new(matrix, Width, columns, edge, Width, For(columns));
    }

    /// <summary>Where a panel begins.</summary>
    public float* Start(int panel) => panel == count - 1 ? last : first + (panel * panelStride);

    /// <summary>From one k to the next in a panel.</summary>
    public long Step(int panel) => panel == count - 1 ? lastStep : step;
}
