using FunctionalLeNet.Experiments.Cli;
using FunctionalLeNet.Experiments.Data;
using FunctionalLeNet.Tests.Data;

namespace FunctionalLeNet.Tests.Cli;

/// <summary>What a command line did.</summary>
internal sealed record Outcome(int Code, string Output, string Error)
{
    public string[] OutputLines => Lines(Output);

    public string[] ErrorLines => Lines(Error);

    private static string[] Lines(string text) => text.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>The program in this process, with a folder of its own for a world.</summary>
internal static class CommandLine
{
    public static Outcome Run(TemporaryFolder folder, params string[] arguments) => Run(folder, world => world, arguments);

    public static Outcome Run(TemporaryFolder folder, Func<Surroundings, Surroundings> change, params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        var time = TimeSpan.Zero;
        var cache = Path.Join(folder.Path, "cache");
        var world = new Surroundings(
            output,
            error,
            folder.Path,
            _ => "",
            new DataLocations([new("the user's cache", cache)], cache, [], new(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero)),
            () => DateTimeOffset.UnixEpoch,
            () => time += TimeSpan.FromSeconds(1),
            OutputIsTerminal: false,
            ErrorIsTerminal: false,
            Width: 80,
            Processors: 2,
            CancellationToken.None);
        return new(Application.Run(arguments, change(world)), output.ToString(), error.ToString());
    }

    /// <summary>The same with Ctrl-C pressed before it begins: a training makes one step.</summary>
    public static Outcome Interrupted(TemporaryFolder folder, params string[] arguments)
    {
        using var interrupt = new CancellationTokenSource();
        interrupt.Cancel();
        return Run(folder, world => world with { Interrupt = interrupt.Token }, arguments);
    }

    /// <summary>A training in well under a second: two epochs of three steps.</summary>
    public static string[] Short(params string[] more) =>
        ["train", "digits", "--epochs", "2", "--train-limit", "70", "--test-limit", "40", .. more.Contains("--batch") ? Array.Empty<string>() : ["--batch", "32"], .. more];
}
