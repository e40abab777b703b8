using System.Globalization;
using System.Text;
using FunctionalLeNet.Core.Formats;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Experiments.Records;

/// <summary>
/// A run's folder while the run goes on: it appears under its name by one rename, already holding a manifest and the checkpoint of step 0, and what is recorded
/// stays whatever happens after. One process writes it, the one that holds its lock.
/// </summary>
internal sealed class RunFolder : IDisposable
{
    private readonly RunLock _lock;
    private readonly FileStream _metrics;
    private readonly Dictionary<long, double> _accuracies;

    private RunFolder(string path, string name, RunLock taken, Metrics recorded)
    {
        (Path, Name, _lock, Checkpoints) = (path, name, taken, new(path));
        _accuracies = Accuracies(recorded.Lines).ToDictionary(pair => pair.Step, pair => pair.Accuracy);
        // Without a buffer of ours a line is the system's when it is written, and outlives the process.
        _metrics = new FileStream(System.IO.Path.Combine(path, MetricsFile), FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
    }

    /// <summary>The folder in which runs are made and looked for where no other is named.</summary>
    public const string Runs = "runs";

    /// <summary>The manifest's file name.</summary>
    public const string ManifestFile = "manifest.json";

    /// <summary>The metrics' file name.</summary>
    public const string MetricsFile = "metrics.jsonl";

    /// <summary>The weights' file name.</summary>
    public const string WeightsFile = "weights.safetensors";

    /// <summary>The file name of weights that another program made and the run begins with.</summary>
    public const string ImportedFile = "imported.safetensors";

    /// <summary>The report's file name.</summary>
    public const string ReportFile = "report.html";

    /// <summary>The folder of the report's pictures as files, where they were asked for.</summary>
    public const string FiguresFolder = "figures";

    /// <summary>The folder, absolute.</summary>
    public string Path { get; }

    /// <summary>The folder as the user wrote it or would write it.</summary>
    public string Name { get; }

    /// <summary>The checkpoints.</summary>
    public CheckpointFolder Checkpoints { get; }

    /// <summary>Makes the folder that a run gets where none is named: <c>runs/folk-3</c> after <c>runs/folk-2</c>.</summary>
    /// <param name="directory">The working directory.</param>
    /// <param name="manifest">The manifest.</param>
    /// <param name="start">The checkpoint of step 0.</param>
    /// <param name="lines">The first lines of a run of some name.</param>
    /// <param name="imported">Weights that another program made and the run begins with; null where they were drawn.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static RunFolder CreateNext(string directory, Manifest manifest, Checkpoint start, Func<string, IReadOnlyList<RunEvent>> lines, byte[]? imported = null)
    {
        while (true)
        {
            var name = NextName(directory, manifest.Result.Experiment);
            try
            {
                return Create(directory, name, manifest, start, lines, imported);
            }
            catch (IOException) when (System.IO.Path.Exists(System.IO.Path.GetFullPath(name, directory)))
            {
                // Another process took the name in between: there is a next one.
            }
        }
    }

    /// <summary>Makes the folder with all that a run begins with under a temporary name beside it, then renames it.</summary>
    /// <param name="directory">The working directory.</param>
    /// <param name="name">The folder, absolute or from the working directory.</param>
    /// <param name="manifest">The manifest.</param>
    /// <param name="start">The checkpoint of step 0.</param>
    /// <param name="lines">The first lines of a run of some name.</param>
    /// <param name="imported">Weights that another program made and the run begins with; null where they were drawn.</param>
    /// <exception cref="IOException">There is something of that name, or it cannot be written.</exception>
    public static RunFolder Create(string directory, string name, Manifest manifest, Checkpoint start, Func<string, IReadOnlyList<RunEvent>> lines, byte[]? imported = null)
    {
        var path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(name, directory));
        var parent = System.IO.Path.GetDirectoryName(path) ?? directory;
        Directory.CreateDirectory(parent);
        RemoveAbandoned(parent);
        var partial = System.IO.Path.Combine(parent, $".{System.IO.Path.GetFileName(path)}{AtomicFile.Partial}{Environment.ProcessId}");
        var taken = default(RunLock);
        try
        {
            Directory.CreateDirectory(partial);
            taken = RunLock.Take(partial, manifest.Environment.Start);
            var metrics = new Metrics(lines(name).ToEquatableArray());
            AtomicFile.Write(System.IO.Path.Combine(partial, ManifestFile), manifest.ToJson());
            AtomicFile.Write(System.IO.Path.Combine(partial, MetricsFile), metrics.ToText());
            if (imported is not null)
                AtomicFile.Write(System.IO.Path.Combine(partial, ImportedFile), imported);
            new CheckpointFolder(partial).Write(start, _ => null);
            Posix.FlushFolder(partial);
            // Windows moves no folder with an open file in it.
            if (OperatingSystem.IsWindows())
                taken.Dispose();
            Directory.Move(partial, path);
            Posix.FlushFolder(parent);
            return new RunFolder(path, name, OperatingSystem.IsWindows() ? RunLock.Take(path, manifest.Environment.Start) : taken.MovedTo(path), metrics);
        }
        catch
        {
            taken?.Dispose();
            if (Directory.Exists(partial))
                Directory.Delete(partial, recursive: true);
            throw;
        }
    }

    /// <summary>Goes on with a run that stands after a step: what was recorded later is dropped.</summary>
    /// <param name="run">The run.</param>
    /// <param name="taken">Its lock, which the folder gives back.</param>
    /// <param name="step">The step of the checkpoint that the run goes on from.</param>
    public static RunFolder GoOn(StoredRun run, RunLock taken, long step)
    {
        var kept = run.Metrics.Until(step);
        AtomicFile.RemovePartial(run.Path);
        AtomicFile.Write(System.IO.Path.Combine(run.Path, MetricsFile), kept.ToText());
        var folder = new RunFolder(run.Path, run.Name, taken, kept);
        try
        {
            folder.Checkpoints.DropAfter(step);
            if (step > 0 && !kept.Lines.OfType<RunEvent.Checkpoint>().Any(line => line.AfterStep == step))
                folder.Append(new RunEvent.Checkpoint(step, CheckpointFolder.NameOf(step)));
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Adds a line to the metrics; it is in the file when this returns.</summary>
    /// <param name="line">What happened.</param>
    public void Append(RunEvent line)
    {
        foreach (var (step, accuracy) in Accuracies([line]))
            _accuracies[step] = accuracy;
        _metrics.Write(Encoding.UTF8.GetBytes(line.ToLine() + "\n"));
    }

    /// <summary>Replaces the manifest.</summary>
    /// <param name="manifest">The new one.</param>
    public void Write(Manifest manifest) => AtomicFile.Write(System.IO.Path.Combine(Path, ManifestFile), manifest.ToJson());

    /// <summary>Writes a checkpoint, after the lines that led to it; both are on the disk when this returns.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <returns>The line that says so.</returns>
    public RunEvent.Checkpoint Write(Checkpoint checkpoint)
    {
        _metrics.Flush(flushToDisk: true);
        Checkpoints.Write(checkpoint, step => _accuracies.TryGetValue(step, out var accuracy) ? accuracy : null);
        var line = new RunEvent.Checkpoint(checkpoint.State.Position.Step, CheckpointFolder.NameOf(checkpoint.State.Position.Step));
        Append(line);
        return line;
    }

    /// <summary>Ends the run: the weights, the last line, the manifest with its end, what is told of them, and over all of them their sums.</summary>
    /// <param name="parameters">The final parameters.</param>
    /// <param name="line">The last line.</param>
    /// <param name="manifest">The manifest with its end.</param>
    /// <param name="tell">Adds the report, once all that it tells of is there.</param>
    public void Finish(Tree<Tensor> parameters, RunEvent.Finished line, Manifest manifest, Action tell)
    {
        AtomicFile.Write(System.IO.Path.Combine(Path, WeightsFile), WeightsBytes(parameters));
        Append(line);
        _metrics.Flush(flushToDisk: true);
        Write(manifest);
        tell();
        RunSums.Write(Path);
    }

    /// <summary>A file of weights as a run holds it.</summary>
    /// <param name="parameters">The parameters.</param>
    public static byte[] WeightsBytes(Tree<Tensor> parameters) => SafeTensors.Write(SafeTensorsFile.Of(parameters, ("format", "pt")));

    /// <inheritdoc/>
    public void Dispose()
    {
        _metrics.Dispose();
        _lock.Dispose();
    }

    private static string NextName(string directory, string experiment)
    {
        var runs = new DirectoryInfo(System.IO.Path.Combine(directory, Runs));
        var prefix = experiment + "-";
        var last = !runs.Exists ? 0 : runs.EnumerateFileSystemInfos(prefix + "*")
            .Select(entry => int.TryParse(entry.Name[prefix.Length..], NumberStyles.None, null, out var number) ? number : 0)
            .DefaultIfEmpty(0).Max();
        return $"{Runs}/{prefix}{last + 1}";
    }

    /// <summary>Removes what processes that died left of runs that never appeared; one whose owner is unknown or lives elsewhere is left alone.</summary>
    private static void RemoveAbandoned(string parent)
    {
        foreach (var folder in Directory.EnumerateDirectories(parent, $".*{AtomicFile.Partial}*").Where(RunLock.IsAbandoned))
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another process removes it at the same time, or it is not ours: it is in nobody's way.
            }
        }
    }

    private static IEnumerable<(long Step, double Accuracy)> Accuracies(IEnumerable<RunEvent> lines) => lines.SelectMany(line => line switch
    {
        RunEvent.Epoch epoch => [(epoch.AfterStep, epoch.TestAccuracy)],
        RunEvent.Evaluation evaluation => [(evaluation.AfterStep, evaluation.TestAccuracy)],
        _ => Enumerable.Empty<(long, double)>(),
    });
}
