using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FunctionalLeNet.Core.Numerics;

/// <summary>Two doubles.</summary>
internal readonly struct Doubles128(Vector128<double> value) : IDoubles<Doubles128>
{
    /// <summary>The numbers.</summary>
    public Vector128<double> Value => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator Doubles128(double value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles128 operator +(Doubles128 a, Doubles128 b) => new(a.Value + b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles128 operator -(Doubles128 a, Doubles128 b) => new(a.Value - b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles128 operator *(Doubles128 a, Doubles128 b) => new(a.Value * b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles128 operator /(Doubles128 a, Doubles128 b) => new(a.Value / b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles128 SelectLess(Doubles128 a, Doubles128 b, Doubles128 then, Doubles128 otherwise) =>
        new(Vector128.ConditionalSelect(Vector128.LessThan(a.Value, b.Value), then.Value, otherwise.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles128 CopySign(Doubles128 magnitude, Doubles128 sign) =>
        new(Vector128.ConditionalSelect(Vector128.Create(-0.0), sign.Value, magnitude.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles128 PowerOfTwo(Doubles128 shifted) => new(Vector128.ShiftLeft(shifted.Value.AsInt64() + Vector128.Create(1023L), 52).AsDouble());

    public static Doubles128 Each(Doubles128 x, Func<double, double> function) =>
        new(Vector128.Create(function(x.Value[0]), function(x.Value[1])));
}
