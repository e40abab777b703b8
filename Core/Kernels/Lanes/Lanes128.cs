using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FunctionalLeNet.Core.Numerics;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>Four lanes: Arm's AdvSimd, whose multiply-add is fused.</summary>
internal readonly unsafe struct Lanes128(Vector128<float> value) : ILanes<Lanes128>
{
    private readonly Vector128<float> _value = value;

    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Load(float* address) => new(Vector128.Load(address));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 FromBytes(byte* address) => new(Vector128.Create((float)address[0], address[1], address[2], address[3]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes128 value, float* address) => value._value.Store(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreAside(Lanes128 value, float* address) => value._value.StoreAlignedNonTemporal(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Broadcast(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 MultiplyAdd(Lanes128 a, Lanes128 b, Lanes128 c) => new(Vector128.FusedMultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Add(Lanes128 a, Lanes128 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Subtract(Lanes128 a, Lanes128 b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Multiply(Lanes128 a, Lanes128 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Divide(Lanes128 a, Lanes128 b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 SquareRoot(Lanes128 a) => new(Vector128.Sqrt(a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 SelectLessOrEqual(Lanes128 a, Lanes128 b, Lanes128 then, Lanes128 otherwise) =>
        new(Vector128.ConditionalSelect(Vector128.LessThanOrEqual(a._value, b._value), then._value, otherwise._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 SelectGreaterOrNaN(Lanes128 v, Lanes128 m, Lanes128 then, Lanes128 otherwise) =>
        new(Vector128.ConditionalSelect(Vector128.GreaterThan(v._value, m._value) | ~Vector128.Equals(v._value, v._value), then._value, otherwise._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ReplaceByGreaterOrNaN(ref Lanes128 maximum, ref Lanes128 choice, Lanes128 v, Lanes128 index)
    {
        var replace = Vector128.GreaterThan(v._value, maximum._value) | ~Vector128.Equals(v._value, v._value);
        maximum = new(Vector128.ConditionalSelect(replace, v._value, maximum._value));
        choice = new(Vector128.ConditionalSelect(replace, index._value, choice._value));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 InDouble<TFunction>(Lanes128 a, TFunction function) where TFunction : struct, IDoubleFunction
    {
        var (low, high) = Vector128.Widen(a._value);
        return new(Vector128.Narrow(function.Apply(new Doubles128(low)).Value, function.Apply(new Doubles128(high)).Value));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 SelectSameBits(Lanes128 a, Lanes128 b, Lanes128 then, Lanes128 otherwise) =>
        new(Vector128.ConditionalSelect(Vector128.Equals(a._value.AsInt32(), b._value.AsInt32()).AsSingle(), then._value, otherwise._value));
}
