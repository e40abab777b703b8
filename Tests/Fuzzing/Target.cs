namespace FunctionalLeNet.Fuzzing;

/// <summary>A reader of files, and how to make files that are almost right.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Share">Of a thousand inputs in all, how many are for it.</param>
/// <param name="Input">Makes an input: most often a valid file, changed where its structure says that something stands.</param>
/// <param name="PastHeader">Whether an input gets so far that a reader looks at what comes after the header.</param>
/// <param name="Read">Reads an input, and looks at what came of it. Only a <c>DataException</c> may be thrown.</param>
/// <param name="Size">The size of an input as it is stated and checked: a reader may allocate a small multiple of it.</param>
internal sealed record Target(string Name, int Share, Func<Draws, byte[]> Input, Func<byte[], bool> PastHeader, Action<byte[]> Read, Func<byte[], long> Size)
{
    /// <summary>Every reader of files.</summary>
    public static IReadOnlyList<Target> All { get; } =
    [
        Targets.IdxTargets.Images,
        Targets.IdxTargets.Labels,
        Targets.GzipTargets.Gzip,
        Targets.SafeTensorsTargets.SafeTensors,
        Targets.SafeTensorsTargets.Checkpoint,
        Targets.NpzTargets.Npz,
        Targets.PictureTargets.Png,
        Targets.PictureTargets.Jpeg,
        Targets.RunTargets.Manifest,
        Targets.RunTargets.Metrics,
        Targets.SweepTargets.Sweep,
    ];
}
