using System.Text.RegularExpressions;
using FunctionalLeNet.Core.Formats;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Experiments.Records;

/// <summary>A run as its metrics tell of it: how far it came, and how good it was.</summary>
/// <param name="Name">The folder as it was given.</param>
/// <param name="Manifest">What fixes the run, and where it was made.</param>
/// <param name="Events">Its metrics, in order.</param>
internal sealed partial record RecordedRun(string Name, Manifest Manifest, EquatableArray<RunEvent> Events)
{
    /// <summary>The run's end; null where it did not come to it.</summary>
    public RunEvent.Finished? End => new Metrics(Events).Finished;

    /// <summary>The epochs that ended.</summary>
    public IEnumerable<RunEvent.Epoch> Epochs => Events.OfType<RunEvent.Epoch>();

    /// <summary>Updates that were recorded.</summary>
    public long Steps => End?.Steps ?? Events.OfType<RunEvent.Step>().LastOrDefault()?.Number ?? 0;

    /// <summary>The loss of the test set at the end, or after the last epoch that ended.</summary>
    public double? TestLoss => End?.TestLoss ?? Epochs.LastOrDefault()?.TestLoss;

    /// <summary>The accuracy on the test set at the end, or after the last epoch that ended.</summary>
    public double? TestAccuracy => End?.TestAccuracy ?? Epochs.LastOrDefault()?.TestAccuracy;

    /// <summary>The training loss of the last epoch that ended.</summary>
    public double? TrainLoss => Epochs.LastOrDefault()?.TrainLoss;

    /// <summary>Of the whole run where it ended, else of training alone so far.</summary>
    public double Seconds => End?.Seconds ?? Epochs.Sum(epoch => epoch.Seconds);

    /// <summary>SHA-256 of the parameters at the end, or after the last epoch that ended; empty before.</summary>
    public string WeightsSha256 => End?.WeightsSha256 ?? Epochs.LastOrDefault()?.WeightsSha256 ?? "";

    /// <summary><c>finished</c>; <c>failed</c> where it recorded why it could not go on; else <c>unfinished</c>.</summary>
    public string State => End is not null ? "finished" : Events is [.., RunEvent.Error] ? "failed" : "unfinished";

    /// <summary>A run as its folder has it.</summary>
    /// <param name="run">The run.</param>
    public static RecordedRun Of(StoredRun run) => new(run.Name, run.Manifest, run.Metrics.Lines);

    /// <summary>The runs in a folder and below it, in the order of their names, each with what is wrong with it where something is.</summary>
    /// <param name="directory">The working directory.</param>
    /// <param name="folder">The folder, from there; there may be none.</param>
    public static IEnumerable<(string Name, StoredRun? Run, string Problem)> Under(string directory, string folder)
    {
        var path = Path.GetFullPath(folder, directory);
        var names = Directory.Exists(path) ? Directory.EnumerateDirectories(path).Select(inside => Path.GetFileName(inside)).Where(name => !name.StartsWith('.')).OrderBy(Counted, StringComparer.Ordinal) : Enumerable.Empty<string>();
        // A folder that is being made begins with a point; a link may lead anywhere, also back.
        foreach (var name in names)
        {
            if (File.Exists(Path.Combine(path, name, RunFolder.ManifestFile)))
                yield return Try($"{folder}/{name}");
            else if (new DirectoryInfo(Path.Combine(path, name)).LinkTarget is null)
                foreach (var below in Under(directory, $"{folder}/{name}"))
                    yield return below;
        }

        (string, StoredRun?, string) Try(string name)
        {
            try
            {
                return (name, StoredRun.Read(directory, name), "");
            }
            catch (DataException e)
            {
                return (name, null, e.Message);
            }
        }
    }

    /// <summary>A name whose order is the one in which people count: <c>folk-2</c> before <c>folk-10</c>.</summary>
    private static string Counted(string name) => Digits().Replace(name, digits => digits.Value.PadLeft(20, '0'));

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();
}
