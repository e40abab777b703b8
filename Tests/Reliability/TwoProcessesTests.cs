using System.Diagnostics;
using System.Globalization;
using FunctionalLeNet.Tests.Cli;
using FunctionalLeNet.Tests.Data;
using FunctionalLeNet.Tests.SameBits;

namespace FunctionalLeNet.Tests.Reliability;

public class TwoProcessesTests
{
    [Fact]
    public void The_second_process_is_told_who_writes_the_run_and_takes_over_when_that_one_died()
    {
        using var folder = new TemporaryFolder();
        var start = new ProcessStartInfo(
            Child.OfThisMachine.File, [.. Child.OfThisMachine.Before, "train", "folk", "--data", "digits", "--test-limit", "20", "--batch", "8", "--epochs", "1000", "--threads", "1", "--out", "run", "--json"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.Path,
        };
        using var other = Process.Start(start)!;
        try
        {
            Assert.Contains("\"start\"", other.StandardOutput.ReadLine(), StringComparison.Ordinal);
            var refused = CommandLine.Run(folder, "resume", "run");
            Assert.Equal((1, ""), (refused.Code, refused.Output));
            Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"run: another process writes this run: found process {other.Id} on {Environment.MachineName} since 20"), Assert.Single(refused.ErrorLines), StringComparison.Ordinal);
        }
        finally
        {
            other.Kill();
            other.WaitForExit();
        }

        using var interrupt = new CancellationTokenSource();
        interrupt.Cancel();
        var resumed = CommandLine.Run(folder, world => world with { Interrupt = interrupt.Token }, "resume", "run");
        Assert.Equal(130, resumed.Code);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"process {other.Id} on {Environment.MachineName}"), resumed.ErrorLines[0], StringComparison.Ordinal);
        Assert.EndsWith("wrote this run and died.", resumed.ErrorLines[0], StringComparison.Ordinal);
    }
}
