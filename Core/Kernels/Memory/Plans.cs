namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// What a kernel works out from sizes alone, such as a table of where each tap lies, kept for the next time: a training step lasts microseconds, and these
/// tables would be a good part of them.
/// </summary>
/// <remarks>A plan is a pure function of its sizes, so whether it was kept changes nothing. A workspace has one and is used by one evaluation at a time.</remarks>
internal sealed class Plans
{
    private readonly Dictionary<(Type Plan, ConvolutionGeometry Sizes, ConvolutionGeometry Pool, int Outputs), object> _plans = [];

    /// <summary>The plan for a geometry, made when it is first asked for.</summary>
    /// <typeparam name="TPlan">Which kind of plan.</typeparam>
    /// <param name="sizes">The geometry.</param>
    /// <param name="plan">Makes it; pure.</param>
    public TPlan Of<TPlan>(ConvolutionGeometry sizes, Func<ConvolutionGeometry, TPlan> plan) where TPlan : class => Of(sizes, 0, (g, _) => plan(g));

    /// <summary>The plan for a geometry and a number of outputs, or of whatever else matters.</summary>
    /// <typeparam name="TPlan">Which kind of plan.</typeparam>
    /// <param name="sizes">The geometry.</param>
    /// <param name="outputs">The number.</param>
    /// <param name="plan">Makes it; pure.</param>
    public TPlan Of<TPlan>(ConvolutionGeometry sizes, int outputs, Func<ConvolutionGeometry, int, TPlan> plan) where TPlan : class =>
        Of(sizes, default, outputs, (g, _, number) => plan(g, number));

    /// <summary>The plan for a convolution and a pool behind it.</summary>
    /// <typeparam name="TPlan">Which kind of plan.</typeparam>
    /// <param name="sizes">The convolution.</param>
    /// <param name="pool">The pool, or the default where there is none.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="plan">Makes it; pure.</param>
    public TPlan Of<TPlan>(ConvolutionGeometry sizes, ConvolutionGeometry pool, int outputs, Func<ConvolutionGeometry, ConvolutionGeometry, int, TPlan> plan) where TPlan : class
    {
        var key = (typeof(TPlan), sizes, pool, outputs);
        if (_plans.TryGetValue(key, out var found))
            return (TPlan)found;
        var made = plan(sizes, pool, outputs);
        _plans.Add(key, made);
        return made;
    }
}
