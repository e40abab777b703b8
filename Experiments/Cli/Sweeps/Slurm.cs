using System.Globalization;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Experiments.Cli.Sweeps;

/// <summary>A sweep as scripts for the Slurm workload manager: a job array of plain command lines, a job that collects, and what submits both.</summary>
/// <param name="Sweep">The sweep.</param>
/// <param name="File">Its file, absolute.</param>
/// <param name="Program">The words that start this program.</param>
/// <param name="Directory">The working directory, absolute; as all paths here, one that every node sees.</param>
/// <param name="Folder">The folder of the scripts and logs, absolute.</param>
/// <param name="Threads">Worker threads of a run.</param>
/// <param name="Jobs">The most runs at a time; null leaves that to Slurm.</param>
internal sealed record Slurm(Sweep Sweep, string File, EquatableArray<string> Program, string Directory, string Folder, int Threads, int? Jobs)
{
    /// <summary>The job array's script.</summary>
    public const string ArrayFile = "array.sh";

    /// <summary>The collecting job's script.</summary>
    public const string CollectFile = "collect.sh";

    /// <summary>The script that submits both.</summary>
    public const string SubmitFile = "submit.sh";

    /// <summary>What the collecting job prints.</summary>
    public const string TableFile = "table.txt";

    /// <summary>The job array. A task that Slurm starts again, because a node died, goes on where it stopped.</summary>
    /// <param name="numbers">The numbers of the runs that are still to be made, ascending.</param>
    public string Array(IEnumerable<int> numbers)
    {
        var asked = numbers.ToHashSet();
        var tasks = Sweep.Runs.Where(run => asked.Contains(run.Number)).Select(run => $"  {run.Number}) run={Shell.Word(run.Folder)}; train=({Shell.Line(run.OnThreads(run.Words, Threads))}) ;;\n");
        return $"""
            #!/bin/bash
            # {Sweep.Name}: a task for each run of {File}.
            #SBATCH --job-name={Shell.Word($"lenet-{Sweep.Name}")}
            #SBATCH --array={Ranges(asked.Order())}{(Jobs is { } jobs ? string.Create(CultureInfo.InvariantCulture, $"%{jobs}") : "")}
            #SBATCH --cpus-per-task={Threads}
            #SBATCH --output={Log("%a.log")}
            #SBATCH --open-mode=append
            set -euo pipefail
            cd {Shell.Word(Directory)}
            case "$SLURM_ARRAY_TASK_ID" in
            {string.Concat(tasks)}  *) echo "The sweep has no run $SLURM_ARRAY_TASK_ID." >&2; exit 2 ;;
            esac
            if [ -e "$run" ]; then
              exec {Shell.Line(Program)} resume "$run" --threads "$SLURM_CPUS_PER_TASK"
            else
              exec {Shell.Line(Program)} "{"${train[@]}"}"
            fi

            """.ReplaceLineEndings("\n");
    }

    /// <summary>The job that prints the sweep's table when the array is done.</summary>
    public string Collect() => $"""
        #!/bin/bash
        # {Sweep.Name}: the table over all runs.
        #SBATCH --job-name={Shell.Word($"lenet-{Sweep.Name}-table")}
        #SBATCH --output={Log(TableFile)}
        #SBATCH --open-mode=truncate
        cd {Shell.Word(Directory)}
        exec {Shell.Line(Program)} sweep {Shell.Word(File)} --collect

        """.ReplaceLineEndings("\n");

    /// <summary>The script that submits both; what it is given goes to <c>sbatch</c>, a partition for example.</summary>
    public string Submit() => $"""
        #!/bin/bash
        # {Sweep.Name}: submits the runs, then the table that waits for them. Options for sbatch may follow, such as --partition=NAME.
        set -euo pipefail
        cd {Shell.Word(Folder)}
        array=$(sbatch --parsable "$@" {ArrayFile})
        table=$(sbatch --parsable "$@" --dependency="afterany:{"${array%%;*}"}" {CollectFile})
        echo "Submitted {"${array%%;*}"} (the runs) and {"${table%%;*}"} (the table, in {TableFile} when they are done)."

        """.ReplaceLineEndings("\n");

    /// <summary>Numbers as Slurm writes them: <c>1-3,7</c>.</summary>
    /// <param name="numbers">Ascending.</param>
    internal static string Ranges(IEnumerable<int> numbers) => string.Join(',', numbers
        .Select((number, i) => (number, i))
        .GroupBy(pair => pair.number - pair.i, pair => pair.number)
        .Select(run => run.First() == run.Last() ? $"{run.First()}" : $"{run.First()}-{run.Last()}"));

    // In the name of a log a percent sign begins a pattern, so those of the folder are doubled.
    private string Log(string name) => $"\"{Folder.Replace("%", "%%", StringComparison.Ordinal)}/{name}\"";
}
