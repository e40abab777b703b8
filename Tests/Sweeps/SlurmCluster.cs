using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using FunctionalLeNet.Tests.Cli;
using FunctionalLeNet.Tests.Data;

namespace FunctionalLeNet.Tests.Sweeps;

/// <summary>A Slurm cluster of this one machine, with daemons, keys and ports of its own, gone after the test.</summary>
internal sealed class SlurmCluster : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Brief = TimeSpan.FromSeconds(10);
    private readonly TemporaryFolder _folder = new();
    private readonly List<Process> _daemons = [];

    public SlurmCluster()
    {
        var (host, folder) = (Dns.GetHostName().Split('.')[0], _folder.Path);
        foreach (var name in (string[])["state", "spool", "munge"])
            Directory.CreateDirectory(Path.Join(folder, name));
        var key = _folder.Write("munge/key", RandomNumberGenerator.GetBytes(128));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(key, UnixFileMode.UserRead);
        Configuration = _folder.Write("slurm.conf", System.Text.Encoding.UTF8.GetBytes($"""
            ClusterName=test
            SlurmctldHost={host}(127.0.0.1)
            AuthType=auth/munge
            AuthInfo=socket={folder}/munge/socket
            CredType=cred/munge
            SlurmUser={Environment.UserName}
            SlurmdUser={Environment.UserName}
            SlurmctldPort={FreePort()}
            SlurmdPort={FreePort()}
            StateSaveLocation={folder}/state
            SlurmdSpoolDir={folder}/spool
            SlurmctldPidFile={folder}/slurmctld.pid
            SlurmdPidFile={folder}/slurmd.pid
            SlurmctldLogFile={folder}/slurmctld.log
            SlurmdLogFile={folder}/slurmd.log
            ProctrackType=proctrack/linuxproc
            TaskPlugin=task/none
            SwitchType=switch/none
            MpiDefault=none
            SelectType=select/cons_tres
            SelectTypeParameters=CR_CPU
            JobAcctGatherType=jobacct_gather/none
            AccountingStorageType=accounting_storage/none
            SchedulerParameters=sched_interval=1
            NodeName={host} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
            PartitionName=test Nodes=ALL Default=YES State=UP

            """));
        // Forced: the folder of a test is closed to others, which munged would not have.
        Start("munged", "--foreground", "--force", "--key-file", key, "--socket", $"{folder}/munge/socket", "--pid-file", $"{folder}/munge/pid", "--log-file", $"{folder}/munge/log", "--seed-file", $"{folder}/munge/seed");
        Until(() => File.Exists($"{folder}/munge/socket"), "munged does not listen");
        Start("slurmctld", "-D", "-f", Configuration);
        Start("slurmd", "-D", "-f", Configuration, "-N", host);
        Until(() => Run("sinfo", "--noheader", "--format=%t").Output.Trim() == "idle", "the node is not idle");
    }

    public string Configuration { get; }

    /// <summary>Runs a program of a user of the cluster.</summary>
    public Outcome Run(string program, params IEnumerable<string> arguments) => Programs.Run(program, arguments, _folder.Path, ("SLURM_CONF", Configuration));

    /// <summary>Waits until no job is left.</summary>
    public void WaitForJobs() => Until(() => Run("squeue", "--noheader") is { Code: 0, Output: "" }, "there are still jobs");

    public void Dispose()
    {
        // A job outlives the daemon that started it. Where the test failed, one may still be there.
        Run("scancel", "--quiet", "--user", Environment.UserName);
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Brief && Run("squeue", "--noheader") is { Code: 0, Output.Length: > 0 }; Thread.Sleep(100))
        {
        }

        foreach (var daemon in Enumerable.Reverse(_daemons))
        {
            daemon.Kill(entireProcessTree: true);
            daemon.WaitForExit();
            daemon.Dispose();
        }

        _folder.Dispose();
    }

    private void Start(string daemon, params IEnumerable<string> arguments)
    {
        var process = Process.Start(new ProcessStartInfo(Programs.Find(daemon), arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        // What they say is in their logs.
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _daemons.Add(process);
    }

    private void Until(Func<bool> isSo, string otherwise)
    {
        for (var start = Stopwatch.GetTimestamp(); !isSo(); Thread.Sleep(100))
            if (Stopwatch.GetElapsedTime(start) > Patience)
                throw new TimeoutException($"{otherwise} after {Patience.TotalSeconds} s: {string.Join('\n', _folder.Files.Where(file => file.EndsWith("log", StringComparison.Ordinal)).SelectMany(file => File.ReadLines(Path.Join(_folder.Path, file)).TakeLast(5)))}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
