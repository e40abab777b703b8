using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace FunctionalLeNet.Fuzzing;

/// <summary>Changes to JSON and TOML that know words, numbers, texts and brackets, so that most of what they make still parses.</summary>
internal static partial class TextMutations
{
    private static readonly string[] Numbers = ["-1", "0", "1e999", "-1e999", "1e-999", "0.1", "-0.0", "1E5", "00", "1.", ".5", "0x10", "NaN", "Infinity", "nan", "inf", "99999999999999999999999999"];
    private static readonly string[] Words = ["null", "true", "false", "[]", "{}", "\"\"", "\"\\ud800\"", "\"\\u0000\"", "\"é\u2028\"", "[[[[[[[[1]]]]]]]]", "1979-05-27", "\"..\"", "\"0..4\"", "\"0..99999999999\"", "[1, 2]", "{\"name\": 1}"];

    /// <summary>One to four changes.</summary>
    /// <param name="draws">The draws.</param>
    /// <param name="text">The text.</param>
    /// <param name="more">Words that mean something here.</param>
    public static string Mutate(this Draws draws, string text, IReadOnlyList<string> more)
    {
        var tokens = Tokens().Matches(text).Select(match => match.Value).ToList();
        for (var changes = draws.OneIn(3) ? 1 + draws.Below(4) : 1; changes > 0 && tokens.Count > 0; changes--)
            Once(draws, tokens, more);
        return string.Concat(tokens);
    }

    /// <summary>The same, or now and then bytes that may be no text at all.</summary>
    public static byte[] MutateText(this Draws draws, string text, IReadOnlyList<string> more) =>
        draws.OneIn(8) ? draws.Mutate(Encoding.UTF8.GetBytes(text)) : Encoding.UTF8.GetBytes(draws.Mutate(text, more));

    private static void Once(Draws draws, List<string> tokens, IReadOnlyList<string> more)
    {
        var at = draws.Below(tokens.Count);
        // Values are the most worth: take the next one from here.
        if (!draws.OneIn(4) && tokens.FindIndex(at, IsValue) is var value and >= 0)
            at = value;
        var token = tokens[at];
        switch (draws.Below(12))
        {
            case <= 3 or 8 or 9 when IsNumber(token):
                tokens[at] = draws.OneIn(3) ? draws.Of(Numbers) : draws.Edge().ToString(CultureInfo.InvariantCulture);
                break;
            case <= 3 or 8 or 9 when token is ['"', ..]:
                tokens[at] = draws.OneIn(3) ? draws.Of(tokens.Where(IsValue).ToList()) : $"\"{draws.Of(more)}\"";
                break;
            case 2:
                tokens[at] = draws.Of(Words);
                break;
            case 3:
                tokens[at] = draws.Of(tokens);
                break;
            case 4:
                tokens.RemoveAt(at);
                break;
            case 5:
                tokens.Insert(at, draws.OneIn(2) ? draws.Of(Words) : draws.Of(tokens));
                break;
            case 6:
                Lines(draws, tokens);
                break;
            case 7 when draws.OneIn(8):
                // Depth.
                tokens[at] = string.Concat(Enumerable.Repeat(draws.Of<string>(["[", "{\"a\":", "[["]), 1 + draws.Below(300)));
                break;
            default:
                tokens[at] = token + token;
                break;
        }
    }

    /// <summary>A stretch of tokens, a line or a member perhaps, is moved, doubled or taken away.</summary>
    private static void Lines(Draws draws, List<string> tokens)
    {
        var from = draws.Below(tokens.Count);
        var stretch = tokens.GetRange(from, Math.Min(1 + draws.Below(12), tokens.Count - from));
        if (draws.OneIn(2))
            tokens.RemoveRange(from, stretch.Count);
        if (draws.OneIn(2))
            tokens.InsertRange(draws.Below(tokens.Count + 1), stretch);
    }

    private static bool IsValue(string token) => IsNumber(token) || token is ['"', ..] or "true" or "false" or "null";

    private static bool IsNumber(string token) => char.IsAsciiDigit(token[^1]) && (char.IsAsciiDigit(token[0]) || token[0] is '-' or '.');

    [GeneratedRegex("\"(\\\\.|[^\"\\\\])*\"|-?[0-9][0-9.eE+-]*|[A-Za-z_][A-Za-z0-9_-]*|\\s+|.", RegexOptions.Singleline)]
    private static partial Regex Tokens();
}
