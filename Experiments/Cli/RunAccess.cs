using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Data;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Experiments.Training;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary>What commands on a run begin with: its experiment and its data, the very bytes.</summary>
internal static class RunAccess
{
    /// <summary>The run of a name.</summary>
    /// <param name="name">Its folder, or its name under <c>runs/</c>.</param>
    /// <param name="session">From where to look.</param>
    public static StoredRun Read(string name, Session session) => StoredRun.Read(session.Surroundings.Directory, name);

    /// <summary>A run's experiment and data; fails where the data has other bytes than the run had.</summary>
    /// <param name="run">The run.</param>
    /// <param name="data">Where the data is; empty for where the run found it.</param>
    /// <param name="session">Where to look, and where to report.</param>
    public static (Experiment Experiment, Dataset Data) Load(StoredRun run, string data, Session session)
    {
        var place = data.Length > 0 ? data : Place(run);
        var experiment = run.Experiment(place);
        var dataset = TrainCommand.Checked(experiment, DataAccess.Load(place, session));
        foreach (var file in run.Manifest.Result.Data.Files)
        {
            var found = dataset.Files.FirstOrDefault(other => other.Name == file.Name);
            if (found?.Sha256 != file.Sha256)
                throw new Failure($"{found?.Path ?? file.Name}: the run {run.Name} had other data: expected SHA-256 {file.Sha256}, found {found?.Sha256 ?? $"no such file in '{dataset.Name}'"}. --data names the folder with the run's own files.");
        }

        return (experiment, dataset);
    }

    /// <summary>A run's plan from its first moment.</summary>
    /// <param name="run">The run.</param>
    /// <param name="experiment">Its experiment.</param>
    /// <param name="data">Its data.</param>
    public static RunPlan Plan(StoredRun run, Experiment experiment, Dataset data) =>
        TrainCommand.Plan(experiment, data, run.Manifest.Result, Train.Start(experiment, run.Manifest.Result.Seed));

    private static string Place(StoredRun run)
    {
        var (folder, name) = (run.Manifest.Environment.DataFolder, run.Manifest.Result.Data.Name);
        return folder.Length > 0 && Directory.Exists(folder) ? folder
            : DataAccess.Names.Contains(name) ? name
            : throw new Failure($"{run.Name} was trained on the files in '{folder}', which is not here: --data names a folder with the same {string.Join(", ", run.Manifest.Result.Data.Files.Select(file => file.Name))}.");
    }
}
