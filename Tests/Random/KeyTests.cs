using CsCheck;
using FunctionalLeNet.Core.Random;

namespace FunctionalLeNet.Tests.Random;

public class KeyTests
{
    // Random123, tests/kat_vectors, the lines "philox4x32 10".
    [Theory]
    [InlineData(0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8)]
    [InlineData(0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd)]
    [InlineData(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1)]
    public void Philox_gives_the_known_answers(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint w0, uint w1, uint w2, uint w3) =>
        Assert.Equal((w0, w1, w2, w3), Philox.Block((c0, c1, c2, c3), (k0, k1)));

    [Fact]
    public void Uniform_numbers_are_the_words_in_order()
    {
        // The first known answer is the first block of the key 0.
        float[] expected = [0x6627e8, 0xe169c5, 0xbc57ac, 0x9b00db];
        Assert.Equal(expected.Select(v => v / (1 << 24)), Key.Seed(0).Uniform(4));

        var (w0, w1, _, _) = Philox.Block((25, 0, 0, 0), (7, 0));
        var values = Key.Seed(7).Uniform(102);
        Assert.Equal([(w0 >> 8) * (1f / (1 << 24)), (w1 >> 8) * (1f / (1 << 24))], values[100..]);
    }

    [Fact]
    public void A_seed_is_the_key()
    {
        Assert.Equal(new Key(0x89abcdef, 0x01234567), Key.Seed(0x0123456789abcdef));
        Assert.Equal(new Key(0xffffffff, 0xffffffff), Key.Seed(-1));
    }

    [Fact]
    public void Children_are_what_the_page_says()
    {
        var key = Key.Seed(42);
        var (k0, k1, _, _) = Philox.Block((5, 1, 0, 1), (42, 0));
        Assert.Equal(new Key(k0, k1), key.Child((1L << 32) + 5));
        // echo -n c3/weight | sha256sum begins with 073d073ce73be491.
        (k0, k1, _, _) = Philox.Block((0x3c073d07, 0x91e43be7, 0, 2), (42, 0));
        Assert.Equal(new Key(k0, k1), key.Child("c3/weight"));
        Assert.Equal((key.Child(0), key.Child(1)), key.Split());
    }

    [Fact]
    public void Children_differ()
    {
        var key = Key.Seed(0);
        var keys = Enumerable.Range(-500, 1000).SelectMany(n => new[] { key.Child(n), key.Child($"{n}"), key.Child(7).Child(n) }).Append(key);
        Assert.Equal(3001, keys.Distinct().Count());
    }

    [Fact]
    public void A_longer_draw_begins_with_a_shorter_one() =>
        Gen.Select(Gen.Long, Gen.Int[0, 100]).Sample((seed, count) =>
        {
            var key = Key.Seed(seed);
            Assert.Equal(key.Uniform(100)[..count], key.Uniform(count));
            Assert.Equal(key.Normal(100)[..count], key.Normal(count));
        });

    [Fact]
    public void Uniform_numbers_lie_within_their_bounds_and_fill_them()
    {
        var values = Key.Seed(3).Uniform(100_000, -2, 5);
        Assert.All(values, v => Assert.InRange(v, -2f, 5f));
        Assert.InRange(values.Average(), 1.48, 1.52);
        Assert.InRange(values.Min(), -2, -1.999);
        Assert.InRange(values.Max(), 4.999, 5);
    }

    [Fact]
    public void Normal_numbers_have_the_moments_of_the_normal_distribution()
    {
        var values = Key.Seed(11).Normal(200_001).Select(v => (double)v).ToArray();
        Assert.InRange(values.Average(), -0.01, 0.01);
        Assert.InRange(values.Average(v => v * v), 0.99, 1.01);
        Assert.InRange(values.Average(v => v * v * v), -0.03, 0.03);
        Assert.InRange(values.Average(v => v * v * v * v), 2.9, 3.1);

        // The share within one standard deviation, and the correlation of cosine and sine.
        Assert.InRange(values.Count(v => Math.Abs(v) < 1) / 200_001.0, 0.679, 0.687);
        Assert.InRange(values.Chunk(2).Where(pair => pair.Length == 2).Average(pair => pair[0] * pair[1]), -0.01, 0.01);
    }

    [Fact]
    public void Draws_have_the_same_bits_everywhere()
    {
        Assert.Equal("dbd90250e234cd82d1d9525022ade967f70932f15afe3cbdde274da8654c15fa", Bits.Sha256(Key.Seed(0).Normal(100_000)));
        Assert.Equal("1c5ee86dae519d1a1152a31f430c600e8c1cbf85b41e289c8c6cf6e9c5858006", Bits.Sha256(Key.Seed(0).Permutation(100_000)));
    }

    [Fact]
    public void A_permutation_has_every_number_once() =>
        Gen.Select(Gen.Long, Gen.Int[0, 300]).Sample(
            (seed, count) => Assert.Equal(Enumerable.Range(0, count), Key.Seed(seed).Permutation(count).Order()));

    [Fact]
    public void All_orders_are_alike()
    {
        // 24 orders of 4; chi-squared of 23 degrees of freedom is below 49.7 but for one time in 1,000, and the seeds are fixed.
        var counts = Enumerable.Range(0, 24_000)
            .Select(n => string.Concat(Key.Seed(1).Child(n).Permutation(4)))
            .CountBy(order => order)
            .Select(pair => pair.Value)
            .ToArray();
        Assert.Equal(24, counts.Length);
        Assert.InRange(counts.Sum(c => (c - 1000.0) * (c - 1000.0) / 1000), 0, 49.7);
    }

    [Fact]
    public void Arguments_out_of_range_are_refused()
    {
        Assert.ThrowsAny<ArgumentException>(() => Key.Seed(0).Uniform(-1));
        Assert.ThrowsAny<ArgumentException>(() => Key.Seed(0).Uniform(1, float.MinValue, float.MaxValue));
        Assert.Equal([2, 2, 2], Key.Seed(0).Uniform(3, 2, 2));
        Assert.ThrowsAny<ArgumentException>(() => Key.Seed(0).Normal(-1));
        Assert.ThrowsAny<ArgumentException>(() => Key.Seed(0).Permutation(-1));
        Assert.Contains(
            "low is 1 and high is 0",
            Assert.ThrowsAny<ArgumentException>(() => Key.Seed(0).Uniform(1, 1, 0)).Message,
            StringComparison.Ordinal);
    }
}
