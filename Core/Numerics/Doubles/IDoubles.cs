namespace FunctionalLeNet.Core.Numerics;

/// <summary>
/// One double, or several on which one operation acts at once. A formula is written once, generic in these, and has the same bits for one number and for eight,
/// because every operation here is defined by IEEE 754 to the last bit and none is fused.
/// </summary>
/// <typeparam name="T">The implementing struct.</typeparam>
internal interface IDoubles<T> where T : struct, IDoubles<T>
{
    /// <summary>One number in every lane.</summary>
    static abstract implicit operator T(double value);

    /// <summary>a + b.</summary>
    static abstract T operator +(T a, T b);

    /// <summary>a − b.</summary>
    static abstract T operator -(T a, T b);

    /// <summary>a · b.</summary>
    static abstract T operator *(T a, T b);

    /// <summary>a / b.</summary>
    static abstract T operator /(T a, T b);

    /// <summary>In each lane <paramref name="then"/> where a &lt; b, else <paramref name="otherwise"/>; a NaN is not &lt;.</summary>
    static abstract T SelectLess(T a, T b, T then, T otherwise);

    /// <summary>The magnitude of one number with the sign of another.</summary>
    static abstract T CopySign(T magnitude, T sign);

    /// <summary>2ⁿ for a whole number n from −1022 to 1023, which stands as n + 1.5 · 2⁵²; of anything else, some number.</summary>
    static abstract T PowerOfTwo(T shifted);

    /// <summary>A function of each number in turn, for what has too many branches for lanes.</summary>
    static abstract T Each(T x, Func<double, double> function);
}
