using System.CommandLine;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Interop;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary>The commands that exchange files with other programs.</summary>
internal static partial class Grammar
{
    private static Bound Export()
    {
        var (run, json, data) = (RunArgument(), JsonOption(), DataOption("where the run found it"));
        var logits = new Option<bool>("--logits") { Description = "The logits of all test images and their labels (.npz) instead of the weights." };
        var to = FileOption("--to", "The file. Its ending is the format: .safetensors (PyTorch's names and layouts), .npz (NumPy), or .onnx (the whole network).", ".safetensors", ".npz", ".onnx");
        var command = new Command("export", "Writes a run's weights, network or logits for PyTorch, NumPy, ONNX Runtime and whatever else reads their formats.") { run, to, logits, data, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(logits) && result.GetValue(to) is { } file && ExportCommand.Ending(file) != ".npz")
                result.AddError($"--logits are written as .npz, but found '{file}'.");
        });
        return Of(
            command,
            result => new Invocation.Export(result.GetValue(json), result.GetRequiredValue(run), result.GetRequiredValue(to), result.GetValue(logits), result.GetValue(data) ?? ""),
            "export runs/folk-1 --to folk.safetensors",
            "export runs/folk-1 --to folk.onnx",
            "export runs/folk-1 --logits --to logits.npz");
    }

    private static Bound Import()
    {
        var (experiment, json, data, threads) = (ExperimentArgument(), JsonOption(), DataOption(), ThreadsOption());
        var from = FileOption("--from", "The weights: .safetensors, or .npz.", ".safetensors", ".npz");
        var seed = Whole("--seed", "Fixes what is random when the run is trained on. Default: 0.", 0, long.MaxValue);
        var map = new Option<Renaming[]>("--map")
        {
            HelpName = "THERE=HERE",
            Description = "A name in the file and what it is here, of a parameter or of a layer; may be given several times.",
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = false,
            CustomParser = result => [.. result.Tokens.Select(token => token.Value.Split('=')).Select(parts =>
            {
                if (parts is [{ Length: > 0 } there, { Length: > 0 } here])
                    return new Renaming(there, here);
                result.AddError($"--map takes two names with a '=' between them, such as features.0=conv1, but found '{string.Join('=', parts)}'.");
                return default;
            })],
        };
        var folder = OutOption("The run's folder, which must not exist. Default: runs/<experiment>-<n>.");
        return Of(
            new Command("import", "Makes a run from weights that another program trained: PyTorch's names and layouts, each shape checked. 'resume --epochs' trains on.") { experiment, from, map, data, seed, threads, folder, json },
            result => new Invocation.Import(result.GetValue(json), result.GetRequiredValue(experiment), result.GetRequiredValue(from), (result.GetValue(map) ?? []).ToEquatableArray(), new TrainOptions
            {
                Data = result.GetValue(data) ?? "",
                Seeds = result.GetValue(seed) is { } single ? new SeedRange(single, single, IsRange: false) : default,
                Threads = result.GetValue(threads),
                Out = result.GetValue(folder) ?? "",
            }),
            "import official --from lenet.safetensors",
            "import official --from lenet.npz --map features.0=conv1 --map features.3=conv2");
    }

    private static Bound Layers()
    {
        var (run, json, data) = (RunArgument(), JsonOption(), DataOption("where the run found it"));
        var sample = Whole("--sample", "Which test image, from 0. Default: 0.", 0, int.MaxValue);
        var to = FileOption("--to", "The file, .npz: the input and every layer's output under the layer's name.", ".npz");
        return Of(
            new Command("layers", "Writes what goes into a run's network and what every layer puts out, as NumPy's arrays.") { run, sample, to, data, json },
            result => new Invocation.Layers(result.GetValue(json), result.GetRequiredValue(run), (int)(result.GetValue(sample) ?? 0), result.GetRequiredValue(to), result.GetValue(data) ?? ""),
            "layers runs/folk-1 --sample 3 --to layers.npz");
    }

    private static Option<string> OutOption(string description) => new("--out")
    {
        HelpName = "DIR",
        Description = description,
        CustomParser = result => NotEmpty(result, "a folder"),
    };

    private static Option<string> FileOption(string name, string description, params EquatableArray<string> endings) => new(name)
    {
        HelpName = "FILE",
        Description = description,
        Required = true,
        CustomParser = result => endings.Contains(ExportCommand.Ending(Word(result)))
            ? Word(result)
            : Wrong<string>(result, $"a file that ends in {string.Join(", ", endings)}") ?? "",
    };
}
