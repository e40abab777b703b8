using System.CommandLine;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary>The commands that show what a network makes of a digit of one's own.</summary>
internal static partial class Grammar
{
    private static Bound Predict()
    {
        var json = JsonOption();
        var words = new Argument<string[]>("IMAGE")
        {
            Description = "Image files, PNG or JPEG, each of one digit, dark on light or light on dark. Before them may stand a run's folder, or its name under runs/. Default: the network inside the program.",
            HelpName = "[RUN] IMAGE",
            Arity = ArgumentArity.OneOrMore,
        };
        var explain = new Option<bool>("--explain") { Description = "How the digit was found and brought into MNIST's form, and the probabilities of all ten." };
        return Of(
            new Command("predict", "Reads digits from image files of any size and prints what each is, with its probabilities.") { words, explain, json },
            result => new Invocation.Predict(result.GetValue(json), result.GetRequiredValue(words).ToEquatableArray(), result.GetValue(explain)),
            "predict two.png",
            "predict two.png --explain",
            "predict runs/folk-1 *.jpg --json");
    }
}
