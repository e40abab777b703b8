namespace FunctionalLeNet.Core.Kernels;

/// <summary>How many sums a kernel keeps in registers: a type, so that the compiler makes code of its own for each.</summary>
internal interface IRunWidth
{
    /// <summary>The number of sums.</summary>
    static abstract int Count { get; }
}
