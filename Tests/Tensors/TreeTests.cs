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
}
