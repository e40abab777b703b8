using System.Collections.Concurrent;
using System.Net;
using FunctionalLeNet.Experiments.Serve;

namespace FunctionalLeNet.Tests.Serve;

/// <summary>The page, served in this process on a free port.</summary>
internal sealed class RunningServer : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _served;

    public RunningServer(string directory, string named = "")
    {
        var listening = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _served = Task.Run(() => Server.Run(IPAddress.Loopback, 0, new(directory, named), listening.SetResult, Lines.Enqueue, _stop.Token));
        Task.WaitAny(listening.Task, _served);
        if (_served.IsFaulted)
            _served.GetAwaiter().GetResult();
        Address = new(listening.Task.Result);
    }

    /// <summary>Where it is.</summary>
    public Uri Address { get; }

    /// <summary>The lines about refused requests.</summary>
    public ConcurrentQueue<string> Lines { get; } = [];

    public void Dispose()
    {
        _stop.Cancel();
        _served.Wait();
        _stop.Dispose();
    }
}
