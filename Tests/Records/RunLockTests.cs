using FunctionalLeNet.Core.Formats;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Tests.Data;

namespace FunctionalLeNet.Tests.Records;

public class RunLockTests
{
    [Fact]
    public void A_run_has_one_writer_who_is_named()
    {
        using var folder = new TemporaryFolder();
        using (RunLock.Take(folder.Path, DateTimeOffset.UnixEpoch))
        {
            var refused = Assert.Throws<DataException>(() => RunLock.Take(folder.Path, DateTimeOffset.UnixEpoch));
            Assert.Contains($"process {Environment.ProcessId} on {Environment.MachineName} since 1970-01-01 00:00:00 UTC", refused.Message, StringComparison.Ordinal);
            Assert.Equal(Environment.ProcessId, RunLock.Owner(folder.Path)?.Process);
        }

        Assert.Empty(folder.Files);
        Assert.Null(RunLock.Owner(folder.Path));
        using var again = RunLock.Take(folder.Path, DateTimeOffset.UnixEpoch);
        Assert.Null(again.Stale);
    }

    [Theory]
    [InlineData("""{"process":1,"host":"HOST","started":"long ago","since":"2026-01-02T03:04:05+00:00"}""", "process 1 on HOST since 2026-01-02 03:04:05 UTC")]
    [InlineData("""{"process":2147483647,"host":"HOST","started":"x","since":"2026-01-02T03:04:05+00:00"}""", "process 2147483647 on HOST since 2026-01-02 03:04:05 UTC")]
    [InlineData("""{"process":4,"ho""", null)]
    [InlineData("", null)]
    public void A_lock_whose_owner_died_is_taken_over(string content, string? stale)
    {
        using var folder = new TemporaryFolder();
        folder.Write(RunLock.FileName, System.Text.Encoding.UTF8.GetBytes(content.Replace("HOST", Environment.MachineName, StringComparison.Ordinal)));
        using var taken = RunLock.Take(folder.Path, DateTimeOffset.UnixEpoch);
        Assert.Equal(stale?.Replace("HOST", Environment.MachineName, StringComparison.Ordinal), taken.Stale?.ToString());
        Assert.Equal(Environment.ProcessId, RunLock.Owner(folder.Path)?.Process);
    }

    [Fact]
    public void Giving_a_lock_back_twice_takes_it_from_nobody()
    {
        using var folder = new TemporaryFolder();
        var first = RunLock.Take(folder.Path, DateTimeOffset.UnixEpoch);
        first.Dispose();
        using var second = RunLock.Take(folder.Path, DateTimeOffset.UnixEpoch);
        first.Dispose();
        Assert.Equal([RunLock.FileName], folder.Files);
    }
}
