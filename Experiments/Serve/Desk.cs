using System.Collections.Concurrent;
using FunctionalLeNet.Core.Kernels;

namespace FunctionalLeNet.Experiments.Serve;

/// <summary>Where requests are computed: as many at a time as there are places, each with memory that the next one uses again.</summary>
/// <param name="places">How many.</param>
internal sealed class Desk(int places) : IDisposable
{
    private readonly SemaphoreSlim _free = new(places);
    private readonly ConcurrentBag<Workspace> _idle = [];

    /// <summary>Computes something when there is a place.</summary>
    /// <typeparam name="T">What it results in.</typeparam>
    /// <param name="work">What to compute, with threads and memory.</param>
    /// <param name="stop">Ends the waiting.</param>
    public async Task<T> Work<T>(Func<Workspace, T> work, CancellationToken stop)
    {
        await _free.WaitAsync(stop);
        var workspace = _idle.TryTake(out var idle) ? idle : new();
        try
        {
            return work(workspace);
        }
        finally
        {
            _idle.Add(workspace);
            _free.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _free.Dispose();
        foreach (var workspace in _idle)
            workspace.Dispose();
    }
}
