namespace FunctionalLeNet.Core.Tensors;

/// <summary>Named values in the structure of a network: parameters, gradients, moments, shapes and names are all trees of one form.</summary>
/// <remarks>After JAX's pytrees: what is written for one leaf is mapped over all of them.</remarks>
/// <typeparam name="T">What a leaf holds.</typeparam>
public abstract record Tree<T>
{
    private Tree() { }

    /// <summary>A single value.</summary>
    /// <param name="Value">The value.</param>
    public sealed record Leaf(T Value) : Tree<T>;

    /// <summary>Subtrees by name, in order.</summary>
    /// <param name="Children">The names, each once, and what stands under them.</param>
    public sealed record Branch(EquatableArray<(string Name, Tree<T> Child)> Children) : Tree<T>;

    /// <summary>One function for each form of tree.</summary>
    /// <typeparam name="R">The result's type.</typeparam>
    /// <param name="leaf">Applied to a leaf's value.</param>
    /// <param name="branch">Applied to a branch's children.</param>
    public R Match<R>(Func<T, R> leaf, Func<EquatableArray<(string Name, Tree<T> Child)>, R> branch) => this switch
    {
        Leaf(var value) => leaf(value),
        Branch(var children) => branch(children),
        _ => throw new InvalidOperationException("A tree is a leaf or a branch."),
    };

    /// <summary>The same structure with a function applied to every leaf, in order.</summary>
    /// <typeparam name="R">What the new leaves hold.</typeparam>
    /// <param name="function">Applied to each value.</param>
    public Tree<R> Map<R>(Func<T, R> function) => this is Leaf(var value)
        ? new Tree<R>.Leaf(function(value))
        : new Tree<R>.Branch(Below.Map(child => (child.Name, child.Child.Map(function))));

    /// <summary>Two trees of the same structure, leaf by leaf, in order.</summary>
    /// <typeparam name="U">What the other tree holds.</typeparam>
    /// <typeparam name="R">What the new leaves hold.</typeparam>
    /// <param name="other">A tree of the same structure.</param>
    /// <param name="function">Applied to each pair of values.</param>
    /// <exception cref="TreeStructureException">The structures differ; the exception names the first path where they do.</exception>
    public Tree<R> Zip<U, R>(Tree<U> other, Func<T, U, R> function) => Difference(other, "") is { } difference ? throw difference : Zipped(other, function);

    /// <summary>The leaves from left to right, each with its path such as <c>c3/weight</c> (empty for a lone leaf).</summary>
    public IEnumerable<(string Path, T Value)> Leaves => Match<IEnumerable<(string, T)>>(
        value => [("", value)],
        children => children.SelectMany(child => child.Child.Leaves.Select(leaf => (Tree.Join(child.Name, leaf.Path), leaf.Value))));

    /// <summary>The subtree under a name.</summary>
    /// <param name="name">A child's name.</param>
    /// <exception cref="TreeStructureException">There is no such child.</exception>
    public Tree<T> this[string name] => Match(
        _ => throw new TreeStructureException("", $"a branch with '{name}'", "a leaf"),
        children => Child(name) ?? throw new TreeStructureException("", $"a branch with '{name}'", Tree.Names(children.Select(child => child.Name))));

    /// <summary>The subtree under a name, or an empty branch where there is none: a layer without parameters has no branch.</summary>
    /// <param name="name">A child's name.</param>
    public Tree<T> Under(string name) => this is Branch && Child(name) is { } child ? child : new Branch([]);

    /// <summary>The subtree at a path such as <c>conv/0</c>, the whole tree at the empty one; an empty branch where there is none.</summary>
    /// <param name="path">Names with slashes between them.</param>
    public Tree<T> At(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate(this, (tree, name) => tree.Under(name));

    /// <summary>The value of a lone leaf.</summary>
    /// <exception cref="TreeStructureException">This is a branch.</exception>
    public T AsLeaf() => Match(value => value, children => throw new TreeStructureException("", "a leaf", Tree.Names(children.Select(child => child.Name))));

    // Trees are mapped and zipped at every step of a training: these walk without a function for each form.
    private EquatableArray<(string Name, Tree<T> Child)> Below => ((Branch)this).Children;

    private Tree<T>? Child(string name)
    {
        foreach (var (key, child) in Below.Items)
            if (key == name)
                return child;
        return null;
    }

    private Tree<R> Zipped<U, R>(Tree<U> other, Func<T, U, R> function)
    {
        if (this is Leaf(var value))
            return new Tree<R>.Leaf(function(value, other.AsLeaf()));
        var (theirs, next) = (other.Below, 0);
        return new Tree<R>.Branch(Below.Map(child => (child.Name, child.Child.Zipped(theirs[next++].Child, function))));
    }

    // Where the structures differ first. Paths are put together only there.
    private TreeStructureException? Difference<U>(Tree<U> other, string path)
    {
        if (this is Leaf || other is Tree<U>.Leaf)
            return this is Leaf && other is Tree<U>.Leaf ? null : new TreeStructureException(path, Form, other.Form);
        var (mine, theirs) = (Below, other.Below);
        for (var i = 0; i < Math.Max(mine.Count, theirs.Count); i++)
        {
            if (mine.Count != theirs.Count || mine[i].Name != theirs[i].Name)
                return new TreeStructureException(path, Form, other.Form);
            if (mine[i].Child.Difference(theirs[i].Child, "") is { } inner)
                return new TreeStructureException(Tree.Join(Tree.Join(path, mine[i].Name), inner.Path), inner.Expected, inner.Found);
        }

        return null;
    }

    private string Form => Match(_ => "a leaf", children => Tree.Names(children.Select(child => child.Name)));
}

/// <summary>Makes trees.</summary>
public static class Tree
{
    /// <summary>A lone leaf.</summary>
    /// <typeparam name="T">What it holds.</typeparam>
    /// <param name="value">The value.</param>
    public static Tree<T> Leaf<T>(T value) => new Tree<T>.Leaf(value);

    /// <summary>A branch of named subtrees.</summary>
    /// <typeparam name="T">What the leaves hold.</typeparam>
    /// <param name="children">Names, each once, and subtrees in order.</param>
    /// <exception cref="ArgumentException">A name stands twice, or is empty, or holds a slash.</exception>
    public static Tree<T> Branch<T>(params IEnumerable<(string Name, Tree<T> Child)> children)
    {
        var array = children.ToEquatableArray();
        var wrong = array.Select(child => child.Name).FirstOrDefault(name => name.Length == 0 || name.Contains('/') || array.Count(child => child.Name == name) > 1);
        return wrong is null
            ? new Tree<T>.Branch(array)
            : throw new ArgumentException($"'{wrong}' cannot name a child here: names are not empty, hold no slash and stand once.", nameof(children));
    }

    /// <summary>The tree whose <see cref="Tree{T}.Leaves"/> are these; children come in the order in which they are first named.</summary>
    /// <typeparam name="T">What the leaves hold.</typeparam>
    /// <param name="leaves">Paths such as <c>c3/weight</c>, and values.</param>
    /// <exception cref="ArgumentException">A path stands twice, or goes through a leaf.</exception>
    public static Tree<T> OfLeaves<T>(IEnumerable<(string Path, T Value)> leaves)
    {
        var all = leaves.ToList();
        if (all is [("", var value)])
            return Leaf(value);
        if (all.Any(leaf => leaf.Path.Length == 0))
            throw new ArgumentException("A path stands twice, or goes through a leaf.", nameof(leaves));
        var parts = all.Select(leaf => (Parts: leaf.Path.Split('/', 2), leaf.Value)).ToList();
        return Branch(parts.GroupBy(leaf => leaf.Parts[0]).Select(group => (
            group.Key,
            OfLeaves(group.Select(leaf => (leaf.Parts.Length > 1 ? leaf.Parts[1] : "", leaf.Value))))));
    }

    internal static string Join(string path, string name) => path.Length == 0 ? name : name.Length == 0 ? path : $"{path}/{name}";

    internal static string Names(IEnumerable<string> names) => $"a branch of ({string.Join(", ", names)})";
}

/// <summary>Two trees that should have one structure do not.</summary>
/// <param name="path">Where they first differ; empty at the root.</param>
/// <param name="expected">What stands in the first tree.</param>
/// <param name="found">What stands in the second.</param>
public sealed class TreeStructureException(string path, string expected, string found)
    : Exception($"The trees differ at '{(path.Length == 0 ? "/" : path)}': expected {expected}, found {found}.")
{
    /// <summary>Where the trees first differ; empty at the root.</summary>
    public string Path { get; } = path;

    /// <summary>What stands in the first tree.</summary>
    public string Expected { get; } = expected;

    /// <summary>What stands in the second.</summary>
    public string Found { get; } = found;
}
