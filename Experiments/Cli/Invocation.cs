using System.Net;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Interop;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary>A command line that makes sense, as a value: which command, with what.</summary>
/// <param name="Json">Whether standard output carries a JSON object a line and people read standard error.</param>
public abstract record Invocation(bool Json)
{
    /// <summary>No command: train on the embedded digits, explain, say what to try next.</summary>
    /// <param name="Json">Whether standard output carries JSON.</param>
    /// <param name="Options">Threads and data; the rest as the experiment has it.</param>
    public sealed record QuickStart(bool Json, TrainOptions Options) : Invocation(Json);

    /// <summary>The experiments, or the runs.</summary>
    /// <param name="Json">Whether standard output carries JSON.</param>
    /// <param name="Runs">Whether it is the runs.</param>
    public sealed record List(bool Json, bool Runs) : Invocation(Json);

    /// <summary>One experiment's network and settings.</summary>
    /// <param name="Json">Whether standard output carries JSON.</param>
    /// <param name="Experiment">Which.</param>
    /// <param name="Try">Whether to run the tutorial's demonstration instead.</param>
    public sealed record Show(bool Json, Experiment Experiment, bool Try) : Invocation(Json);

    /// <summary>Trains and writes a run.</summary>
    /// <param name="Json">Whether standard output carries JSON.</param>
    /// <param name="Experiment">Which, as the catalog has it.</param>
    /// <param name="Options">What is to be different.</param>
    public sealed record Train(bool Json, Experiment Experiment, TrainOptions Options) : Invocation(Json);

    /// <summary>Goes on with a run from its newest checkpoint.</summary>
    /// <param name="Json">Whether standard output carries JSON.</param>
    /// <param name="Run">The run's folder.</param>
    /// <param name="Options">A higher limit, where the data is, threads, how often to checkpoint; nothing else of a run can be changed.</param>
    public sealed record Resume(bool Json, string Run, TrainOptions Options) : Invocation(Json);

    /// <summary>Trains a run again and compares.</summary>
    /// <param name="Json">Whether standard output carries JSON.</param>
    /// <param name="Run">The run's folder.</param>
    /// <param name="Data">Where the data is; empty for where the run found it.</param>
    /// <param name="Threads">Worker threads; none for one a core.</param>
    public sealed record Verify(bool Json, string Run, string Data, int? Threads) : Invocation(Json);

    /// <summary>A run's network on its test images.</summary>
    /// <param name="Json">Whether standard output carries JSON.</param>
    /// <param name="Run">The run's folder.</param>
    /// <param name="Mistakes">How many of the worst mistakes are shown, from 0.</param>
    /// <param name="Data">Where the data is; empty for where the run found it.</param>
    /// <param name="Threads">Worker threads; none for one a core.</param>
    public sealed record Evaluate(bool Json, string Run, int Mistakes, string Data, int? Threads) : Invocation(Json);

    /// <summary>Writes a run's report again.</summary>
    /// <param name="Json">Whether standard output carries JSON.</param>
    /// <param name="Run">The run's folder.</param>
    /// <param name="Figures">Whether its pictures are written as files too.</param>
    /// <param name="Data">Where the data is; empty for where the run found it.</param>
    public sealed record Report(bool Json, string Run, bool Figures, string Data) : Invocation(Json);

    /// <summary>What every layer of a run's network puts out for one test image.</summary>
    /// <param name="Json">Whether standard output carries JSON.</param>
    /// <param name="Run">The run's folder, or its name under <c>runs/</c>.</param>
    /// <param name="Sample">The test image, from 0.</param>
    /// <param name="Data">Where the data is; empty for where the run found it.</param>
    public sealed record Snapshot(bool Json, string Run, int Sample, string Data) : Invocation(Json);

    /// <summary>What a network takes image files for.</summary>
    /// <param name="Json">Whether standard output carries JSON.</param>
    /// <param name="Words">The files, at least one; before them perhaps the run whose network is asked.</param>
    /// <param name="Explain">Whether to show how each digit was found.</param>
    public sealed record Predict(bool Json, EquatableArray<string> Words, bool Explain) : Invocation(Json);

    /// <summary>A page to draw a digit on and watch every layer.</summary>
    /// <param name="Json">Whether standard output carries JSON.</param>
    /// <param name="Run">The run that is shown first; empty for the network inside the program.</param>
    /// <param name="Host">The address that is listened on.</param>
    /// <param name="Port">The port; 0 for any that is free.</param>
    public sealed record Serve(bool Json, string Run, IPAddress Host, int Port) : Invocation(Json);

    /// <summary>Writes a run's weights or logits for other programs.</summary>
    /// <param name="Json">Whether standard output carries JSON.</param>
    /// <param name="Run">The run's folder.</param>
    /// <param name="To">The file, whose ending says its format.</param>
    /// <param name="Logits">Whether the logits of the test images are written instead of the weights.</param>
    /// <param name="Data">Where the data is; empty for where the run found it.</param>
    public sealed record Export(bool Json, string Run, string To, bool Logits, string Data) : Invocation(Json);

    /// <summary>Makes a run from weights that another program made.</summary>
    /// <param name="Json">Whether standard output carries JSON.</param>
    /// <param name="Experiment">Whose network they are for.</param>
    /// <param name="From">The file of weights.</param>
    /// <param name="Renamings">Names there and here.</param>
    /// <param name="Options">The run's folder, its data, its seed, threads.</param>
    public sealed record Import(bool Json, Experiment Experiment, string From, EquatableArray<Renaming> Renamings, TrainOptions Options) : Invocation(Json);

    /// <summary>Writes every layer's output as arrays.</summary>
    /// <param name="Json">Whether standard output carries JSON.</param>
    /// <param name="Run">The run's folder.</param>
    /// <param name="Sample">Which test image, from 0.</param>
    /// <param name="To">The file.</param>
    /// <param name="Data">Where the data is; empty for where the run found it.</param>
    public sealed record Layers(bool Json, string Run, int Sample, string To, string Data) : Invocation(Json);

    /// <summary>Runs side by side.</summary>
    /// <param name="Json">Whether standard output carries JSON.</param>
    /// <param name="Runs">Their folders; at least two.</param>
    public sealed record Compare(bool Json, EquatableArray<string> Runs) : Invocation(Json);

    /// <summary>Many runs from one file.</summary>
    /// <param name="Json">Whether standard output carries JSON.</param>
    /// <param name="File">The file.</param>
    /// <param name="Jobs">Runs at a time; none for as many as there are cores, or as many as Slurm has room for.</param>
    /// <param name="Threads">Worker threads of a run; none for the cores that it has for itself.</param>
    /// <param name="DryRun">Whether to print the command lines alone.</param>
    /// <param name="Slurm">Whether to write scripts for Slurm instead of running.</param>
    /// <param name="Collect">Whether to print the table of what is there alone.</param>
    public sealed record Sweep(bool Json, string File, int? Jobs, int? Threads, bool DryRun, bool Slurm, bool Collect) : Invocation(Json);

    /// <summary>The data sets.</summary>
    /// <param name="Json">Whether standard output carries JSON.</param>
    /// <param name="Name">Which; empty for all.</param>
    /// <param name="Fetch">Whether to download what is not here.</param>
    public sealed record Survey(bool Json, string Name, bool Fetch) : Invocation(Json);

    /// <summary>A published result, replayed; or, without a name, what can be.</summary>
    /// <param name="Json">Whether standard output carries JSON.</param>
    /// <param name="Name">Which; empty for a list.</param>
    /// <param name="Data">Where the data is; empty for the usual places.</param>
    /// <param name="Threads">Worker threads; none for one a core.</param>
    /// <param name="Seeds">The seeds of a result that is compared with several runs; none for the usual ones.</param>
    public sealed record Repro(bool Json, string Name, string Data, int? Threads, SeedRange? Seeds) : Invocation(Json);

    /// <summary>How fast networks are here.</summary>
    /// <param name="Json">Whether standard output carries JSON.</param>
    /// <param name="Experiments">Whose networks.</param>
    /// <param name="Threads">Worker threads; none for one a core.</param>
    public sealed record Bench(bool Json, EquatableArray<Experiment> Experiments, int? Threads) : Invocation(Json);
}

/// <summary>What a command line changes of an experiment. What is not given stays as the experiment has it.</summary>
public sealed record TrainOptions
{
    /// <summary>Nothing is changed.</summary>
    public static TrainOptions None { get; } = new();

    /// <summary>A data set's name or a folder; empty for the experiment's own.</summary>
    public string Data { get; init; } = "";

    /// <summary>The seeds, one run each.</summary>
    public SeedRange Seeds { get; init; }

    /// <summary>Passes over the training data.</summary>
    public int? Epochs { get; init; }

    /// <summary>Updates of the parameters.</summary>
    public long? Steps { get; init; }

    /// <summary>Samples in a step.</summary>
    public int? Batch { get; init; }

    /// <summary>The learning rate.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Worker threads.</summary>
    public int? Threads { get; init; }

    /// <summary>Only the first so many training samples.</summary>
    public int? TrainLimit { get; init; }

    /// <summary>Only the first so many test samples.</summary>
    public int? TestLimit { get; init; }

    /// <summary>Which products the network is computed with.</summary>
    public Numerics Numerics { get; init; } = Numerics.Exact;

    /// <summary>Steps between checkpoints; none for a checkpoint an epoch.</summary>
    public long? CheckpointEvery { get; init; }

    /// <summary>Whether the report's pictures are written as files too.</summary>
    public bool Figures { get; init; }

    /// <summary>The run's folder; empty for the next free one under <c>runs/</c>.</summary>
    public string Out { get; init; } = "";

    /// <summary>An experiment with these changes. An epoch or step limit replaces the experiment's own, of whichever kind; given both, whichever comes first ends the run.</summary>
    /// <param name="experiment">As the catalog has it.</param>
    public Experiment Applied(Experiment experiment) => experiment with
    {
        Optimizer = LearningRate is { } rate ? experiment.Optimizer.At(rate) : experiment.Optimizer,
        Batch = Batch ?? experiment.Batch,
        Limit = Limited(experiment).Limit,
        Data = Data.Length > 0 ? Data : experiment.Data,
    };

    /// <summary>An experiment with these changes to its limit alone.</summary>
    /// <param name="experiment">As it was.</param>
    public Experiment Limited(Experiment experiment) => experiment with
    {
        Limit = (Epochs, Steps) switch
        {
            (null, null) => experiment.Limit,
            ({ } epochs, null) => Limit.OfEpochs(epochs),
            (null, { } steps) => Limit.OfSteps(steps),
            ({ } epochs, { } steps) => new Limit(epochs, steps),
        },
    };
}

/// <summary>Consecutive seeds. The default is the one seed 0.</summary>
/// <param name="First">The first, from 0.</param>
/// <param name="Last">The last, not before the first.</param>
/// <param name="IsRange">Whether a range was asked for, so that the runs end with their mean, even where it is a range of one.</param>
public readonly record struct SeedRange(long First, long Last, bool IsRange)
{
    /// <summary>The seeds in order.</summary>
    public IEnumerable<long> All
    {
        get
        {
            // Counted from the first, so that the greatest long is no end without end.
            for (var offset = 0L; offset <= Last - First; offset++)
                yield return First + offset;
        }
    }
}
