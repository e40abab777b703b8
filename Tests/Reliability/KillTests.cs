using System.Globalization;
using FunctionalLeNet.Core.Random;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Tests.Data;
using FunctionalLeNet.Tests.Records;
using Xunit.Abstractions;

namespace FunctionalLeNet.Tests.Reliability;

/// <summary>
/// Runs that are killed at random moments, resumed, killed again, resumed until they are done: each ends as the run that nobody killed.
/// <c>LENET_KILLS=200</c> sets how many, <c>LENET_KILLS_SEED</c> which moments; <c>docs/reliability.md</c> has the counts.
/// </summary>
public class KillTests(ITestOutputHelper output)
{
    private const int Few = 10;
    private static readonly Doing[] Aims = [Doing.Start, Doing.Step, Doing.Checkpoint, Doing.End, Doing.Report];

    [Fact]
    public void A_killed_run_ends_as_the_run_that_nobody_killed()
    {
        var count = Number("LENET_KILLS", Few);
        using var folder = new TemporaryFolder();
        var undisturbed = Aims.ToDictionary(aim => aim, aim => new KilledRun(folder, $"undisturbed-{aim}", aim).ToEnd());
        var (expected, metrics) = (undisturbed[Doing.Step].End, Recorded.Lines(Path.Join(folder.Path, "undisturbed-Step")));
        Assert.All(undisturbed.Values, other => Assert.Equal(expected.WeightsSha256, other.End.WeightsSha256));

        var found = new List<(Doing Aim, Doing Found)>();
        var key = Key.Seed(Number("LENET_KILLS_SEED", 5));
        for (var i = 0; i < count; i++)
        {
            var run = new KilledRun(folder, $"run-{i}", Aims[i % Aims.Length]);
            var (_, start, rest, finish) = undisturbed[run.Aim];
            var moments = key.Child(i).Uniform(2);
            found.Add((run.Aim, run.Kill(moments[0], start, rest, finish, resume: false)));
            // Every fourth is killed again as it goes on.
            if (i % 4 == i / 4 % 4 && Directory.Exists(Path.Join(folder.Path, run.Name)))
                found.Add((run.Aim, run.Kill(moments[1], start, rest, finish, resume: true)));
            var end = run.ToEnd(resume: Directory.Exists(Path.Join(folder.Path, run.Name))).End;
            Assert.Equal((expected.WeightsSha256, expected.LogitsSha256, expected.TestLoss), (end.WeightsSha256, end.LogitsSha256, end.TestLoss));
            Assert.Equal(metrics, Recorded.Lines(Path.Join(folder.Path, run.Name)));
            Assert.Empty(RunSums.Differences(Path.Join(folder.Path, run.Name)));
            Assert.DoesNotContain(Directory.EnumerateFiles(Path.Join(folder.Path, run.Name), "*", SearchOption.AllDirectories), file => file.Contains(".partial-", StringComparison.Ordinal));
        }

        output.WriteLine($"{count} runs, {found.Count} kills, {count} final hashes equal. Doing when killed: {string.Join(", ", found.CountBy(kill => kill.Found).OrderBy(kind => kind.Key).Select(kind => $"{kind.Key} {kind.Value}"))}.");
        output.WriteLine($"By aim: {string.Join("; ", found.GroupBy(kill => kill.Aim).Select(aim => $"{aim.Key}: {string.Join(", ", aim.CountBy(kill => kill.Found).OrderBy(kind => kind.Key).Select(kind => $"{kind.Key} {kind.Value}"))}"))}.");
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
