using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FunctionalLeNet.Experiments.Records;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary>
/// Where a command's words go. Results for people are on standard output and asides on standard error; with <c>--json</c> standard output carries JSON alone
/// and everything for people is on standard error. What is redirected gets plain lines that never depend on a terminal.
/// </summary>
internal sealed class Screen
{
    private const int WidthOfFiles = 200;
    private readonly Surroundings _surroundings;
    private readonly TextWriter _people;
    private readonly IAnsiConsole _console;
    private readonly bool _isLive;
    private bool _hasBars;

    /// <summary>A screen for one command.</summary>
    /// <param name="surroundings">Standard output and error.</param>
    /// <param name="json">Whether standard output carries JSON.</param>
    public Screen(Surroundings surroundings, bool json)
    {
        _surroundings = surroundings;
        Json = json;
        (_people, _isLive) = json
            ? (surroundings.Error, surroundings.ErrorIsTerminal && !surroundings.OutputIsTerminal)
            : (surroundings.Output, surroundings.OutputIsTerminal);
        _console = Console(_people, json ? surroundings.ErrorIsTerminal : surroundings.OutputIsTerminal);
    }

    /// <summary>Whether standard output carries JSON.</summary>
    public bool Json { get; }

    /// <summary>A line of a result, for people.</summary>
    /// <param name="line">The line.</param>
    public void Line(string line = "") => Plain(_people, _console, line);

    /// <summary>A line in a colour where there are colours.</summary>
    /// <param name="line">The line.</param>
    /// <param name="style">How it looks on a terminal.</param>
    public void Line(string line, Style style) => _console.Write(new Text(line + "\n", style));

    /// <summary>Something for people that is no result: where a run was written, what is being done.</summary>
    /// <param name="line">The line.</param>
    public void Note(string line)
    {
        // Below lines there may be bars, which only their console can move.
        if (_hasBars && _surroundings.ErrorIsTerminal)
            Plain(_people, _console, line);
        else
            _surroundings.Error.WriteLine(line);
    }

    /// <summary>A table for people.</summary>
    /// <param name="table">The table.</param>
    /// <param name="widest">How many columns of characters it may have where it is redirected; a terminal has its own width.</param>
    public void Table(IRenderable table, int widest = WidthOfFiles)
    {
        // A table fills its cells with spaces; at the end of a line nobody needs them.
        if (_console.Profile.Capabilities.Ansi)
        {
            _console.Write(table);
            return;
        }

        using var text = new StringWriter { NewLine = "\n" };
        var console = Console(text, isTerminal: false);
        console.Profile.Width = widest;
        console.Write(table);
        foreach (var line in text.ToString().TrimEnd('\n').Split('\n'))
            _people.WriteLine(line.TrimEnd());
    }

    /// <summary>A line for programs: an event of a run.</summary>
    /// <param name="line">The event.</param>
    public void Event(RunEvent line) => Object(line.ToLine());

    /// <summary>A line for programs.</summary>
    /// <typeparam name="T">What it holds.</typeparam>
    /// <param name="value">The object.</param>
    /// <param name="type">How it is written.</param>
    public void Event<T>(T value, JsonTypeInfo<T> type) => Object(JsonSerializer.Serialize(value, type));

    /// <summary>One clear line on standard error, and an event for programs.</summary>
    /// <param name="message">What was wrong, in one line.</param>
    public void Error(string message)
    {
        var line = string.Concat(message.ReplaceLineEndings(" ").Select(letter => char.IsControl(letter) ? ' ' : letter));
        Plain(_surroundings.Error, Console(_surroundings.Error, _surroundings.ErrorIsTerminal), $"lenet: {line}", new Style(Color.Red));
        Event(new RunEvent.Error(line));
    }

    /// <summary>Does something long, on a terminal with bars that move; lines may be written meanwhile.</summary>
    /// <typeparam name="T">What it results in.</typeparam>
    /// <param name="unit">What is done in a second, in words.</param>
    /// <param name="scale">How many of them one count of the report is.</param>
    /// <param name="work">What to do, given where to report.</param>
    public T WithProgress<T>(string unit, double scale, Func<ProgressReport, T> work)
    {
        if (!_isLive || !_console.Profile.Capabilities.Ansi)
            return work(ProgressReport.Silent);
        _hasBars = true;
        var watched = new ConcurrentQueue<LiveCurve>();
        try
        {
            return _console.Progress()
                .AutoClear(true)
                .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ThroughputColumn(unit, scale), new RemainingTimeColumn())
                .UseRenderHook((bars, _) => watched.IsEmpty ? bars : new Rows(bars, Watched(watched)))
                .Start(context => work(new ProgressReport(context, _surroundings.Elapsed, watched.Enqueue)));
        }
        finally
        {
            _hasBars = false;
        }
    }

    private static Grid Watched(IEnumerable<LiveCurve> curves)
    {
        var grid = new Grid().AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 2, 0) }).AddColumn(new GridColumn { NoWrap = true });
        foreach (var curve in curves)
            grid.AddRow(new Text(curve.Name), new Text(curve.Text));
        return grid;
    }

    private void Object(string line)
    {
        if (Json)
            _surroundings.Output.WriteLine(line);
    }

    private static void Plain(TextWriter writer, IAnsiConsole console, string line, Style? style = null)
    {
        // Through the console, because it knows of bars below the line and of colours; a redirected line is never wrapped.
        if (console.Profile.Capabilities.Ansi)
            console.Write(new Text(line + "\n", style) { Overflow = Overflow.Fold });
        else
            writer.WriteLine(line);
    }

    private IAnsiConsole Console(TextWriter writer, bool isTerminal)
    {
        var ansi = isTerminal && _surroundings.Variable("TERM") != "dumb";
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = ansi ? AnsiSupport.Yes : AnsiSupport.No,
            // https://no-color.org: set and not empty.
            ColorSystem = ansi && _surroundings.Variable("NO_COLOR").Length == 0 ? Colors() : ColorSystemSupport.NoColors,
            Interactive = ansi ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = ansi ? _surroundings.Width : WidthOfFiles;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }

    /// <summary>How many colours the terminal says that it has: greys want more than the sixteen that every terminal has.</summary>
    private ColorSystemSupport Colors() =>
        _surroundings.Variable("COLORTERM") is "truecolor" or "24bit" ? ColorSystemSupport.TrueColor
        : _surroundings.Variable("TERM").Contains("256color", StringComparison.Ordinal) ? ColorSystemSupport.EightBit
        : ColorSystemSupport.Standard;
}
