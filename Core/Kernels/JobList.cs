namespace FunctionalLeNet.Core.Kernels;

/// <summary>Small jobs gathered to be run as one: the updates of a tree's leaves, each too short to be shared among threads by itself.</summary>
internal sealed class JobList
{
    private readonly List<(ILaneJob Job, int Lanes, int First)> _jobs = [];
    private int _items;

    /// <summary>Adds a job.</summary>
    /// <param name="items">How many items.</param>
    /// <param name="lanes">How many numbers lie side by side.</param>
    /// <param name="job">What to do; on memory that lives until all has run.</param>
    public void Add(int items, int lanes, ILaneJob job)
    {
        _jobs.Add((job, lanes, _items));
        _items += items;
    }

    /// <summary>Runs every item of every job once and returns when all are done.</summary>
    /// <param name="workers">The threads.</param>
    public void Run(Workers workers) => workers.Run(_items, item =>
    {
        var index = _jobs.Count - 1;
        while (_jobs[index].First > item)
            index--;
        var (job, lanes, first) = _jobs[index];
        if (lanes == 1)
            job.Run<Lanes1>(item - first);
        else if (Hardware.Has512)
            job.Run<Lanes512>(item - first);
        else if (Hardware.Has256)
            job.Run<Lanes256>(item - first);
        else if (Hardware.Has128)
            job.Run<Lanes128>(item - first);
        else
            job.Run<Lanes1>(item - first);
    });
}
