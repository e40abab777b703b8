using System.CommandLine;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Cli.Sweeps;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary>The commands that work on several runs.</summary>
internal static partial class Grammar
{
    private static Bound Compare()
    {
        var json = JsonOption();
        var runs = new Argument<string[]>("RUN") { Description = "The runs' folders, two or more; differences are from the first.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("compare", "Runs side by side: what differs in the configuration, what it did to the metrics, and the curves.") { runs, json };
        command.Validators.Add(result =>
        {
            if (result.GetResult(runs) is { Tokens.Count: 1 })
                result.AddError("'lenet compare' needs two runs or more. 'lenet list --runs' lists them.");
        });
        return Of(
            command,
            result => new Invocation.Compare(result.GetValue(json), result.GetRequiredValue(runs).ToEquatableArray()),
            "compare runs/folk-1 runs/folk-2",
            "compare runs/folk-* --json");
    }

    private static Bound Sweep()
    {
        var (json, threads) = (JsonOption(), ThreadsOption());
        threads.Description = "Worker threads of a run; never changes a result. Default: the cores shared among the runs at a time; 1 with --slurm.";
        var file = new Argument<string>("FILE") { Description = "The file of the sweep, in TOML.\n\nIt has options of 'train' without their dashes, the same for all runs, and the axes:\n\n" + SweepFile.Example, CustomParser = result => NotEmpty(result, "a file") };
        var jobs = Whole("--jobs", "Runs at a time, each a process. Default: as many as there are cores; with --slurm: as many as it has room for.", 1, MostThreads);
        var dryRun = new Option<bool>("--dry-run") { Description = "Prints the runs' command lines and does nothing." };
        var slurm = new Option<bool>("--slurm") { Description = "Writes a job array for Slurm, its collecting step, and a script that submits both, instead of running." };
        var collect = new Option<bool>("--collect") { Description = "Prints the table of the runs that are there, and runs nothing." };
        var command = new Command(
            "sweep",
            "Many runs from one file: every combination of values, each a plain 'lenet train'. Finished ones are skipped, stopped ones go on, "
            + "a failed one stops no other; ends with mean ± standard deviation by axis.")
        {
            file, jobs, threads, dryRun, slurm, collect, json,
        };
        command.Validators.Add(result =>
        {
            if (new[] { dryRun, slurm, collect }.Count(option => result.GetResult(option) is not null) > 1)
                result.AddError("--dry-run, --slurm and --collect exclude each other: give one of them.");
        });
        return Of(
            command,
            result => new Invocation.Sweep(
                result.GetValue(json), result.GetRequiredValue(file), (int?)result.GetValue(jobs), result.GetValue(threads), result.GetValue(dryRun), result.GetValue(slurm), result.GetValue(collect)),
            "sweep rates.toml --dry-run",
            "sweep rates.toml --jobs 2",
            "sweep rates.toml --slurm");
    }
}
