using System.Collections.Concurrent;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// What a kernel works out from sizes alone, such as a table of where each tap lies, kept for the next time: a training step lasts microseconds, and these
/// tables would be a good part of them.
/// </summary>
/// <remarks>A plan is a pure function of its sizes, so whether it was kept changes nothing.</remarks>
internal sealed class Plans
{
    private readonly ConcurrentDictionary<(Type Plan, ConvolutionGeometry Sizes, ConvolutionGeometry Pool, int Outputs), object> _plans = new();

    /// <summary>The plan for a geometry, made when it is first asked for.</summary>
    /// <typeparam name="TPlan">Which kind of plan.</typeparam>
    /// <param name="sizes">The geometry.</param>
    /// <param name="plan">Makes it; pure.</param>
    public TPlan Of<TPlan>(ConvolutionGeometry sizes, Func<ConvolutionGeometry, TPlan> plan) where TPlan : class
    {
        var key = (typeof(TPlan), sizes, default(ConvolutionGeometry), 0);
        return _plans.TryGetValue(key, out var found) ? (TPlan)found : (TPlan)_plans.GetOrAdd(key, plan(sizes));
    }

    /// <summary>The plan for a convolution and a pool behind it.</summary>
    /// <typeparam name="TPlan">Which kind of plan.</typeparam>
    /// <param name="sizes">The convolution.</param>
    /// <param name="pool">The pool, or the default where there is none.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="plan">Makes it; pure.</param>
    public TPlan Of<TPlan>(ConvolutionGeometry sizes, ConvolutionGeometry pool, int outputs, Func<ConvolutionGeometry, ConvolutionGeometry, int, TPlan> plan) where TPlan : class
    {
        var key = (typeof(TPlan), sizes, pool, outputs);
        return _plans.TryGetValue(key, out var found) ? (TPlan)found : (TPlan)_plans.GetOrAdd(key, plan(sizes, pool, outputs));
    }
}
