using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Data;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Experiments.Reports;
using FunctionalLeNet.Experiments.Training;
using MathNet.Numerics.Statistics;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary><c>train EXPERIMENT</c>: trains, evaluates, writes a run; with several seeds a run each.</summary>
internal static class TrainCommand
{
    public static int Run(Invocation.Train command, Session session)
    {
        var (experiment, options) = (command.Options.Applied(command.Experiment), command.Options);
        RequireFree(options.Out, session);
        var data = Checked(experiment, DataAccess.Load(experiment.Data, session));
        using var workspace = new Workspace(options.Threads ?? session.Surroundings.Processors, options.Numerics);
        var ends = new List<RunEvent.Finished>();
        foreach (var seed in options.Seeds.All)
        {
            if (options.Seeds.IsRange)
                session.Screen.Note($"Seed {seed}");
            var name = options is { Seeds.IsRange: true, Out.Length: > 0 } ? $"{options.Out}/seed-{seed}" : options.Out;
            if (One(experiment, data, seed, options with { Out = name }, workspace, session).End is not { } end)
                return ExitCode.Interrupted;
            ends.Add(end);
        }

        if (options.Seeds.IsRange)
        {
            var summary = Summarised(ends);
            session.Screen.Event(summary);
            session.Screen.Line(Lines.Of(summary));
        }

        return ExitCode.Done;
    }

    /// <summary>One run into one folder.</summary>
    /// <returns>The folder, and the run's end; null where it was interrupted.</returns>
    /// <param name="experiment">The experiment with every change made to it.</param>
    /// <param name="data">Its data.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="options">The rest.</param>
    /// <param name="workspace">Threads and memory.</param>
    /// <param name="session">Where its words go.</param>
    /// <param name="imported">Parameters that another program made and the run begins with; null where they are drawn.</param>
    internal static (string Folder, RunEvent.Finished? End) One(
        Experiment experiment, Dataset data, long seed, TrainOptions options, Workspace workspace, Session session, Tree<Tensor>? imported = null)
    {
        var surroundings = session.Surroundings;
        var manifest = new Manifest(
            ManifestResult.Of(experiment, seed, options.Numerics, data, options.TrainLimit, options.TestLimit) with { ImportedWeightsSha256 = imported is null ? null : Hashes.OfParameters(imported) },
            ManifestEnvironment.Here(workspace.Threads, DataAccess.Names.Contains(experiment.Data) ? "" : surroundings.FullPath(experiment.Data), session.CommandLine, surroundings.Now()) with { CheckpointEvery = options.CheckpointEvery });
        var plan = Plan(experiment, data, manifest.Result, imported is null ? Train.Start(experiment, seed) : Train.StartFrom(experiment, seed, imported));
        var (parameters, weights, histograms) = (Cost.Of(experiment.Network).Parameters, Moment.Weights(0, plan.Start.Parameters), Moment.Histograms(0, plan, plan.Start.Parameters, workspace));
        RunEvent.Start StartOf(string name) => new(name, experiment.Name, seed, parameters, Hashes.OfParameters(plan.Start.Parameters));
        using var folder = Created(options.Out, manifest, new Checkpoint(manifest.Result.IdentityAt(0), plan.Start, default), name => [StartOf(name), weights, histograms], imported is null ? null : RunFolder.WeightsBytes(imported), session);
        session.Screen.Event(StartOf(folder.Name));
        return (folder.Name, new RunningRun(plan, manifest, folder, options.CheckpointEvery, options.Figures, workspace, session).ToEnd());
    }

    /// <summary>What a manifest says, with its data, from a moment on.</summary>
    internal static RunPlan Plan(Experiment experiment, Dataset data, ManifestResult result, TrainingState start) => new(
        experiment,
        Limited(Train.PrepareTraining(experiment, data.Train), result.Configuration.TrainLimit),
        Limited(Train.Prepare(experiment, data.Test), result.Configuration.TestLimit),
        start)
    {
        Earlier = result.EarlierLimits.Select(earlier => (earlier.UntilStep, earlier.Limit.ToLimit())).ToEquatableArray(),
    };

    /// <summary>Fails where the data does not fit the network, before anything is written.</summary>
    internal static Dataset Checked(Experiment experiment, Dataset data)
    {
        var (input, output) = (experiment.Network.Input, Shapes.Output(experiment.Network));
        foreach (var images in (ImageSet[])[data.Train, data.Test])
        {
            var shape = Train.Prepare(experiment, images).Shape;
            if (shape != input)
                throw new Failure($"The images of '{data.Name}' do not fit '{experiment.Name}': its network takes {input}, but found {images.Height}x{images.Width} images, {shape} with their padding of {experiment.Padding}.");
        }

        return data.Classes <= output.Count
            ? data
            : throw new Failure($"'{data.Name}' has {data.Classes} classes, but the network of '{experiment.Name}' has {output.Count} outputs.");
    }

    private static RunFolder Created(string name, Manifest manifest, Checkpoint start, Func<string, IReadOnlyList<RunEvent>> lines, byte[]? imported, Session session)
    {
        try
        {
            return name.Length == 0
                ? RunFolder.CreateNext(session.Surroundings.Directory, manifest, start, lines, imported)
                : RunFolder.Create(session.Surroundings.Directory, name, manifest, start, lines, imported);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new Failure($"The run's folder '{(name.Length == 0 ? RunFolder.Runs : name)}' cannot be made: {e.Message.TrimEnd('.')}. --out names another.");
        }
    }

    internal static void RequireFree(string name, Session session)
    {
        if (name.Length > 0 && Path.Exists(session.Surroundings.FullPath(name)))
            throw new Failure($"'{name}' exists, and a run is never written over another: name a folder that does not, or leave --out out.");
    }

    private static Samples Limited(Samples samples, int? limit) => limit is { } count ? samples.Take(count) : samples;

    private static RunEvent.Summary Summarised(IReadOnlyCollection<RunEvent.Finished> ends)
    {
        var (loss, lossDeviation) = ends.Select(end => end.TestLoss).MeanStandardDeviation();
        var (accuracy, accuracyDeviation) = ends.Select(end => end.TestAccuracy).MeanStandardDeviation();
        return ends.Count > 1 ? new(ends.Count, loss, lossDeviation, accuracy, accuracyDeviation) : new(ends.Count, loss, null, accuracy, null);
    }
}
