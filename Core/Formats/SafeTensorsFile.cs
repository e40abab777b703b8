using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Formats;

/// <summary>The content of a safetensors file.</summary>
/// <param name="Tensors">Names and tensors, in the order of their bytes.</param>
/// <param name="Metadata">The header's <c>__metadata__</c>: free text by key, in the file's order.</param>
public sealed record SafeTensorsFile(EquatableArray<(string Name, Tensor Values)> Tensors, EquatableArray<(string Key, string Text)> Metadata)
{
    /// <summary>Names and rows of whole numbers, element type U32 and shape <c>[n]</c>, whose bytes come after the tensors': what a state holds besides float32.</summary>
    public EquatableArray<(string Name, EquatableArray<uint> Values)> Integers { get; init; } = [];

    /// <summary>A tree of parameters under PyTorch's names: the path <c>conv/0/weight</c> becomes <c>conv.0.weight</c>.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="metadata">Free text by key.</param>
    public static SafeTensorsFile Of(Tree<Tensor> parameters, params ReadOnlySpan<(string Key, string Text)> metadata) =>
        new(parameters.Leaves.Select(leaf => (NameOf(leaf.Path), leaf.Value)).ToEquatableArray(), EquatableArray.Create(metadata));

    /// <summary>A parameter's name in PyTorch's form: <c>conv.0.weight</c>.</summary>
    /// <param name="path">Its path in a tree, <c>conv/0/weight</c>.</param>
    public static string NameOf(string path) => path.Replace('/', '.');
}
