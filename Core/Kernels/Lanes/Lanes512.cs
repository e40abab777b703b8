using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FunctionalLeNet.Core.Numerics;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>Sixteen lanes: AVX-512.</summary>
internal readonly unsafe struct Lanes512(Vector512<float> value) : ILanes<Lanes512>
{
    private readonly Vector512<float> _value = value;

    public static int Count => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Load(float* address) => new(Vector512.Load(address));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 FromBytes(byte* address) => new(Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(Vector128.Load(address))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes512 value, float* address) => value._value.Store(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreAside(Lanes512 value, float* address) => value._value.StoreAlignedNonTemporal(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Broadcast(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 MultiplyAdd(Lanes512 a, Lanes512 b, Lanes512 c) => new(Vector512.FusedMultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Add(Lanes512 a, Lanes512 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Subtract(Lanes512 a, Lanes512 b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Multiply(Lanes512 a, Lanes512 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Divide(Lanes512 a, Lanes512 b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 SquareRoot(Lanes512 a) => new(Vector512.Sqrt(a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 SelectLessOrEqual(Lanes512 a, Lanes512 b, Lanes512 then, Lanes512 otherwise) =>
        new(Vector512.ConditionalSelect(Vector512.LessThanOrEqual(a._value, b._value), then._value, otherwise._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 SelectGreaterOrNaN(Lanes512 v, Lanes512 m, Lanes512 then, Lanes512 otherwise) =>
        new(Vector512.ConditionalSelect(Vector512.GreaterThan(v._value, m._value) | ~Vector512.Equals(v._value, v._value), then._value, otherwise._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ReplaceByGreaterOrNaN(ref Lanes512 maximum, ref Lanes512 choice, Lanes512 v, Lanes512 index)
    {
        var replace = Vector512.GreaterThan(v._value, maximum._value) | ~Vector512.Equals(v._value, v._value);
        maximum = new(Avx512F.BlendVariable(maximum._value, v._value, replace));
        choice = new(Avx512F.BlendVariable(choice._value, index._value, replace));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 InDouble<TFunction>(Lanes512 a, TFunction function) where TFunction : struct, IDoubleFunction
    {
        var (low, high) = Vector512.Widen(a._value);
        return new(Vector512.Narrow(function.Apply(new Doubles512(low)).Value, function.Apply(new Doubles512(high)).Value));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 SelectSameBits(Lanes512 a, Lanes512 b, Lanes512 then, Lanes512 otherwise) =>
        new(Vector512.ConditionalSelect(Vector512.Equals(a._value.AsInt32(), b._value.AsInt32()).AsSingle(), then._value, otherwise._value));
}
