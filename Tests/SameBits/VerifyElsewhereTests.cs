using System.Diagnostics;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Tests.Cli;
using FunctionalLeNet.Tests.Data;

namespace FunctionalLeNet.Tests.SameBits;

public class VerifyElsewhereTests
{
    /// <summary>Made on one thread without the wider vectors, checked here with all threads and all vectors.</summary>
    [Theory]
    [InlineData("DOTNET_EnableAVX512", 256)]
    [InlineData("DOTNET_EnableAVX2", 128)]
    public void A_run_made_with_narrower_vectors_on_one_thread_verifies_with_all(string without, int widest)
    {
        using var folder = new TemporaryFolder();
        var start = new ProcessStartInfo(Child.OfThisMachine.File, [.. Child.OfThisMachine.Before, .. CommandLine.Short("--threads", "1", "--out", "run")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.Path,
        };
        start.Environment[without] = "0";
        using (var process = Process.Start(start)!)
        {
            _ = process.StandardError.ReadToEndAsync();
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
        }

        var manifest = Manifest.OfJson(File.ReadAllText(Path.Join(folder.Path, "run/manifest.json")));
        Assert.InRange(manifest.Environment.VectorBits, 0, widest);
        Assert.Equal(0, CommandLine.Run(folder, "verify", "run", "--threads", "4").Code);
    }
}
