using System.Runtime.CompilerServices;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>Work in items that any thread may do in any order, written once for every width of lanes.</summary>
/// <remarks>
/// The methods that do the work say <c>AggressiveOptimization</c>, to be compiled well before their first call, and <c>NoInlining</c>: there is an end
/// to what the compiler inlines into one method, and a vector operation that is no longer inlined is a call to slow code.
/// </remarks>
internal interface ILaneJob
{
    /// <summary>Writes the outputs of one item, which no other item writes or reads.</summary>
    /// <typeparam name="T">The lanes to work in.</typeparam>
    /// <param name="item">Which item, from 0.</param>
    void Run<T>(int item) where T : struct, ILanes<T>;
}

/// <summary>Runs jobs on the widest lanes that the processor has and that the data fills.</summary>
internal static unsafe class Jobs
{
    /// <summary>Runs every item of a job once and returns when all are done.</summary>
    /// <typeparam name="TJob">A struct, so that the compiler makes code of its own for each job and width.</typeparam>
    /// <param name="workspace">Whose threads work.</param>
    /// <param name="items">How many items.</param>
    /// <param name="lanes">How many numbers lie side by side: 1 or a multiple of 16.</param>
    /// <param name="job">What to do.</param>
    public static void Run<TJob>(Workspace workspace, int items, int lanes, TJob job) where TJob : unmanaged, ILaneJob
    {
        if (workspace.Gathered is { } gathered)
            gathered.Add(items, lanes, job);
        else if (lanes == 1)
            workspace.Workers.Run(items, &Do<TJob, Lanes1>, null, &job);
        else if (Hardware.Has512)
            workspace.Workers.Run(items, &Do<TJob, Lanes512>, null, &job);
        else if (Hardware.Has256)
            workspace.Workers.Run(items, &Do<TJob, Lanes256>, null, &job);
        else if (Hardware.Has128)
            workspace.Workers.Run(items, &Do<TJob, Lanes128>, null, &job);
        else
            workspace.Workers.Run(items, &Do<TJob, Lanes1>, null, &job);
    }

    /// <summary>Runs the jobs that a function starts as one, when it has returned.</summary>
    /// <typeparam name="R">Its result, which must not be read before.</typeparam>
    /// <param name="workspace">Whose threads work.</param>
    /// <param name="start">Starts jobs that do not need each other's results, in the workspace it is given.</param>
    public static R Together<R>(Workspace workspace, Func<Workspace, R> start)
    {
        var jobs = new JobList();
        var result = start(workspace.Gathering(jobs));
        jobs.Run(workspace.Workers);
        GC.KeepAlive(start);
        return result;
    }

    /// <summary>The same for a job whose items are groups of samples: each thread takes its own (<see cref="Workers.GroupOf"/>).</summary>
    public static void RunGroups<TJob>(Workspace workspace, int groups, int lanes, TJob job) where TJob : unmanaged, ILaneJob =>
        Run(workspace, groups, lanes, new Grouped<TJob>(job, groups, workspace.Threads));

    /// <summary>The same on the caller's thread alone, for work too small to share.</summary>
    public static void RunHere<TJob>(int items, int lanes, TJob job) where TJob : unmanaged, ILaneJob
    {
        for (var item = 0; item < items; item++)
        {
            if (lanes == 1)
                Do<TJob, Lanes1>(null, &job, item);
            else if (Hardware.Has512)
                Do<TJob, Lanes512>(null, &job, item);
            else if (Hardware.Has256)
                Do<TJob, Lanes256>(null, &job, item);
            else if (Hardware.Has128)
                Do<TJob, Lanes128>(null, &job, item);
            else
                Do<TJob, Lanes1>(null, &job, item);
        }
    }

    /// <summary>Keeps the memory of values in place until here: the collector does not see the addresses a kernel works on.</summary>
    public static void KeepAlive(Tensor a, Tensor b, Tensor c)
    {
        GC.KeepAlive(a);
        GC.KeepAlive(b);
        GC.KeepAlive(c);
    }

    /// <inheritdoc cref="KeepAlive(Tensor, Tensor, Tensor)"/>
    public static void KeepAlive(Tensor a, Tensor b) => KeepAlive(a, b, b);

    private readonly struct Grouped<TJob>(TJob job, int groups, int threads) : ILaneJob where TJob : unmanaged, ILaneJob
    {
        public void Run<T>(int item) where T : struct, ILanes<T> => job.Run<T>(Workers.GroupOf(item, groups, threads));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Do<TJob, T>(object? target, void* job, int item) where TJob : unmanaged, ILaneJob where T : struct, ILanes<T> => ((TJob*)job)->Run<T>(item);
}
