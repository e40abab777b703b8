using System.Text.RegularExpressions;

namespace FunctionalLeNet.Experiments.Cli.Sweeps;

/// <summary>Words as a POSIX shell reads them.</summary>
internal static partial class Shell
{
    /// <summary>A command line of words, each in quotes where it needs them.</summary>
    /// <param name="words">The words.</param>
    public static string Line(IEnumerable<string> words) => string.Join(' ', words.Select(Word));

    /// <summary>A word; between single quotes everything but a single quote means itself.</summary>
    /// <param name="word">The word.</param>
    public static string Word(string word) => Plain().IsMatch(word) ? word : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"^[A-Za-z0-9_./:=,+-]+\z")]
    private static partial Regex Plain();
}
