using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FunctionalLeNet.Core.Numerics;

/// <summary>Eight doubles.</summary>
internal readonly struct Doubles512(Vector512<double> value) : IDoubles<Doubles512>
{
    /// <summary>The numbers.</summary>
    public Vector512<double> Value => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator Doubles512(double value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles512 operator +(Doubles512 a, Doubles512 b) => new(a.Value + b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles512 operator -(Doubles512 a, Doubles512 b) => new(a.Value - b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles512 operator *(Doubles512 a, Doubles512 b) => new(a.Value * b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles512 operator /(Doubles512 a, Doubles512 b) => new(a.Value / b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles512 SelectLess(Doubles512 a, Doubles512 b, Doubles512 then, Doubles512 otherwise) =>
        new(Vector512.ConditionalSelect(Vector512.LessThan(a.Value, b.Value), then.Value, otherwise.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles512 CopySign(Doubles512 magnitude, Doubles512 sign) =>
        new(Vector512.ConditionalSelect(Vector512.Create(-0.0), sign.Value, magnitude.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles512 PowerOfTwo(Doubles512 shifted) => new(Vector512.ShiftLeft(shifted.Value.AsInt64() + Vector512.Create(1023L), 52).AsDouble());

    public static Doubles512 Each(Doubles512 x, Func<double, double> function) =>
        new(Vector512.Create(
            function(x.Value[0]), function(x.Value[1]), function(x.Value[2]), function(x.Value[3]),
            function(x.Value[4]), function(x.Value[5]), function(x.Value[6]), function(x.Value[7])));
}
