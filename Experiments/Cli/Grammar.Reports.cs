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
}
