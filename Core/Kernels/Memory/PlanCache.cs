namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// What kernels work out once for a geometry and use at every step: tables of tiles, taps and places. A plan is a function of its key alone,
/// so remembering it changes no result; making it anew takes as long as a small layer.
/// </summary>
/// <remarks>A workspace has one, and is used by one evaluation at a time.</remarks>
internal sealed class PlanCache
{
    private readonly Dictionary<object, object> _plans = [];

    /// <summary>The plan for a key, made at the first call.</summary>
    /// <typeparam name="TKey">A type of its own for each kind of plan; equal by value.</typeparam>
    /// <typeparam name="TPlan">The plan; never written to after it is made.</typeparam>
    /// <param name="key">All that the plan depends on.</param>
    /// <param name="make">Makes the plan.</param>
    public TPlan Of<TKey, TPlan>(TKey key, Func<TKey, TPlan> make)
        where TKey : struct, IEquatable<TKey>
        where TPlan : class
    {
        if (_plans.TryGetValue(key, out var found))
            return (TPlan)found;
        var plan = make(key);
        _plans.Add(key, plan);
        return plan;
    }
}
