using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Tests.Tensors;

public class TreeTests
{
    private static readonly Tree<int> Numbers = Tree.Branch(
        ("c1", Tree.Branch(("weight", Tree.Leaf(1)), ("bias", Tree.Leaf(2)))),
        ("f6", Tree.Leaf(3)));

    [Fact]
    public void Leaves_come_in_order_with_their_paths() =>
        Assert.Equal([("c1/weight", 1), ("c1/bias", 2), ("f6", 3)], Numbers.Leaves);

    [Fact]
    public void A_tree_is_its_leaves()
    {
        Assert.Equal(Numbers, Tree.OfLeaves(Numbers.Leaves));
        Assert.Equal(Tree.Leaf(7), Tree.OfLeaves([("", 7)]));
        Assert.Equal(Tree.Branch<int>(), Tree.OfLeaves<int>([]));
        Assert.Throws<ArgumentException>(() => Tree.OfLeaves([("a", 1), ("a", 2)]));
        Assert.Throws<ArgumentException>(() => Tree.OfLeaves([("a", 1), ("a/b", 2)]));
    }

    [Fact]
    public void Mapping_keeps_the_structure() =>
        Assert.Equal([("c1/weight", "1"), ("c1/bias", "2"), ("f6", "3")], Numbers.Map(number => $"{number}").Leaves);

    [Fact]
    public void Trees_are_equal_by_value() => Assert.Equal(Numbers, Numbers.Map(number => number));

    [Fact]
    public void Zipping_pairs_the_leaves() => Assert.Equal([2, 4, 6], Numbers.Zip(Numbers, (a, b) => a + b).Leaves.Select(leaf => leaf.Value));

    [Fact]
    public void Zipping_another_structure_names_the_place()
    {
        var other = Tree.Branch(("c1", Tree.Branch(("weight", Tree.Leaf(1)))), ("f6", Tree.Leaf(3)));
        var error = Assert.Throws<TreeStructureException>(() => Numbers.Zip(other, (a, b) => a + b));
        Assert.Equal(("c1", "a branch of (weight, bias)", "a branch of (weight)"), (error.Path, error.Expected, error.Found));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    public void A_name_that_would_break_a_path_is_refused(string name) => Assert.Throws<ArgumentException>(() => Tree.Branch((name, Tree.Leaf(1))));

    [Fact]
    public void A_name_stands_once() => Assert.Throws<ArgumentException>(() => Tree.Branch(("a", Tree.Leaf(1)), ("a", Tree.Leaf(2))));

    [Theory]
    [InlineData("", "The trees differ at '/': expected a leaf, found a branch of (a).")]
    [InlineData("c1/weight", "The trees differ at 'c1/weight': expected a leaf, found a branch of (a).")]
    public void A_difference_says_where_and_what(string path, string message) =>
        Assert.Equal(message, new TreeStructureException(path, "a leaf", "a branch of (a)").Message);

    [Fact]
    public void What_is_not_there_is_named_with_what_is()
    {
        Assert.Equal(("", "a branch with 'w'", "a branch of (c1, f6)"), Told(() => Numbers["w"]));
        Assert.Equal(("", "a branch with 'w'", "a leaf"), Told(() => Numbers["f6"]["w"]));
        Assert.Equal(("", "a leaf", "a branch of (weight, bias)"), Told(() => Numbers["c1"].AsLeaf()));
        Assert.Equal(("f6", "a leaf", "a branch of (a)"), Told(() => Numbers.Zip(Tree.Branch(("c1", Numbers["c1"]), ("f6", Tree.Branch(("a", Tree.Leaf(1))))), (a, b) => a + b)));
        Assert.Equal(("c1", "a branch of (weight, bias)", "a leaf"), Told(() => Numbers.Zip(Tree.Branch(("c1", Tree.Leaf(0)), ("f6", Tree.Leaf(1))), (a, b) => a + b)));
        Assert.Equal(("", "a branch of (c1, f6)", "a branch of ()"), Told(() => Numbers.Zip(Tree.Branch<int>(), (a, b) => a + b)));
        Assert.Equal(("", "a branch of ()", "a branch of (c1, f6)"), Told(() => Tree.Branch<int>().Zip(Numbers, (a, b) => a + b)));

        static (string, string, string) Told(Func<object> wrong) =>
            Assert.Throws<TreeStructureException>(wrong) is var error ? (error.Path, error.Expected, error.Found) : default;
    }

    [Fact]
    public void Under_a_name_that_is_not_there_nothing_stands()
    {
        Assert.Equal(Numbers["c1"], Numbers.Under("c1"));
        Assert.Equal(Tree.Branch<int>(), Numbers.Under("w"));
        Assert.Equal(Tree.Branch<int>(), Numbers["f6"].Under("w"));
        Assert.Equal(Tree.Leaf(2), Numbers.At("c1/bias"));
        Assert.Equal(Numbers, Numbers.At(""));
        Assert.Equal(Tree.Branch<int>(), Numbers.At("c1/w/x"));
    }

    [Fact]
    public void A_name_or_path_that_is_refused_is_told()
    {
        Assert.StartsWith(
            "'a/b' cannot name a child here: names are not empty, hold no slash and stand once.",
            Assert.Throws<ArgumentException>(() => Tree.Branch(("a/b", Tree.Leaf(1)))).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "A path stands twice, or goes through a leaf.", Assert.Throws<ArgumentException>(() => Tree.OfLeaves([("a", 1), ("a", 2)])).Message, StringComparison.Ordinal);
    }
}
