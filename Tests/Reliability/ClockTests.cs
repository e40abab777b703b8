using FunctionalLeNet.Tests.Cli;
using FunctionalLeNet.Tests.Data;
using FunctionalLeNet.Tests.Records;

namespace FunctionalLeNet.Tests.Reliability;

public class ClockTests
{
    [Fact]
    public void A_clock_that_jumps_changes_nothing_but_the_times_in_the_manifest()
    {
        using var folder = new TemporaryFolder();
        var jumps = 0;
        Outcome Run(CancellationToken interrupt, params string[] arguments) => CommandLine.Run(
            folder, world => world with { Now = () => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddYears(++jumps % 2 == 0 ? 10 : -20), Interrupt = interrupt }, arguments);

        Assert.Equal(0, CommandLine.Run(folder, CommandLine.Short("--out", "whole")).Code);
        using var interrupt = new CancellationTokenSource();
        interrupt.Cancel();
        Assert.Equal(130, Run(interrupt.Token, CommandLine.Short("--out", "run")).Code);
        Assert.Equal(0, Run(CancellationToken.None, "resume", "run").Code);
        Assert.Equal(0, Run(CancellationToken.None, "verify", "run").Code);
        Assert.Equal(Recorded.Lines(Path.Join(folder.Path, "whole")), Recorded.Lines(Path.Join(folder.Path, "run")));
    }
}
