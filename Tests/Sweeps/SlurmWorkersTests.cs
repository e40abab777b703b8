using System.Text;
using FunctionalLeNet.Tests.Cli;
using FunctionalLeNet.Tests.Data;

namespace FunctionalLeNet.Tests.Sweeps;

/// <summary>A sweep on the workers of a cluster, which runs each in a session of its own.</summary>
public class SlurmWorkersTests
{
    private const string Toml = """
        experiment = "digits"
        train-limit = 70
        test-limit = 40
        epochs = 2
        batch = 32

        [axes]
        lr = [0.002, 1e30]
        seed = "0..1"
        """;

    [SkippableFact]
    public void A_job_array_makes_the_runs_and_its_collecting_step_the_table()
    {
        Programs.SkipWithout("munged", "slurmctld", "slurmd", "sbatch");
        using var folder = new TemporaryFolder();
        folder.Write("a sweep's/100%.toml", Encoding.UTF8.GetBytes(Toml + "\n"));
        Assert.Equal(130, CommandLine.Interrupted(folder, CommandLine.Short("--lr", "0.002", "--out", "runs/100%/lr=0.002,seed=0")).Code);
        var written = CommandLine.Run(folder, "sweep", "a sweep's/100%.toml", "--slurm");
        Assert.Equal(0, written.Code);
        Assert.Equal("  'runs/100%/slurm/submit.sh'", written.OutputLines[^1]);
        using (var cluster = new SlurmCluster())
        {
            var submitted = cluster.Run("bash", Path.Join(folder.Path, "runs/100%/slurm/submit.sh"), "--partition=test");
            Assert.True(submitted.Code == 0, submitted.Error);
            cluster.WaitForJobs();
        }

        var table = File.ReadAllText(Path.Join(folder.Path, "runs/100%/slurm/table.txt"));
        Assert.Contains("4 runs: 2 finished, 2 failed.", table, StringComparison.Ordinal);
        Assert.Contains("[3/4] lr=1E+30,seed=0: failed: The loss is not finite", table, StringComparison.Ordinal);
        Assert.StartsWith("lenet: The loss is not finite", File.ReadLines(Path.Join(folder.Path, "runs/100%/slurm/4.log")).First(line => line.StartsWith("lenet:", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("Going on after step 1 of 6.", File.ReadAllText(Path.Join(folder.Path, "runs/100%/slurm/1.log")), StringComparison.Ordinal);
        foreach (var seed in (string[])["0", "1"])
        {
            CommandLine.Run(folder, CommandLine.Short("--lr", "0.002", "--seed", seed, "--out", seed));
            Assert.Equal(Weights(seed), Weights($"runs/100%/lr=0.002,seed={seed}"));
        }

        byte[] Weights(string run) => File.ReadAllBytes(Path.Join(folder.Path, run, "weights.safetensors"));
    }
}
