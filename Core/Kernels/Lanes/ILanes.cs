using FunctionalLeNet.Core.Numerics;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// Several float32 numbers on which one operation acts at once. A kernel is written once, generic in its lanes, and means the same at every width,
/// because every lane computes an output of its own and every operation here is defined by IEEE 754 to the last bit.
/// </summary>
/// <typeparam name="T">The implementing struct.</typeparam>
internal unsafe interface ILanes<T> where T : struct, ILanes<T>
{
    /// <summary>How many numbers.</summary>
    static abstract int Count { get; }

    /// <summary>Numbers from memory, one after another.</summary>
    static abstract T Load(float* address);

    /// <summary>Bytes from memory, one after another, as numbers from 0 to 255.</summary>
    static abstract T FromBytes(byte* address);

    /// <summary>Writes the numbers to memory, one after another.</summary>
    static abstract void Store(T value, float* address);

    /// <summary>Writes the numbers to memory past the caches, for what is not read again soon; at a multiple of the vector's size.</summary>
    static abstract void StoreAside(T value, float* address);

    /// <summary>One number in every lane.</summary>
    static abstract T Broadcast(float value);

    /// <summary>a·b + c, rounded once.</summary>
    static abstract T MultiplyAdd(T a, T b, T c);

    /// <summary>a + b.</summary>
    static abstract T Add(T a, T b);

    /// <summary>a − b.</summary>
    static abstract T Subtract(T a, T b);

    /// <summary>a · b.</summary>
    static abstract T Multiply(T a, T b);

    /// <summary>a / b.</summary>
    static abstract T Divide(T a, T b);

    /// <summary>The square root, rounded once.</summary>
    static abstract T SquareRoot(T a);

    /// <summary>In each lane <paramref name="then"/> where a ≤ b, else <paramref name="otherwise"/>; a NaN is not ≤.</summary>
    static abstract T SelectLessOrEqual(T a, T b, T then, T otherwise);

    /// <summary>In each lane <paramref name="then"/> where v &gt; m or v is NaN, else <paramref name="otherwise"/>: the comparison of max-pooling.</summary>
    static abstract T SelectGreaterOrNaN(T v, T m, T then, T otherwise);

    /// <summary>In each lane where v &gt; maximum or v is NaN, puts v for the maximum and index for the choice: one step of max-pooling.</summary>
    static abstract void ReplaceByGreaterOrNaN(ref T maximum, ref T choice, T v, T index);

    /// <summary>A function of each number, computed in double and rounded once to float32.</summary>
    static abstract T InDouble<TFunction>(T a, TFunction function) where TFunction : struct, IDoubleFunction;

    /// <summary>In each lane <paramref name="then"/> where the bits of a and b are equal, else <paramref name="otherwise"/>.</summary>
    static abstract T SelectSameBits(T a, T b, T then, T otherwise);
}
