using System.Runtime.CompilerServices;
using FunctionalLeNet.Core.Numerics;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>One lane: plain arithmetic, for processors without a fused multiply-add on vectors and for tails.</summary>
internal readonly unsafe struct Lanes1(float value) : ILanes<Lanes1>
{
    private readonly float _value = value;

    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Load(float* address) => new(*address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 FromBytes(byte* address) => new(*address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes1 value, float* address) => *address = value._value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreAside(Lanes1 value, float* address) => *address = value._value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Broadcast(float value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 MultiplyAdd(Lanes1 a, Lanes1 b, Lanes1 c) => new(Fma.Single(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Add(Lanes1 a, Lanes1 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Subtract(Lanes1 a, Lanes1 b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Multiply(Lanes1 a, Lanes1 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Divide(Lanes1 a, Lanes1 b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 SquareRoot(Lanes1 a) => new(MathF.Sqrt(a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 SelectLessOrEqual(Lanes1 a, Lanes1 b, Lanes1 then, Lanes1 otherwise) => a._value <= b._value ? then : otherwise;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 SelectGreaterOrNaN(Lanes1 v, Lanes1 m, Lanes1 then, Lanes1 otherwise) =>
        v._value > m._value || float.IsNaN(v._value) ? then : otherwise;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ReplaceByGreaterOrNaN(ref Lanes1 maximum, ref Lanes1 choice, Lanes1 v, Lanes1 index)
    {
        if (v._value > maximum._value || float.IsNaN(v._value))
            (maximum, choice) = (v, index);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 InDouble<TFunction>(Lanes1 a, TFunction function) where TFunction : struct, IDoubleFunction =>
        new((float)function.Apply<Doubles1>(a._value).Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 SelectSameBits(Lanes1 a, Lanes1 b, Lanes1 then, Lanes1 otherwise) =>
        BitConverter.SingleToInt32Bits(a._value) == BitConverter.SingleToInt32Bits(b._value) ? then : otherwise;
}
