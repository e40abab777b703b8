using System.Collections.Concurrent;
using System.Collections.Immutable;
using FunctionalLeNet.Core.Formats;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Records;

namespace FunctionalLeNet.Experiments.Serve;

/// <summary>A run that the page can show: the moments of its training at which its parameters are known.</summary>
/// <param name="Name">The run.</param>
/// <param name="Experiment">Its experiment.</param>
/// <param name="Steps">The moments, in steps: the start, the checkpoints that were kept, the end.</param>
/// <param name="At">The parameters at one of them.</param>
internal sealed record ServedRun(string Name, Experiment Experiment, EquatableArray<long> Steps, Func<long, Tree<Tensor>> At)
{
    /// <summary>How good it was at the end; null where it has not come to it.</summary>
    public double? TestAccuracy { get; init; }

    /// <summary>The run inside the program.</summary>
    public static ServedRun Shipped { get; } = OfShipped(ShippedModel.Model, ShippedModel.Run);

    /// <summary>A run in a folder.</summary>
    /// <param name="run">The run.</param>
    /// <exception cref="DataException">This program has no such experiment, or the run's files make no sense.</exception>
    public static ServedRun Of(StoredRun run)
    {
        var experiment = run.Experiment(run.Manifest.Result.Data.Name);
        var (checkpoints, end) = (run.Checkpoints.Steps, run.IsSealed ? run.Metrics.Finished!.Steps : (long?)null);
        var steps = checkpoints.Concat(end is { } last ? [last] : []).Append(0).Distinct().Order().ToEquatableArray();
        return new(run.Name, experiment, steps, step =>
            step == end ? run.Final(experiment)
            : checkpoints.Contains(step) ? Checkpoint.OfBytes(run.Checkpoints.Read(step), $"{run.Name}/{CheckpointFolder.NameOf(step)}").State.Parameters
            : run.Start(experiment).Parameters)
        {
            TestAccuracy = run.Metrics.Finished?.TestAccuracy,
        };
    }

    private static ServedRun OfShipped(TrainedModel model, StoredRun run) => new(
        run.Name,
        model.Experiment,
        [0, .. ShippedModel.FilmSteps, run.Metrics.Finished!.Steps],
        step => step == 0 ? run.Start(model.Experiment).Parameters : step == run.Metrics.Finished.Steps ? model.Parameters : ShippedModel.Film(step))
    {
        TestAccuracy = run.Metrics.Finished.TestAccuracy,
    };
}

/// <summary>The runs that the page can show, by name: the one inside the program, those under <c>runs/</c>, and the one that was named.</summary>
/// <param name="Directory">The working directory.</param>
/// <param name="Named">A run that was named on the command line; empty for none.</param>
internal sealed record ServedRuns(string Directory, string Named)
{
    private const int MostKept = 64;
    private readonly ConcurrentDictionary<(ServedRun Run, long Step), Tree<Tensor>> _kept = new();
    private (ImmutableArray<ServedRun> Runs, ImmutableArray<string> Problems)? _listed;

    /// <summary>Every run that can be shown, the named one first, and a word about each that cannot; read from the disk now.</summary>
    public (IReadOnlyList<ServedRun> Runs, IReadOnlyList<string> Problems) List()
    {
        var listed = Read();
        _listed = listed;
        _kept.Clear();
        return listed;
    }

    /// <summary>The run of a name; null where there was none when they were listed last.</summary>
    /// <param name="name">The name.</param>
    public ServedRun? Find(string name) => (_listed ??= Read()).Runs.FirstOrDefault(run => run.Name == name);

    /// <summary>A network with the parameters of a moment, which the run has. Those of the last moments are kept.</summary>
    /// <param name="run">The run.</param>
    /// <param name="step">The moment.</param>
    /// <exception cref="DataException">The run's files make no sense.</exception>
    public TrainedModel Model(ServedRun run, long step)
    {
        if (_kept.Count > MostKept)
            _kept.Clear();
        return new(run.Name, run.Experiment, _kept.GetOrAdd((run, step), key => key.Run.At(key.Step)));
    }

    private (ImmutableArray<ServedRun> Runs, ImmutableArray<string> Problems) Read()
    {
        var found = RecordedRun.Under(Directory, RunFolder.Runs).Where(one => one.Name != Named).Select(one => one.Name);
        var read = (Named.Length > 0 ? found.Prepend(ShippedModel.Name).Prepend(Named) : found.Prepend(ShippedModel.Name)).Select(Try).ToList();
        return ([.. read.Select(one => one.Run).OfType<ServedRun>()], [.. read.Select(one => one.Problem).OfType<string>()]);
    }

    private (ServedRun? Run, string? Problem) Try(string name)
    {
        try
        {
            return (name == ShippedModel.Name ? ServedRun.Shipped : ServedRun.Of(StoredRun.Read(Directory, name)), null);
        }
        catch (DataException e)
        {
            return (null, e.Message);
        }
    }
}
