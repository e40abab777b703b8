using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary>What a command line turned out to be.</summary>
internal abstract record Parsed(bool Json)
{
    /// <summary>Something to do.</summary>
    public sealed record Run(Invocation Invocation) : Parsed(Invocation.Json);

    /// <summary>A text that was asked for: help, or the version.</summary>
    public sealed record Text(bool Json, string Content) : Parsed(Json);

    /// <summary>Wrong usage: one line that says what is wrong and where to look.</summary>
    public sealed record Usage(bool Json, string Message) : Parsed(Json);
}

/// <summary>The commands and their options: from the words on the command line to a value. Looks at nothing else and does nothing.</summary>
internal static partial class Grammar
{
    private const string Program = "lenet";
    private const int MostThreads = 1_024;

    /// <summary>Parses a command line.</summary>
    /// <param name="arguments">The words after the program's name.</param>
    /// <param name="width">Columns for help.</param>
    public static Parsed Parse(IReadOnlyList<string> arguments, int width)
    {
        var json = arguments.TakeWhile(word => word != "--").Contains("--json");
        var commands = Commands();
        var root = commands[0].Symbol;
        var result = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var command = commands.Single(candidate => candidate.Symbol == result.CommandResult.Command);
        return result.Action switch
        {
            HelpAction help => new Parsed.Text(json, Printed(result, help, width) + Examples(command)),
            ParseErrorAction => new Parsed.Usage(json, Message(result, commands)),
            _ when result.Action == command.Symbol.Action => new Parsed.Run(command.Bind(result)),
            _ => new Parsed.Text(json, Printed(result)),
        };
    }

    /// <summary>The commands' names, in the order of the help.</summary>
    public static IEnumerable<string> Names => Commands().Skip(1).Select(command => command.Symbol.Name);

    private static List<Bound> Commands()
    {
        var bound = new List<Bound> { List(), Show(), Train(), Resume(), Verify(), Evaluate(), Report(), Predict(), Serve(), Snapshot(), Layers(), Export(), Import(), Compare(), Sweep(), Data(), Repro(), Bench() };
        var json = JsonOption();
        var (data, threads) = (DataOption(), ThreadsOption());
        var root = new RootCommand(
            "LeNet-5 and its relatives in functional C#, trained to the same bits on every machine.\n"
            + "  Without a command: the quick start, which trains LeNet-5 on handwritten digits inside the program, in seconds.")
        {
            data,
            threads,
            json,
        };
        root.Options.Remove(root.Options.OfType<HelpOption>().Single());
        root.Options.Add(new HelpOption("--help", "-h") { Description = "This text; of a command with its name before it.", Recursive = true });
        root.Options.OfType<VersionOption>().Single().Description = "The program's version.";
        root.HelpName = Program;
        root.SetAction(_ => 0);
        foreach (var command in bound)
            root.Add(command.Symbol);
        bound.Insert(0, new Bound(
            root,
            result => new Invocation.QuickStart(result.GetValue(json), new TrainOptions { Data = result.GetValue(data) ?? "", Threads = result.GetValue(threads) }),
            ["", "list", "show folk", "train folk", "repro repdl --threads 2"]));
        return bound;
    }

    private static Bound List()
    {
        var json = JsonOption();
        var runs = new Option<bool>("--runs") { Description = "The runs in the folder 'runs' instead: how far each came, and how good it was." };
        return Of(
            new Command("list", "The experiments: name, one line, network, data, optimizer, parameters. With --runs: the runs.") { runs, json },
            result => new Invocation.List(result.GetValue(json), result.GetValue(runs)),
            "list",
            "list --runs",
            "list --json");
    }

    private static Bound Show()
    {
        var (experiment, json) = (ExperimentArgument(), JsonOption());
        var demonstration = new Option<bool>("--try") { Description = "The tutorial's first look instead: the module as PyTorch prints it, its parameters, one random image forward, one random gradient back." };
        return Of(
            new Command("show", "The network layer by layer, its totals, and the experiment's settings.") { experiment, demonstration, json },
            result => new Invocation.Show(result.GetValue(json), result.GetRequiredValue(experiment), result.GetValue(demonstration)),
            "show folk",
            "show official --try",
            "show official --json");
    }

    private static Bound Train()
    {
        var (experiment, json, data, threads) = (ExperimentArgument(), JsonOption(), DataOption(), ThreadsOption());
        var seed = Whole("--seed", "One number fixes everything random. Default: 0.", 0, long.MaxValue);
        var seeds = SeedsOption();
        var epochs = Whole("--epochs", "Passes over the training data, instead of the experiment's limit. With --steps: whichever comes first.", 1, int.MaxValue - 1);
        var steps = Whole("--steps", "Updates of the weights, instead of the experiment's limit.", 1, long.MaxValue - 1);
        var batch = Whole("--batch", "Samples in a step, instead of the experiment's.", 1, 1 << 20);
        var rate = RateOption();
        var trainLimit = Whole("--train-limit", "Only the first N training samples.", 1, int.MaxValue);
        var testLimit = Whole("--test-limit", "Only the first N test samples.", 1, int.MaxValue);
        var (numerics, checkpoints) = (NumericsOption(), CheckpointOption());
        var figures = FiguresOption();
        var distort = new Option<bool>("--distort") { Description = "Of lenet-1998: also trains on distorted images, as the paper's second result." };
        var folder = new Option<string>("--out")
        {
            HelpName = "DIR",
            Description = "The run's folder, which must not exist; of several seeds, the folder of their runs. Default: runs/<experiment>-<n>.",
            CustomParser = result => NotEmpty(result, "a folder"),
        };
        var command = new Command("train", "Trains an experiment, evaluates it, and writes a run: manifest.json, metrics.jsonl, checkpoints, weights.safetensors, report.html.")
        {
            experiment, data, seed, seeds, epochs, steps, batch, rate, threads, trainLimit, testLimit, numerics, folder, checkpoints, figures, distort, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(seed) is not null && result.GetResult(seeds) is not null)
                result.AddError("--seed and --seeds exclude each other: give one of them.");
            if (result.GetValue(distort) && result.GetValue(experiment) is { } named && named.Name != LeNet1998.Experiment.Name)
                result.AddError($"--distort belongs to {LeNet1998.Experiment.Name}, but the experiment is {named.Name}.");
        });
        return Of(
            command,
            result => new Invocation.Train(result.GetValue(json), result.GetValue(distort) ? LeNet1998.Distorted : result.GetRequiredValue(experiment), new TrainOptions
            {
                Data = result.GetValue(data) ?? "",
                Seeds = result.GetValue(seeds) ?? (result.GetValue(seed) is { } single ? new SeedRange(single, single, IsRange: false) : default),
                Epochs = (int?)result.GetValue(epochs),
                Steps = result.GetValue(steps),
                Batch = (int?)result.GetValue(batch),
                LearningRate = result.GetValue(rate),
                Threads = result.GetValue(threads),
                TrainLimit = (int?)result.GetValue(trainLimit),
                TestLimit = (int?)result.GetValue(testLimit),
                Numerics = result.GetValue(numerics),
                CheckpointEvery = result.GetValue(checkpoints),
                Figures = result.GetValue(figures),
                Out = result.GetValue(folder) ?? "",
            }),
            "train digits",
            "train folk --epochs 3 --seed 7",
            "train official --seeds 0..4 --out runs/official-seeds",
            "train folk --data ./my-mnist --steps 100 --json");
    }

    private static Bound Data()
    {
        var json = JsonOption();
        var fetch = new Option<bool>("--fetch") { Description = "Downloads what is not here, from known mirrors, and checks every byte." };
        var name = new Argument<string>("NAME") { Description = $"One of {string.Join(", ", DataAccess.Names)}. Default: all.", Arity = ArgumentArity.ZeroOrOne, CustomParser = result => Known(result, "a data set", DataAccess.Names, "lenet data") };
        return Of(
            new Command("data", "The data sets: which are here, where they were found, whether their bytes are the known ones.") { name, fetch, json },
            result => new Invocation.Survey(result.GetValue(json), result.GetValue(name) ?? "", result.GetValue(fetch)),
            "data",
            "data mnist --fetch");
    }

    private static Bound Repro()
    {
        var (json, data, threads, seeds) = (JsonOption(), DataOption(), ThreadsOption(), SeedsOption());
        seeds.Description = $"For '{ReproCommand.LeNet}' and its kin: a run a seed, compared in the mean; default: seed 0 alone. For '{ReproCommand.Tutorial}': the runs to compare with; default: 0..9.";
        var name = new Argument<string>("NAME")
        {
            Description = $"One of {string.Join(", ", ReproCommand.Names)}. Default: lists them.",
            Arity = ArgumentArity.ZeroOrOne,
            CustomParser = result => Known(result, "a published result that can be replayed", ReproCommand.Names, "lenet repro"),
        };
        var command = new Command("repro", "Replays a published result and prints its numbers beside ours; exit code 0 when they agree.") { name, data, threads, seeds, json };
        command.Validators.Add(result =>
        {
            if (result.GetResult(seeds) is not null && result.GetResult(name) is { Tokens: [var token] } && token.Value != ReproCommand.Tutorial && !token.Value.StartsWith(ReproCommand.LeNet, StringComparison.Ordinal))
                result.AddError($"--seeds is not for '{token.Value}', which was published for one seed.");
        });
        return Of(
            command,
            result => new Invocation.Repro(
                result.GetValue(json), result.GetValue(name) ?? "", result.GetValue(data) ?? "", result.GetValue(threads), result.GetValue(seeds)),
            "repro",
            "repro repdl --threads 2",
            "repro torch-folk --json",
            "repro lenet-1998 --seeds 0..4",
            "repro tutorial --seeds 0..2");
    }

    private static Bound Bench()
    {
        var (experiment, threads, json) = (ExperimentArgument(), ThreadsOption(), JsonOption());
        experiment.Arity = ArgumentArity.ZeroOrOne;
        experiment.Description += " Default: all.";
        return Of(
            new Command("bench", "How fast this machine is: images a second, one image's latency, each layer's products beside MathNet's.") { experiment, threads, json },
            result => new Invocation.Bench(result.GetValue(json), result.GetValue(experiment) is { } one ? [one] : AllExperiments.InOrder, result.GetValue(threads)),
            "bench folk",
            "bench --threads 1",
            "bench official --json");
    }

    private static Bound Of(Command command, Func<ParseResult, Invocation> bind, params EquatableArray<string> examples)
    {
        // Never run: that it is the result's action says that this command was parsed without an error.
        command.SetAction(_ => 0);
        return new(command, bind, examples);
    }

    private static Argument<Experiment> ExperimentArgument() => new("EXPERIMENT")
    {
        Description = $"One of {string.Join(", ", AllExperiments.InOrder.Select(experiment => experiment.Name))}.",
        CustomParser = result =>
        {
            var name = Known(result, "an experiment", AllExperiments.InOrder.Select(experiment => experiment.Name), "lenet list");
            return AllExperiments.InOrder.FirstOrDefault(experiment => experiment.Name == name);
        },
    };

    private static Option<bool> JsonOption() => new("--json") { Description = "One JSON object a line on standard output; everything for people on standard error." };

    private static Option<string> DataOption(string otherwise = "the experiment's") => new("--data")
    {
        HelpName = "NAME|DIR",
        Description = $"{string.Join(", ", DataAccess.Names)}, or a folder with the four IDX files. Default: {otherwise}.",
        CustomParser = result => NotEmpty(result, "a data set's name or a folder"),
    };

    private static Option<int?> ThreadsOption() => new("--threads")
    {
        HelpName = "N",
        Description = "Worker threads; never changes a result. Default: all cores.",
        CustomParser = result => (int?)Whole(result, 1, MostThreads),
    };

    private static Option<long?> Whole(string name, string description, long least, long most) =>
        new(name) { HelpName = "N", Description = description, CustomParser = result => Whole(result, least, most) };

    private static Option<double?> RateOption() => new("--lr")
    {
        HelpName = "X",
        Description = "The learning rate, instead of the experiment's.",
        CustomParser = result =>
            double.TryParse(Word(result), NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var rate)
            && double.IsFinite(rate) && rate > 0
                ? rate
                : Wrong<double?>(result, "a finite number above 0, such as 0.001"),
    };

    private static Option<SeedRange?> SeedsOption() => new("--seeds")
    {
        HelpName = "A..B",
        Description = "A run for each seed from A to B; ends with mean ± standard deviation.",
        CustomParser = result => Word(result).Split("..") is [var first, var last]
            && long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var from)
            && long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var to)
            && from <= to
                ? new SeedRange(from, to, IsRange: true)
                : Wrong<SeedRange?>(result, "two whole numbers from 0 in ascending order, such as 0..4"),
    };

    private static Option<Numerics> NumericsOption() => new("--numerics")
    {
        HelpName = "exact|mathnet|mkl",
        Description = "Which products: exact (default), the same bits everywhere; MathNet's managed ones; or MathNet's MKL.",
        CustomParser = result => Word(result) switch
        {
            "exact" => Numerics.Exact,
            "mathnet" => Numerics.MathNet,
            "mkl" => Numerics.Mkl,
            var other => Wrong<Numerics>(result, "exact, mathnet or mkl", Nearest.Hint(other, ["exact", "mathnet", "mkl"])),
        },
    };

    private static long? Whole(ArgumentResult result, long least, long most) =>
        long.TryParse(Word(result), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : Wrong<long?>(result, most >= int.MaxValue - 1 ? $"a whole number from {least}" : $"a whole number from {least} to {most}");

    private static string NotEmpty(ArgumentResult result, string what) => Word(result) is { Length: > 0 } word ? word : Wrong<string>(result, what) ?? "";

    private static string? Known(ArgumentResult result, string what, IEnumerable<string> known, string list)
    {
        var (word, names) = (Word(result), known.ToList());
        if (names.Contains(word))
            return word;
        result.AddError($"'{word}' is not {what}.{Nearest.Hint(word, names)} There are {string.Join(", ", names)}; '{list}' says more.");
        return null;
    }

    private static T? Wrong<T>(ArgumentResult result, string expected, string hint = "")
    {
        var option = (result.Parent as OptionResult)?.IdentifierToken?.Value ?? result.Argument.Name;
        result.AddError($"{option} takes {expected}, but found '{Word(result)}'.{hint}");
        return default;
    }

    private static string Word(ArgumentResult result) => result.Tokens.Count > 0 ? result.Tokens[0].Value : "";

    /// <summary>One line for what is wrong; the first thing where there are several.</summary>
    private static string Message(ParseResult result, IReadOnlyList<Bound> commands)
    {
        var command = result.CommandResult.Command;
        var name = command is RootCommand ? Program : $"{Program} {command.Name}";
        if (result.UnmatchedTokens is [var unknown, ..])
        {
            var message = unknown.StartsWith('-')
                ? $"'{unknown}' is not an option of '{name}'.{Nearest.Hint(unknown, Options(command))}"
                : command is RootCommand
                    ? $"'{unknown}' is not a command.{Nearest.Hint(unknown, commands.Skip(1).Select(other => other.Symbol.Name))}"
                    : $"'{unknown}' is one word too many for '{name}'.";
            return $"{message} '{name} --help' lists what there is.";
        }

        var error = result.Errors[0];
        return error.SymbolResult is ArgumentResult { Tokens.Count: 0, Parent: CommandResult } missing
            ? $"'{name}' needs {missing.Argument.Name}: {char.ToLowerInvariant(missing.Argument.Description![0])}{missing.Argument.Description.Split('\n')[0][1..]} '{name} --help' says more."
            : error.Message.ReplaceLineEndings(" ");
    }

    private static IEnumerable<string> Options(Command command) => command.Options.Select(option => option.Name).Append("--help");

    private static string Printed(ParseResult result, HelpAction? help = null, int width = 80)
    {
        help?.MaxWidth = width;
        using var text = new StringWriter { NewLine = "\n" };
        result.Invoke(new InvocationConfiguration { Output = text, Error = text });
        return text.ToString().TrimEnd() + "\n";
    }

    private static string Examples(Bound command) =>
        "\nExamples:\n" + string.Concat(command.Examples.Select(example => $"  {$"{Program} {example}".TrimEnd()}\n"))
        + $"\nFrom a clone '{Program}' is: dotnet run -c Release --project Experiments --\n";

    /// <summary>A command, how its result becomes a value, and lines to copy.</summary>
    private sealed record Bound(Command Symbol, Func<ParseResult, Invocation> Bind, EquatableArray<string> Examples);
}
