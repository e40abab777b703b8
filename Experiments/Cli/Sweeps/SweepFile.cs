using System.Globalization;
using System.Text.RegularExpressions;
using FunctionalLeNet.Core.Formats;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Records;
using Tomlyn;
using Tomlyn.Model;
using Tomlyn.Serialization;

namespace FunctionalLeNet.Experiments.Cli.Sweeps;

/// <summary>
/// The file of a sweep, in TOML: options of <c>lenet train</c> without their dashes, the same for all runs, and in the table <c>axes</c> the lists of values
/// that are combined. <c>out</c> names the folder of the runs, which is otherwise <c>runs/</c> and the file's name.
/// </summary>
internal static partial class SweepFile
{
    /// <summary>The most runs that a file may ask for.</summary>
    public const int MaximumRuns = 10_000;

    /// <summary>Such a file.</summary>
    public const string Example = """
        experiment = "folk"
        epochs = 3
        out = "runs/rates"        # default: runs/ and the file's name

        [axes]
        lr = [0.0005, 0.001, 0.002]
        batch = [32, 64]
        seed = "0..4"
        """;

    private const string Axes = "axes";
    private const string Experiment = "experiment";
    private const string Out = "out";
    private const string Form = "'lenet sweep --help' shows the form of the file.";

    /// <summary>Reads a sweep; every run's command line is one that <c>lenet train</c> takes.</summary>
    /// <param name="toml">The file's text.</param>
    /// <param name="file">Its name, for the sweep's own and for errors.</param>
    /// <exception cref="DataException">It is no such file; the message says where and why.</exception>
    public static Sweep Read(string toml, string file)
    {
        var table = Table(toml, file);
        var axes = table.TryGetValue(Axes, out var found)
            ? found as TomlTable ?? throw Wrong(file, Axes, "a table of lists", found)
            : throw new DataException(file, "there is nothing to combine", "a table [axes] with a list of values for each axis", "none", Form);
        var lists = axes.Select(axis => (Axis: Key(axis.Key, file), Values: Values(axis.Key, axis.Value, file))).ToList();
        if (lists.Count == 0)
            throw new DataException(file, "there is nothing to combine", "a list in the table [axes]", "an empty table", Form);
        var count = lists.Aggregate(1L, (product, list) => Math.Min(product * list.Values.Count, int.MaxValue));
        if (count > MaximumRuns)
            throw new DataException(file, "too many runs", $"at most {MaximumRuns:N0} combinations", $"{string.Join(" × ", lists.Select(list => list.Values.Count.ToString("N0", CultureInfo.InvariantCulture)))}", "Make several files of it.");
        if (lists.Select(list => list.Axis).FirstOrDefault(table.ContainsKey) is { } twice)
            throw new DataException(file, $"'{twice}' has a value for all runs and an axis", "one of them");

        var name = Path.GetFileNameWithoutExtension(file);
        var folder = table.TryGetValue(Out, out var given) ? Text(Out, given, file).TrimEnd('/') : $"{RunFolder.Runs}/{name}";
        var settings = table.Where(setting => setting.Key is not (Axes or Out)).Select(setting => (Key(setting.Key, file), Text(setting.Key, setting.Value, file))).ToList();
        var runs = Combined(lists).Select((values, i) => Run(i + 1, folder, values, settings, file)).ToEquatableArray();
        return runs.GroupBy(run => run.Name).FirstOrDefault(group => group.Count() > 1) is { } same
            ? throw new DataException(file, $"several runs would have the folder '{same.Key}'", "values that differ in letters, digits, points or dashes", advice: "Remove what stands twice.")
            : new Sweep(name, folder, lists.Select(list => list.Axis).ToEquatableArray(), runs);
    }

    private static SweepRun Run(int number, string folder, EquatableArray<(string Axis, string Value)> values, List<(string Key, string Text)> settings, string file)
    {
        var options = settings.Concat(values).ToList();
        if (options.Where(option => option.Item1 == Experiment).Select(option => option.Item2).FirstOrDefault() is not { } experiment)
            throw new DataException(file, "no experiment is named", "experiment = \"…\", or an axis of that name", "neither", "'lenet list' lists the experiments.");
        var name = string.Join(',', values.Select(value => $"{value.Axis}={Unsafe().Replace(value.Value, "_")}"));
        EquatableArray<string> words =
        [
            "train", experiment,
            .. options.Where(option => option.Item1 != Experiment).SelectMany(Words),
            $"--{Out}", $"{folder}/{name}",
        ];
        return Grammar.Parse(words, width: 80) switch
        {
            Parsed.Run { Invocation: Invocation.Train { Json: false } train } when train.Options.Out == $"{folder}/{name}" => new SweepRun(number, name, $"{folder}/{name}", values, words, train),
            Parsed.Usage usage => throw new DataException(file, $"run {number} ({name}) is nothing that 'lenet train' takes", found: usage.Message.TrimEnd('.'), advice: Form),
            _ => throw new DataException(file, $"run {number} ({name}) would be something else than 'lenet train'", found: string.Join(' ', words), advice: Form),
        };

        // A flag has no word after it; one that is not set has none at all.
        static IEnumerable<string> Words((string Key, string Text) option) => option.Text switch
        {
            "true" => [$"--{option.Key}"],
            "false" => [],
            var text => [$"--{option.Key}", text],
        };
    }

    private static IEnumerable<EquatableArray<(string Axis, string Value)>> Combined(List<(string Axis, EquatableArray<string> Values)> lists) => lists.Aggregate(
        (IEnumerable<EquatableArray<(string, string)>>)[[]],
        (combined, list) => combined.SelectMany(values => list.Values.Select(value => values.Append((list.Axis, value)).ToEquatableArray())));

    private static TomlTable Table(string toml, string file)
    {
        try
        {
            return TomlSerializer.Deserialize(toml, SweepToml.Default.TomlTable) ?? [];
        }
        catch (TomlException e)
        {
            throw new DataException(file, e.Line is { } line ? $"line {line}, column {e.Column}, is no TOML" : "this is no TOML", found: (e.Diagnostics is [var first, ..] ? first.Message : e.Message).TrimEnd('.'), advice: Form);
        }
    }

    private static string Key(string key, string file) => !Option().IsMatch(key)
        ? throw new DataException(file, $"'{key}' is no name of an option", "small letters and dashes, as in train-limit", advice: Form)
        : key is "seeds" or "json" or "help" or Out
            ? throw new DataException(file, $"'{key}' is not for a run of a sweep", "another option of 'lenet train'", advice: key == "seeds" ? "seed = \"0..4\" in the table [axes] makes a run a seed." : Form)
            : key;

    private static EquatableArray<string> Values(string axis, object value, string file) => value switch
    {
        TomlArray { Count: > 0 } array => array.Select(item => Text(axis, item, file)).ToEquatableArray(),
        string range when axis == Sweep.Seed && range.Contains("..", StringComparison.Ordinal) => Range(range, file),
        _ => throw Wrong(file, axis, axis == Sweep.Seed ? "a list of values, or a range such as \"0..4\"" : "a list of values", value),
    };

    private static EquatableArray<string> Range(string range, string file) => range.Split("..") is [var first, var last]
        && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var from)
        && int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var to)
        && from <= to && (long)to - from < MaximumRuns
            ? Enumerable.Range(from, to - from + 1).Select(seed => seed.ToString(CultureInfo.InvariantCulture)).ToEquatableArray()
            : throw Wrong(file, Sweep.Seed, $"two whole numbers in ascending order, such as \"0..4\", of at most {MaximumRuns:N0} seeds", range);

    private static string Text(string key, object? value, string file) => value switch
    {
        string text => text,
        bool flag => flag ? "true" : "false",
        long whole => whole.ToString(CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        _ => throw Wrong(file, key, "a number, a text or true", value),
    };

    private static DataException Wrong(string file, string key, string expected, object? found) =>
        new(file, $"'{key}' makes no sense", expected, found switch
        {
            null => "nothing",
            TomlArray { Count: 0 } => "an empty list",
            TomlArray => "a list",
            TomlTable or TomlTableArray => "a table",
            _ => string.Create(CultureInfo.InvariantCulture, $"{found}"),
        }, Form);

    [GeneratedRegex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
    private static partial Regex Option();

    [GeneratedRegex("[^A-Za-z0-9.+_-]")]
    private static partial Regex Unsafe();
}

// Generated, so that nothing is looked up by reflection: ahead-of-time compilation (docs/native.md) has none of it.
[TomlSerializable(typeof(TomlTable))]
internal sealed partial class SweepToml : TomlSerializerContext;
