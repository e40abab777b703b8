namespace FunctionalLeNet.Core.Kernels;

/// <summary>How many sums a kernel keeps in registers: a type, so that the compiler makes code of its own for each.</summary>
internal interface IRunWidth
{
    /// <summary>The number of sums.</summary>
    static abstract int Count { get; }
}

internal readonly struct Run2 : IRunWidth
{
    public static int Count => 2;
}

internal readonly struct Run3 : IRunWidth
{
    public static int Count => 3;
}

internal readonly struct Run4 : IRunWidth
{
    public static int Count => 4;
}

internal readonly struct Run5 : IRunWidth
{
    public static int Count => 5;
}

internal readonly struct Run6 : IRunWidth
{
    public static int Count => 6;
}

internal readonly struct Run8 : IRunWidth
{
    public static int Count => 8;
}

internal readonly struct Run10 : IRunWidth
{
    public static int Count => 10;
}

internal readonly struct Run12 : IRunWidth
{
    public static int Count => 12;
}

internal readonly struct Run14 : IRunWidth
{
    public static int Count => 14;
}
