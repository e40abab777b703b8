using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FunctionalLeNet.Core.Numerics;

/// <summary>Four doubles.</summary>
internal readonly struct Doubles256(Vector256<double> value) : IDoubles<Doubles256>
{
    /// <summary>The numbers.</summary>
    public Vector256<double> Value => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator Doubles256(double value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles256 operator +(Doubles256 a, Doubles256 b) => new(a.Value + b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles256 operator -(Doubles256 a, Doubles256 b) => new(a.Value - b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles256 operator *(Doubles256 a, Doubles256 b) => new(a.Value * b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles256 operator /(Doubles256 a, Doubles256 b) => new(a.Value / b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles256 SelectLess(Doubles256 a, Doubles256 b, Doubles256 then, Doubles256 otherwise) =>
        new(Vector256.ConditionalSelect(Vector256.LessThan(a.Value, b.Value), then.Value, otherwise.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles256 CopySign(Doubles256 magnitude, Doubles256 sign) =>
        new(Vector256.ConditionalSelect(Vector256.Create(-0.0), sign.Value, magnitude.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles256 PowerOfTwo(Doubles256 shifted) => new(Vector256.ShiftLeft(shifted.Value.AsInt64() + Vector256.Create(1023L), 52).AsDouble());

    public static Doubles256 Each(Doubles256 x, Func<double, double> function) =>
        new(Vector256.Create(
            function(x.Value[0]), function(x.Value[1]), function(x.Value[2]), function(x.Value[3])));
}
