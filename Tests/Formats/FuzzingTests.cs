using FunctionalLeNet.Fuzzing;

namespace FunctionalLeNet.Tests.Formats;

/// <summary>A small share of the inputs that <c>dotnet run -c Release --project Tests/Fuzzing</c> reads, and all that ever found something.</summary>
public class FuzzingTests
{
    private const long OtherSeed = 1;
    private const int Share = 1_000;

    public static TheoryData<string> Targets => new(Target.All.Select(target => target.Name));

    /// <summary>Inputs that found something once, by the name of their target and what they found.</summary>
    public static TheoryData<string> Found => new(Directory.EnumerateFiles(Folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));

    private static string Folder => Path.Join(AppContext.BaseDirectory, "Fuzzing", "Found");

    [Theory]
    [MemberData(nameof(Targets))]
    public void Files_that_are_almost_right_are_read_or_refused(string name)
    {
        var target = Target.All.Single(target => target.Name == name);
        var report = Fuzzer.Run(target, OtherSeed, 0, Share);
        Assert.True(report.Findings.Count == 0, string.Join('\n', report.Findings.Select(finding => $"input {finding.Number}: {finding.Problem}")));
        Assert.True(report.PastHeader >= Share / 5, $"{report.PastHeader} of {Share} inputs got past the header.");
        Assert.InRange(report.Accepted, 1, Share - 1);
    }

    [Theory]
    [MemberData(nameof(Found))]
    public void What_found_something_once_finds_nothing_any_more(string file) =>
        Assert.Equal("", Fuzzer.Problem(Target.All.Single(target => target.Name == file.Split('.')[0]), File.ReadAllBytes(Path.Join(Folder, file))));

    [Fact]
    public void A_reader_that_does_what_none_may_do_is_found()
    {
        Target Reading(Action<byte[]> read) => new("bad", 1, draws => draws.Bytes(8), _ => true, read, input => input.Length);
        Assert.Contains("IndexOutOfRange", Fuzzer.Problem(Reading(input => input[8]++), new byte[8]), StringComparison.Ordinal);
        Assert.Contains("allocated", Fuzzer.Problem(Reading(_ => GC.KeepAlive(new byte[16 << 20])), new byte[8]), StringComparison.Ordinal);
        Assert.Contains("It took", Fuzzer.Problem(Reading(_ => Thread.Sleep(1_050)), new byte[8]), StringComparison.Ordinal);
        Assert.Equal("", Fuzzer.Problem(Reading(_ => { }), new byte[8]));
    }

    [Fact]
    public void An_input_can_be_made_again_from_its_number()
    {
        var target = Target.All[0];
        Assert.Equal(Fuzzer.Input(target, 5, 77), Fuzzer.Input(target, 5, 77));
        Assert.NotEqual(Fuzzer.Input(target, 5, 77), Fuzzer.Input(target, 6, 77));
    }
}
