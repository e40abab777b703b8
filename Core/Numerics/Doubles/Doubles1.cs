using System.Runtime.CompilerServices;

namespace FunctionalLeNet.Core.Numerics;

/// <summary>One double.</summary>
internal readonly struct Doubles1(double value) : IDoubles<Doubles1>
{
    /// <summary>The number.</summary>
    public double Value => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator Doubles1(double value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles1 operator +(Doubles1 a, Doubles1 b) => new(a.Value + b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles1 operator -(Doubles1 a, Doubles1 b) => new(a.Value - b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles1 operator *(Doubles1 a, Doubles1 b) => new(a.Value * b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles1 operator /(Doubles1 a, Doubles1 b) => new(a.Value / b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles1 SelectLess(Doubles1 a, Doubles1 b, Doubles1 then, Doubles1 otherwise) => a.Value < b.Value ? then : otherwise;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles1 CopySign(Doubles1 magnitude, Doubles1 sign) => new(Math.CopySign(magnitude.Value, sign.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles1 PowerOfTwo(Doubles1 shifted) => new(BitConverter.Int64BitsToDouble((BitConverter.DoubleToInt64Bits(shifted.Value) + 1023) << 52));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles1 Each(Doubles1 x, Func<double, double> function) => new(function(x.Value));
}
