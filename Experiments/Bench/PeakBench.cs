using FunctionalLeNet.Core.Kernels;

namespace FunctionalLeNet.Experiments.Bench;

/// <summary>What this machine's cores can do at most.</summary>
internal static class PeakBench
{
    private const int ItemsOfThread = 8;
    private const int Rounds = 4_000;
    private const int Handovers = 5_000;

    /// <summary>Independent multiply-adds on the widest vectors.</summary>
    /// <param name="workspace">The threads.</param>
    /// <param name="budget">About how long to measure.</param>
    public static Measurement Measure(Workspace workspace, TimeSpan budget)
    {
        var items = ItemsOfThread * workspace.Threads;
        return new("peak", workspace.Threads, 0, Clock.Median(budget, () => Peak.Run(workspace, items, Rounds)), items * Peak.MultiplyAdds(Rounds));
    }

    /// <summary>A number's way from one thread to another and back: the distance of two cores.</summary>
    /// <param name="budget">About how long to measure.</param>
    public static Measurement Distance(TimeSpan budget) => new("handover", 2, 0, Clock.Median(budget, () => Handover.Run(Handovers)) / Handovers);
}
