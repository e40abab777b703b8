using FunctionalLeNet.Experiments.Data;

namespace FunctionalLeNet.Tests.Data;

public sealed class DistortionTests
{
    private static readonly Distortion None = new(Copies: 10, Translation: 0, Scaling: 0, Squeezing: 0, Shearing: 0);

    private static readonly ImageSet Images = Digits.Load().Train.Take(40);

    [Fact]
    public void Nothing_by_nothing_is_the_image_itself() => Assert.Equal(Images, None.Of(Images, pass: 3));

    [Fact]
    public void It_is_a_pure_function_of_its_seed_and_the_pass()
    {
        var some = None with { Translation = 2, Scaling = 0.1, Squeezing = 0.1, Shearing = 0.2 };
        Assert.Equal(some.Of(Images, 1), some.Of(Images, 1));
        Assert.NotEqual(some.Of(Images, 1), some.Of(Images, 2));
        Assert.NotEqual(some.Of(Images, 1), (some with { Seed = 1 }).Of(Images, 1));
    }

    [Fact]
    public void In_twenty_passes_every_copy_of_an_image_comes_twice_and_the_image_as_it_is_is_one_of_them()
    {
        var some = None with { Translation = 2, Shearing = 0.2 };
        var passes = Enumerable.Range(0, 20).Select(pass => some.Of(Images, pass)).ToList();
        foreach (var i in Enumerable.Range(0, Images.Count))
        {
            var copies = passes.Select(pass => Convert.ToHexString(pass.Single(i).Pixels.Span)).ToList();
            Assert.All(copies.GroupBy(copy => copy), copy => Assert.Equal(2, copy.Count()));
            Assert.Equal(2, copies.Count(copy => copy == Convert.ToHexString(Images.Single(i).Pixels.Span)));
        }
    }

    [Fact]
    public void Every_pass_has_as_many_originals()
    {
        var some = None with { Translation = 2, Shearing = 0.2 };
        Assert.All(Enumerable.Range(0, 10), pass => Assert.Equal(4, Enumerable.Range(0, 40).Count(i => some.Of(Images, pass).Single(i) == Images.Single(i))));
    }

    [Fact]
    public void Translations_move_ink_and_keep_its_amount()
    {
        var dot = new ImageSet(9, 9, Enumerable.Range(0, 81).Select(pixel => (byte)(pixel == 40 ? 200 : 0)).ToArray(), new byte[] { 0 });
        var moved = (None with { Copies = 2, Translation = 2 }).Of(dot, 1);
        Assert.NotEqual(dot, moved);
        Assert.InRange(moved.Pixels.ToArray().Sum(pixel => pixel), 198, 202);
    }
}
