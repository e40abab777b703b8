using System.CommandLine;
using System.Net;
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

    private static Bound Serve()
    {
        // The year of the paper.
        const int usualPort = 1998;
        var (run, json) = (RunArgument(), JsonOption());
        run.Arity = ArgumentArity.ZeroOrOne;
        run.Description += " Default: the network inside the program; the page switches between all runs.";
        var port = Whole("--port", $"The port; 0 for any that is free. Default: {usualPort}.", 0, IPEndPoint.MaxPort);
        var host = new Option<IPAddress>("--host")
        {
            HelpName = "ADDRESS",
            Description = "The address to listen on. Default: 127.0.0.1, which no other machine reaches.",
            CustomParser = result => IPAddress.TryParse(Word(result), out var address) ? address : Wrong<IPAddress>(result, "an IP address, such as 127.0.0.1"),
        };
        return Of(
            new Command("serve", "A page on this machine: draw a digit, watch every layer, see filters form. Ctrl-C stops.") { run, port, host, json },
            result => new Invocation.Serve(result.GetValue(json), result.GetValue(run) ?? "", result.GetValue(host) ?? IPAddress.Loopback, (int)(result.GetValue(port) ?? usualPort)),
            "serve",
            "serve runs/folk-1 --port 8080");
    }
}
