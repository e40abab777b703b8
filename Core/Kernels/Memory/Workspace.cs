using System.Collections.Concurrent;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>Which products a network is computed with.</summary>
public enum Numerics
{
    /// <summary>Chains of fused multiply-adds in a stated order: the same bits everywhere.</summary>
    Exact,

    /// <summary>Explicit patches and MathNet's managed product: the readable twin, compared by tolerance.</summary>
    MathNet,

    /// <summary>The same through MathNet's native MKL provider, where the build has it.</summary>
    Mkl,
}

/// <summary>
/// What a computation runs on and never what it results in: threads, and memory for what happens inside it.
/// The one exception is <see cref="Numerics"/>, which chooses between the exact products and their tolerant twins.
/// </summary>
/// <remarks>Used by one evaluation at a time. Disposing it ends its threads.</remarks>
public sealed class Workspace : IDisposable
{
    /// <summary>How many samples lie side by side inside an evaluation: sixteen float32 fill an AVX-512 register.</summary>
    internal const int Lanes = 16;

    /// <summary>Up to so many samples beyond whole groups lie one after another instead, and pixels or outputs fill the lanes: more idle lanes than that cost more.</summary>
    internal const int Few = 8;

    private readonly Arena? _results;
    private readonly bool _owner;

    /// <summary>Threads and memory for evaluations.</summary>
    /// <param name="threads">How many threads work, the caller's included; at least 1. Never changes a result.</param>
    /// <param name="numerics">Which products.</param>
    /// <exception cref="NumericsException">This build or machine does not have them.</exception>
    public Workspace(int threads = 1, Numerics numerics = Numerics.Exact)
    {
        (Workers, Numerics) = (new Workers(threads), MatrixProvider.Use(numerics));
        (Scratch, Evaluation, Hands) = (new Arena(), new Arena(), [.. Enumerable.Range(0, threads).Select(_ => new Arena())]);
        (Plans, Alone) = (new Plans(), []);
        _owner = true;
    }

    private Workspace(Workspace other, Arena? results, JobList? gathered)
    {
        (Workers, Numerics, Scratch, Evaluation, Hands, Plans, Alone) = (other.Workers, other.Numerics, other.Scratch, other.Evaluation, other.Hands, other.Plans, other.Alone);
        (_results, Gathered) = (results, gathered);
    }

    /// <summary>Which products.</summary>
    public Numerics Numerics { get; }

    /// <summary>How many threads work, the caller's included.</summary>
    public int Threads => Workers.Count;

    /// <summary>The threads.</summary>
    internal Workers Workers { get; }

    /// <summary>Memory that a kernel takes and gives back while it runs.</summary>
    internal Arena Scratch { get; }

    /// <summary>Memory for the intermediates of one evaluation.</summary>
    internal Arena Evaluation { get; }

    /// <summary>Scratch memory for each thread's own use: the same in every kernel, so that it stays in the cache of the thread's core.</summary>
    internal Arena[] Hands { get; }

    /// <summary>What kernels have found out about the sizes that they work on.</summary>
    internal Plans Plans { get; }

    /// <summary>Workspaces of one thread each, for threads that carry samples through a whole network by themselves; made when they are first needed.</summary>
    private ConcurrentBag<Workspace> Alone { get; }

    /// <summary>Where jobs are gathered instead of run; most often nowhere.</summary>
    internal JobList? Gathered { get; }

    /// <summary>Runs items that need scratch memory, each on one thread.</summary>
    /// <param name="items">How many.</param>
    /// <param name="body">Writes the outputs of one item; the workspace lends scratch memory alone.</param>
    internal void RunAlone(int items, Action<int, Workspace> body)
    {
        if (Threads > 1 && items > 1)
            RunApart(items, body);
        else
            for (var item = 0; item < items; item++)
                body(item, this);
    }

    /// <summary>Runs items, each on one thread in a workspace of its own.</summary>
    /// <param name="items">How many.</param>
    /// <param name="body">Writes the outputs of one item; leaves nothing in the workspace.</param>
    internal void RunApart(int items, Action<int, Workspace> body) => Workers.Run(items, item =>
    {
        var alone = Alone.TryTake(out var idle) ? idle : new Workspace();
        body(item, alone);
        Alone.Add(alone);
    });

    /// <summary>Where results are placed.</summary>
    /// <exception cref="InvalidOperationException">They are placed in memory of their own.</exception>
    internal Arena Results => _results ?? throw new InvalidOperationException("This workspace gives every result memory of its own.");

    /// <summary>The same threads and scratch, with results placed in an arena rather than in memory of their own.</summary>
    /// <param name="arena">Where results go; they are valid until it is emptied.</param>
    internal Workspace In(Arena arena) => new(this, arena, Gathered);

    /// <summary>The same with the jobs that are started in it gathered: see <see cref="Jobs.Together"/>.</summary>
    /// <param name="jobs">Where they are gathered.</param>
    internal Workspace Gathering(JobList jobs) => new(this, _results, jobs);

    /// <summary>An uninitialised parameter.</summary>
    /// <param name="shape">Its shape.</param>
    internal Tensor Parameter(Shape shape) => new(shape, MemoryOrder.RowMajor, _results is null
        ? Block.Own(shape.Count / Math.Max(shape.First, 1), shape.First, 1)
        : _results.Take(shape.Count, 1));

    /// <summary>How many samples of a batch lie side by side: <see cref="Lanes"/>, or 1 where there are but few.</summary>
    /// <param name="samples">N.</param>
    internal static int LanesOf(int samples) => samples <= Few || (samples > Lanes && samples <= Lanes + Few) ? 1 : Lanes;

    /// <summary>A count rounded up to whole groups of <see cref="Lanes"/>.</summary>
    /// <param name="count">At least 0.</param>
    internal static int Rounded(int count) => (count + Lanes - 1) / Lanes * Lanes;

    /// <summary>An uninitialised batch in groups of <see cref="LanesOf"/> samples.</summary>
    /// <param name="shape">Its shape, <c>[N, …]</c>.</param>
    internal Tensor Batch(Shape shape)
    {
        var lanes = LanesOf(shape.First);
        var columns = checked(shape.Rest.Count * ((shape.First + lanes - 1) / lanes));
        return new Tensor(shape, MemoryOrder.SamplesLast, _results is null ? Block.Own(lanes, columns, lanes) : _results.Take(checked(lanes * columns), lanes));
    }

    /// <summary>An uninitialised tensor of another's shape and order.</summary>
    /// <param name="other">The other.</param>
    internal Tensor Like(Tensor other) => other.Order == MemoryOrder.RowMajor ? Parameter(other.Shape) : Batch(other.Shape);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_owner)
            return;
        Workers.Dispose();
        Scratch.Dispose();
        Evaluation.Dispose();
        foreach (var hand in Hands)
            hand.Dispose();
        foreach (var alone in Alone)
            alone.Dispose();
    }
}
