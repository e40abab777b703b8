using System.Globalization;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Experiments.Records;

/// <summary>The folder <c>checkpoints/</c> of a run: the last two checkpoints and the best.</summary>
/// <param name="RunPath">The run's folder.</param>
internal sealed record CheckpointFolder(string RunPath)
{
    private const string Folder = "checkpoints";
    private const string Ending = ".safetensors";
    private const int Last = 2;

    /// <summary>The folder, absolute.</summary>
    public string Path { get; } = System.IO.Path.Combine(RunPath, Folder);

    /// <summary>The steps after which there are checkpoints, in order; a file that was never finished has another ending and is none.</summary>
    public EquatableArray<long> Steps => !Directory.Exists(Path) ? [] : Directory.EnumerateFiles(Path, "*" + Ending)
        .Select(System.IO.Path.GetFileNameWithoutExtension)
        .Where(name => long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        .Select(name => long.Parse(name!, CultureInfo.InvariantCulture)).Order().ToEquatableArray();

    /// <summary>A checkpoint's name from the run's folder: <c>checkpoints/938.safetensors</c>.</summary>
    /// <param name="step">The step.</param>
    public static string NameOf(long step) => FormattableString.Invariant($"{Folder}/{step}{Ending}");

    /// <summary>A checkpoint's file.</summary>
    /// <param name="step">The step.</param>
    public string FileOf(long step) => System.IO.Path.Combine(RunPath, NameOf(step));

    /// <summary>A checkpoint's bytes.</summary>
    /// <param name="step">The step.</param>
    public byte[] Read(long step) => File.ReadAllBytes(FileOf(step));

    /// <summary>Writes a checkpoint: when this returns it is on the disk, whole, under its name. Only then are older ones dropped.</summary>
    /// <param name="checkpoint">What to write.</param>
    /// <param name="accuracy">The test accuracy measured after a step; nothing where none was.</param>
    public void Write(Checkpoint checkpoint, Func<long, double?> accuracy)
    {
        Directory.CreateDirectory(Path);
        AtomicFile.Write(FileOf(checkpoint.State.Position.Step), checkpoint.ToBytes());
        var kept = Kept(Steps, accuracy);
        foreach (var step in Steps.Where(step => !kept.Contains(step)))
            File.Delete(FileOf(step));
    }

    /// <summary>Removes the checkpoints after a step: a run that goes on from it will write them again.</summary>
    /// <param name="step">The step.</param>
    public void DropAfter(long step)
    {
        foreach (var later in Steps.Where(later => later > step))
            File.Delete(FileOf(later));
    }

    /// <summary>Which of some checkpoints are kept: the last two, and the one with the best test accuracy, the earliest where several have it.</summary>
    /// <param name="steps">The steps of all, in order.</param>
    /// <param name="accuracy">The test accuracy measured after a step; nothing where none was.</param>
    public static EquatableArray<long> Kept(IReadOnlyList<long> steps, Func<long, double?> accuracy) =>
        steps.Where(step => accuracy(step) is not null).OrderByDescending(accuracy).Take(1).Union(steps.TakeLast(Last)).Order().ToEquatableArray();
}
