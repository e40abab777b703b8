using System.CommandLine;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary>The commands that work on a run.</summary>
internal static partial class Grammar
{
    private static Bound Resume()
    {
        var (run, json, data, threads, checkpoints) = (RunArgument(), JsonOption(), DataOption("where the run found it"), ThreadsOption(), CheckpointOption("Steps between checkpoints. Default: as the run was started."));
        var figures = FiguresOption();
        var epochs = Whole("--epochs", "A higher limit, instead of the run's: passes over the training data.", 1, int.MaxValue - 1);
        var steps = Whole("--steps", "A higher limit, instead of the run's: updates of the weights.", 1, long.MaxValue - 1);
        return Of(
            new Command("resume", "Goes on with a run from its newest checkpoint, to the same bits as if it had never stopped. A finished run repeats its last line.") { run, epochs, steps, data, threads, checkpoints, figures, json },
            result => new Invocation.Resume(result.GetValue(json), result.GetRequiredValue(run), new TrainOptions
            {
                Epochs = (int?)result.GetValue(epochs),
                Steps = result.GetValue(steps),
                Data = result.GetValue(data) ?? "",
                Threads = result.GetValue(threads),
                CheckpointEvery = result.GetValue(checkpoints),
                Figures = result.GetValue(figures),
            }),
            "resume runs/folk-1",
            "resume runs/folk-1 --epochs 20");
    }

    private static Bound Verify()
    {
        var (run, json, data, threads) = (RunArgument(), JsonOption(), DataOption("where the run found it"), ThreadsOption());
        return Of(
            new Command("verify", "Checks a run's files, trains it again from its manifest and compares every recorded hash; names the first thing that differs.") { run, data, threads, json },
            result => new Invocation.Verify(result.GetValue(json), result.GetRequiredValue(run), result.GetValue(data) ?? "", result.GetValue(threads)),
            "verify runs/folk-1",
            "verify runs/folk-1 --data ./my-mnist --json");
    }

    private static Bound Snapshot()
    {
        var (run, json, data) = (RunArgument(), JsonOption(), DataOption("where the run found it"));
        var sample = Whole("--sample", "Which of the test images, from 0. Default: 0.", 0, int.MaxValue);
        return Of(
            new Command("snapshot", "What every layer of a run's network puts out for one test image: shape, statistics, hash, numbers and a sketch.") { run, sample, data, json },
            result => new Invocation.Snapshot(result.GetValue(json), result.GetRequiredValue(run), (int)(result.GetValue(sample) ?? 0), result.GetValue(data) ?? ""),
            "snapshot runs/digits-1",
            "snapshot runs/digits-1 --sample 7 > before.txt",
            "snapshot runs/digits-1 --json");
    }

    private static Argument<string> RunArgument() => new("RUN")
    {
        Description = "A run's folder, or its name under runs/.",
        CustomParser = result => NotEmpty(result, "a run's folder"),
    };

    private static Option<long?> CheckpointOption(string description = "Steps between checkpoints. Default: every epoch.") => Whole("--checkpoint-every", description, 1, long.MaxValue);
}
