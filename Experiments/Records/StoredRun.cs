using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionalLeNet.Core.Formats;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Interop;
using FunctionalLeNet.Experiments.Training;

namespace FunctionalLeNet.Experiments.Records;

/// <summary>A run as its folder has it.</summary>
/// <param name="Path">The folder, absolute.</param>
/// <param name="Name">The folder as the user wrote it.</param>
/// <param name="Manifest">Its manifest.</param>
/// <param name="Metrics">Its metrics.</param>
internal sealed record StoredRun(string Path, string Name, Manifest Manifest, Metrics Metrics)
{
    /// <summary>Where the run of a name lies: a folder, absolute or from the working directory, or one under <c>runs/</c>.</summary>
    /// <param name="directory">The working directory.</param>
    /// <param name="name">The name.</param>
    /// <exception cref="DataException">There is no such folder, or it holds no run.</exception>
    public static (string Path, string Name) Find(string directory, string name)
    {
        var found = FolderOf(directory, name) ?? throw new DataException(name, "there is no such run", "a folder that 'lenet train' made", "none");
        var path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(found, directory));
        return File.Exists(System.IO.Path.Combine(path, RunFolder.ManifestFile))
            ? (path, found)
            : throw new DataException(found, "this folder is no run", RunFolder.ManifestFile, "none");
    }

    /// <summary>The folder that a name may mean, be it a run or not; null where there is none.</summary>
    /// <param name="directory">The working directory.</param>
    /// <param name="name">The folder, or its name under <c>runs/</c>.</param>
    public static string? FolderOf(string directory, string name) =>
        new[] { name, System.IO.Path.Join(RunFolder.Runs, name) }.FirstOrDefault(candidate => Directory.Exists(System.IO.Path.GetFullPath(candidate, directory)));

    /// <summary>Reads a run.</summary>
    /// <param name="directory">The working directory.</param>
    /// <param name="name">The run's folder, absolute or from the working directory, or its name under <c>runs/</c>.</param>
    /// <exception cref="DataException">There is no such run, or its files make no sense.</exception>
    public static StoredRun Read(string directory, string name)
    {
        var (path, found) = Find(directory, name);
        return new(path, found, Records.Manifest.OfBytes(Bytes(RunFolder.ManifestFile), $"{found}/{RunFolder.ManifestFile}"), Records.Metrics.OfBytes(Bytes(RunFolder.MetricsFile), $"{found}/{RunFolder.MetricsFile}"));

        byte[] Bytes(string file) => File.Exists(System.IO.Path.Combine(path, file))
            ? Shared(System.IO.Path.Combine(path, file))
            : throw new DataException($"{found}/{file}", "this file of the run is missing");
    }

    /// <summary>The checkpoints.</summary>
    public CheckpointFolder Checkpoints => new(Path);

    /// <summary>Whether the run ended and everything was written: its sums are there.</summary>
    public bool IsSealed => Metrics.Finished is not null && File.Exists(System.IO.Path.Combine(Path, RunSums.FileName));

    /// <summary>The experiment as the run had it, from the catalog and the manifest.</summary>
    /// <param name="data">Where the run's data is.</param>
    /// <exception cref="DataException">This program has no such experiment, or has it otherwise.</exception>
    public Experiment Experiment(string data)
    {
        var (result, configuration, file) = (Manifest.Result, Manifest.Result.Configuration, $"{Name}/{RunFolder.ManifestFile}");
        var known = AllExperiments.Find(result.Experiment)
            ?? throw new DataException(file, "this program does not know the run's experiment", string.Join(", ", AllExperiments.InOrder.Select(experiment => experiment.Name)), $"'{result.Experiment}'");
        var experiment = known with
        {
            Optimizer = configuration.Optimizer.Rate is { } rate && rate != known.Optimizer.Rate ? known.Optimizer.At(rate) : known.Optimizer,
            Batch = configuration.Batch,
            Limit = configuration.Limit.ToLimit(),
            Data = data,
        };
        var here = ManifestConfiguration.Of(experiment, configuration.TrainLimit, configuration.TestLimit);
        return here == configuration
            ? experiment
            : Difference(Node(here), Node(configuration), "configuration") is var (where, expected, found)
                ? throw new DataException(file, $"in this program '{result.Experiment}' is another experiment than in the run: {where} differs", expected, found, "Use the program that wrote the run.")
                : experiment;
    }

    /// <summary>The run's first moment: its parameters drawn again, or read where another program made them.</summary>
    /// <param name="experiment">The run's experiment.</param>
    /// <exception cref="DataException">The file of the parameters makes no sense, or is not what the run recorded.</exception>
    public TrainingState Start(Experiment experiment) => Manifest.Result switch
    {
        { ImportedWeightsSha256: { } sha, Seed: var seed } => Train.StartFrom(experiment, seed, Weights(experiment, RunFolder.ImportedFile, sha)),
        { Seed: var seed } => Train.Start(experiment, seed),
    };

    /// <summary>The parameters at the end of a run that has finished.</summary>
    /// <param name="experiment">The run's experiment.</param>
    /// <exception cref="DataException">Their file makes no sense, or is not what the run recorded.</exception>
    public Tree<Tensor> Final(Experiment experiment) => Weights(experiment, RunFolder.WeightsFile, Metrics.Finished!.WeightsSha256);

    /// <summary>Makes a run one that has not ended, with another manifest: first it loses the sums that say it is whole.</summary>
    /// <param name="manifest">The new manifest.</param>
    public void Reopen(Manifest manifest)
    {
        File.Delete(System.IO.Path.Combine(Path, RunSums.FileName));
        File.Delete(System.IO.Path.Combine(Path, RunFolder.WeightsFile));
        File.Delete(System.IO.Path.Combine(Path, RunFolder.ReportFile));
        if (Directory.Exists(System.IO.Path.Combine(Path, RunFolder.FiguresFolder)))
            Directory.Delete(System.IO.Path.Combine(Path, RunFolder.FiguresFolder), recursive: true);
        AtomicFile.Write(System.IO.Path.Combine(Path, RunFolder.ManifestFile), (manifest with { Environment = manifest.Environment with { End = null } }).ToJson());
    }

    /// <summary>The newest checkpoint from which the run can go on.</summary>
    /// <param name="note">Told, a line each, why newer ones cannot be used.</param>
    /// <exception cref="DataException">There is none; or one belongs to another run.</exception>
    public Checkpoint Newest(Action<string> note)
    {
        foreach (var step in Checkpoints.Steps.Reverse())
        {
            var (bytes, file) = (Checkpoints.Read(step), $"{Name}/{CheckpointFolder.NameOf(step)}");
            if (!Checkpoint.IsWhole(bytes))
                note($"{file} is torn or damaged: its SHA-256 is not the one in it. The one before it is used.");
            else if (Metrics.RecordedSteps < step)
                note($"{RunFolder.MetricsFile} ends before step {step}, so {file} cannot be used. The one before it is.");
            else
                return Checked(Checkpoint.OfBytes(bytes, file), file, step);
        }

        throw new DataException(Name, "the run has no checkpoint to go on from", advice: "Train it again: " + $"lenet {string.Join(' ', Manifest.Environment.CommandLine)}");
    }

    /// <summary>A file's bytes, also while the process that runs the run writes on.</summary>
    private static byte[] Shared(string path) => Posix.ReadLocked(path);

    private Tree<Tensor> Weights(Experiment experiment, string file, string sha)
    {
        var name = $"{Name}/{file}";
        var parameters = ForeignWeights.Fitted(experiment.Network, experiment.Name, ForeignWeights.Read(System.IO.Path.Combine(Path, file), name, long.MaxValue), [], name);
        return Hashes.OfParameters(parameters) is var found && found == sha
            ? parameters
            : throw new DataException(name, "these are not the weights that the run recorded", $"SHA-256 {sha}", found, $"'lenet verify {Name}' says what else was changed.");
    }

    private Checkpoint Checked(Checkpoint checkpoint, string file, long step) =>
        checkpoint.Run == Manifest.Result.IdentityAt(step) && checkpoint.State.Position.Step == step
            ? checkpoint
            : throw new DataException(
                file, "this checkpoint belongs to another run", $"one of step {step} with the configuration of {Name}/{RunFolder.ManifestFile}", $"step {checkpoint.State.Position.Step} of a run with another configuration",
                "Put the run's own checkpoint back, or remove this one: the one before it is used then.");

    private static JsonNode? Node(ManifestConfiguration configuration) => JsonSerializer.SerializeToNode(configuration, ManifestJson.Configured.ManifestConfiguration);

    /// <summary>The first place where two JSON trees differ.</summary>
    private static (string Where, string Expected, string Found)? Difference(JsonNode? expected, JsonNode? found, string where) => (expected, found) switch
    {
        (JsonObject one, JsonObject other) => one.Select(member => member.Key).Union(other.Select(member => member.Key))
            .Select(name => Difference(one[name], other[name], $"{where}.{name}")).FirstOrDefault(difference => difference is not null),
        (JsonArray one, JsonArray other) when one.Count == other.Count => one.Zip(other)
            .Select((pair, i) => Difference(pair.First, pair.Second, $"{where}[{i}]")).FirstOrDefault(difference => difference is not null),
        _ => JsonNode.DeepEquals(expected, found) ? null : (where, expected?.ToJsonString() ?? "nothing", found?.ToJsonString() ?? "nothing"),
    };
}
