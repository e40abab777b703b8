using System.CommandLine;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary>The commands that show what a run has learned.</summary>
internal static partial class Grammar
{
    private static Bound Evaluate()
    {
        var (run, json, data, threads) = (RunArgument(), JsonOption(), DataOption("where the run found it"), ThreadsOption());
        var mistakes = Whole("--mistakes", $"How many of the worst mistakes are drawn. Default: {EvaluateCommand.Mistakes}.", 0, int.MaxValue);
        return Of(
            new Command("evaluate", "A run's network on its test images: loss and accuracy, the confusion matrix, the accuracy of each class, the worst mistakes.") { run, mistakes, data, threads, json },
            result => new Invocation.Evaluate(
                result.GetValue(json), result.GetRequiredValue(run), (int)(result.GetValue(mistakes) ?? EvaluateCommand.Mistakes), result.GetValue(data) ?? "", result.GetValue(threads)),
            "evaluate runs/digits-1",
            "evaluate runs/folk-1 --mistakes 20",
            "evaluate runs/folk-1 --json");
    }

    private static Bound Report()
    {
        var (run, json, data, figures) = (RunArgument(), JsonOption(), DataOption("where the run found it"), FiguresOption());
        return Of(
            new Command("report", "Writes a finished run's report.html again: curves, mistakes, filters, the way of a digit through the layers, on one page that needs nothing else.") { run, figures, data, json },
            result => new Invocation.Report(result.GetValue(json), result.GetRequiredValue(run), result.GetValue(figures), result.GetValue(data) ?? ""),
            "report runs/digits-1",
            "report runs/folk-1 --figures");
    }

    private static Option<bool> FiguresOption() => new("--figures") { Description = "Writes the report's pictures as files too, into the run's folder 'figures': PNG, and plots also as SVG." };
}
