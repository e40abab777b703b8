using MathNet.Numerics.LinearAlgebra.Single;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// Memory of a tensor, at an address that does not move. Either a MathNet matrix's own array (a value that lives as long as someone holds it),
/// or a piece of an <see cref="Arena"/> (a value inside an evaluation, gone when the evaluation ends).
/// </summary>
/// <remarks>
/// Batches inside an evaluation lie in groups of <see cref="Lanes"/> samples: element (n, f) of N × F is at ((n / L)·F + f)·L + n mod L.
/// Sixteen float32 fill an AVX-512 register, and a 16 × F matrix is exactly one group. L = N is the plain matrix.
/// Idle lanes of the last group hold zeros in what is written by a kernel and are read by none that sums over samples.
/// </remarks>
internal sealed unsafe class Block
{
    private readonly Arena? _arena;
    private readonly int _generation;

    private Block(float* address, int length, int lanes, DenseMatrix? matrix, Arena? arena)
    {
        Address = address;
        Length = length;
        Lanes = lanes;
        Matrix = matrix;
        _arena = arena;
        _generation = arena?.Generation ?? 0;
    }

    /// <summary>The number of floats, idle lanes included.</summary>
    public int Length { get; }

    /// <summary>How many samples lie side by side in a group; 1 for parameters, whose order is row-major.</summary>
    public int Lanes { get; }

    /// <summary>The matrix that owns the memory, where one does.</summary>
    public DenseMatrix? Matrix { get; }

    /// <summary>Where the memory begins.</summary>
    /// <exception cref="InvalidOperationException">The evaluation that owned the memory is over.</exception>
    public float* Address
    {
        get => _arena is null || _arena.Generation == _generation
            ? field
            : throw new InvalidOperationException("This value belongs to an evaluation that is over. Return it from the evaluation, or copy it inside.");
    }

    /// <summary>Memory of its own: a column-major MathNet matrix on a pinned array.</summary>
    /// <param name="rows">Rows of the matrix.</param>
    /// <param name="columns">Columns of the matrix.</param>
    /// <param name="lanes">Samples in a group.</param>
    public static Block Own(int rows, int columns, int lanes)
    {
        var array = GC.AllocateUninitializedArray<float>(checked(rows * columns), pinned: true);
        var address = (float*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(array, 0);
        // MathNet has no matrix without rows or columns.
        var matrix = array.Length == 0 ? null : new DenseMatrix(rows, columns, array);
        return new Block(address, array.Length, lanes, matrix, null);
    }

    /// <summary>A piece of an arena.</summary>
    /// <param name="arena">The arena, which knows when the piece is no longer valid.</param>
    /// <param name="address">Where it begins.</param>
    /// <param name="length">Floats in it.</param>
    /// <param name="lanes">Samples in a group.</param>
    public static Block In(Arena arena, float* address, int length, int lanes) => new(address, length, lanes, null, arena);
}
