using FunctionalLeNet.Core.Formats;
using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Experiments.Interop;

/// <summary>A name of another program and what it is here: a parameter's, or the beginning of one up to a dot.</summary>
/// <param name="From">There: <c>features.0</c>.</param>
/// <param name="To">Here: <c>conv1</c>.</param>
public readonly record struct Renaming(string From, string To)
{
    /// <summary>A name under this renaming; null where it does not apply.</summary>
    /// <param name="name">There.</param>
    public string? Apply(string name) =>
        name == From ? To
        : name.StartsWith(From + ".", StringComparison.Ordinal) ? To + name[From.Length..]
        : null;
}

/// <summary>Weights that another program made, put in the place of a network's own.</summary>
internal static class ForeignWeights
{
    private const int Listed = 8;

    /// <summary>Reads a file of weights, safetensors or NumPy's, by its ending.</summary>
    /// <param name="path">The file.</param>
    /// <param name="file">Its name, for the error.</param>
    /// <param name="most">No file with more bytes is read.</param>
    /// <exception cref="DataException">There is no such file, or its bytes make no sense.</exception>
    public static EquatableArray<(string Name, Tensor Values)> Read(string path, string file, long most)
    {
        var info = new FileInfo(path);
        if (!info.Exists)
            throw new DataException(file, "there is no such file");
        if (info.Length > most)
            throw new DataException(file, "too large for weights of this network", $"at most {most:N0} bytes", $"{info.Length:N0}");
        var bytes = File.ReadAllBytes(path);
        return file.EndsWith(".npz", StringComparison.OrdinalIgnoreCase) ? Npz.Read(bytes, file, most)
            : file.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) ? SafeTensors.Read(bytes, file).Tensors
            : throw new DataException(file, "the ending says no format that can be read", ".safetensors or .npz", advice: "In PyTorch: safetensors.torch.save_file(model.state_dict(), 'weights.safetensors').");
    }

    /// <summary>
    /// A network's parameters from named tensors: renamed, each once, of the right shape, and finite. The weight of a convolution with a connection table comes with every
    /// pair of maps, as <see cref="DenseWeights"/> writes it, or with the connected ones alone.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="experiment">What it is called, for the error.</param>
    /// <param name="found">The tensors under their names.</param>
    /// <param name="renamings">Tried in order; then a slash is a dot, and a beginning that all names share and no parameter has falls away.</param>
    /// <param name="file">The file's name, for the error.</param>
    /// <exception cref="DataException">Something is missing, superfluous, of another shape, or not finite; the message names it.</exception>
    public static Tree<Tensor> Fitted(Network network, string experiment, EquatableArray<(string Name, Tensor Values)> found, EquatableArray<Renaming> renamings, string file)
    {
        var specification = Parameters.Specification(network);
        var tables = DenseWeights.Tables(network);
        var expected = specification.Leaves.Select(leaf => (
            Name: SafeTensorsFile.NameOf(leaf.Path),
            Shape: tables.TryGetValue(leaf.Path, out var table) ? DenseWeights.Shape(table, leaf.Value.Shape) : leaf.Value.Shape,
            Own: leaf.Value.Shape)).ToList();
        var renamed = Unprefixed(
            found.Select(tensor => (Name: Renamed(SafeTensorsFile.NameOf(tensor.Name), renamings), tensor.Values)).ToList(), [.. expected.Select(parameter => parameter.Name)]);
        if (renamed.GroupBy(tensor => tensor.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new DataException(file, $"two tensors have the name '{twice.Key}' here");

        var shapes = renamed.ToDictionary(tensor => tensor.Name, tensor => tensor.Values);
        var names = expected.Select(parameter => parameter.Name).ToHashSet();
        var problems = new[]
        {
            List("missing", expected.Where(parameter => !shapes.ContainsKey(parameter.Name)).Select(parameter => $"{parameter.Name} {parameter.Shape}")),
            List("superfluous", renamed.Where(tensor => !names.Contains(tensor.Name)).Select(tensor => $"{tensor.Name} {tensor.Values.Shape}")),
            List("of another shape", expected.Where(parameter => shapes.TryGetValue(parameter.Name, out var values) && values.Shape != parameter.Shape && values.Shape != parameter.Own)
                .Select(parameter => $"{parameter.Name} (expected {parameter.Shape}, found {shapes[parameter.Name].Shape})")),
        }.Where(problem => problem.Length > 0).ToList();
        if (problems.Count > 0)
            throw new DataException(file, $"these are no weights of '{experiment}': {string.Join("; ", problems)}", advice: $"'lenet show {experiment}' has the layers; --map THERE=HERE renames.");
        if (renamed.FirstOrDefault(tensor => !tensor.Values.ToArray().All(float.IsFinite)) is { Name: { } name })
            throw new DataException(file, $"'{name}' holds numbers that are not finite");
        return Tree.OfLeaves(specification.Leaves.Select(leaf =>
        {
            var (own, values) = (SafeTensorsFile.NameOf(leaf.Path), shapes[SafeTensorsFile.NameOf(leaf.Path)]);
            return (leaf.Path, values.Shape == leaf.Value.Shape ? values : DenseWeights.Connected(tables[leaf.Path], values, own, file));
        }));
    }

    private static string Renamed(string name, EquatableArray<Renaming> renamings) =>
        renamings.Select(renaming => renaming.Apply(name)).FirstOrDefault(applied => applied is not null) ?? name;

    /// <summary>Names without what wrappers put before them: <c>module.conv1.weight</c> is <c>conv1.weight</c> where all begin so.</summary>
    private static List<(string Name, Tensor Values)> Unprefixed(List<(string Name, Tensor Values)> tensors, HashSet<string> expected)
    {
        if (tensors.Count == 0 || tensors.Any(tensor => expected.Contains(tensor.Name)))
            return tensors;
        var prefix = tensors.SelectMany(tensor => expected.Where(name => tensor.Name.EndsWith("." + name, StringComparison.Ordinal)).Select(name => tensor.Name[..^name.Length])).FirstOrDefault("");
        return tensors.All(tensor => tensor.Name.StartsWith(prefix, StringComparison.Ordinal)) ? [.. tensors.Select(tensor => (tensor.Name[prefix.Length..], tensor.Values))] : tensors;
    }

    private static string List(string what, IEnumerable<string> items)
    {
        var all = items.ToList();
        return all.Count == 0 ? "" : $"{what}: {string.Join(", ", all.Take(Listed))}{(all.Count > Listed ? $" and {all.Count - Listed} more" : "")}";
    }
}
