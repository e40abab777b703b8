using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Experiments.Reports;
using Spectre.Console;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary>No command: seconds from nothing to a trained network, and where to go from there.</summary>
internal static class QuickStart
{
    private static readonly Style Heading = new(decoration: Decoration.Bold);

    public static int Run(Invocation.QuickStart command, Session session)
    {
        var screen = session.Screen;
        var experiment = command.Options.Applied(LeNet5.Digits);
        var data = TrainCommand.Checked(experiment, DataAccess.Load(experiment.Data, session));
        using var workspace = new Workspace(command.Options.Threads ?? session.Surroundings.Processors);

        screen.Line("LeNet-5: a convolutional network learns to read handwritten digits.", Heading);
        screen.Line($"Data: {data.Name}, {data.Train} to train on and {data.Test.Count:N0} to test with ({data.Origin}).");
        screen.Line();
        screen.Table(Tables.Of(Summary.Of(experiment.Network)));
        screen.Line();
        screen.Line($"Training: {Tables.Text(experiment.Optimizer)}, batches of {experiment.Batch}, {Tables.Text(experiment.Limit)}, {workspace.Threads} {(workspace.Threads == 1 ? "thread" : "threads")}.");
        screen.Line("Loss and accuracy (%) are of the training images as they were seen:");
        var (name, end) = TrainCommand.One(experiment, data, seed: 0, command.Options, workspace, session);
        if (end is not { } finished)
            return ExitCode.Interrupted;

        screen.Line();
        screen.Line(FormattableString.Invariant($"It reads {100 * finished.TestAccuracy:F1} % of the test images, which it has never seen, correctly, after {finished.Seconds:F1} s."));
        screen.Line($"{name} holds what fixes the run (manifest.json), every step (metrics.jsonl) and what was learned (weights.safetensors).");
        screen.Line($"{name}/{RunFolder.ReportFile} shows all of it: open it in a browser.");
        screen.Line("On any machine, with any number of threads, its weights have the SHA-256");
        screen.Line($"  {finished.WeightsSha256}");
        screen.Line();
        screen.Line("What to try next", Heading);
        screen.Table(Tables.Of(
        [
            ("lenet list", "the experiments"),
            ("lenet show folk", "a network layer by layer, and its settings"),
            ("lenet train folk", "the tutorials' network on MNIST: 98 % (11 MB to download, once)"),
            ("lenet repro repdl", "meets a published training run to the last bit"),
            ("lenet train digits --seeds 0..4", "how much is chance: mean ± standard deviation"),
        ]));
        screen.Line("From a clone 'lenet' is: dotnet run -c Release --project Experiments --");
        return ExitCode.Done;
    }
}
