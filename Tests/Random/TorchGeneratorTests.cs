using CsCheck;
using FunctionalLeNet.Core.Random;

namespace FunctionalLeNet.Tests.Random;

/// <summary>
/// Vectors of seed 0 (where no other is named), printed by torch_vectors.py with torch 1.13 on x86-64 with AVX2;
/// libtorch 2.10 prints the same.
/// </summary>
public class TorchGeneratorTests
{
    private static readonly TorchGenerator Seed0 = TorchGenerator.Seed(0);

    [Fact]
    public void The_words_are_those_of_mt19937()
    {
        var words = Draw(Seed0, 1000, g => g.UInt32()).Values;
        Assert.Equal("2357136044 2546248239 3071714933 3626093760 2588848963 3684848379 2340255427 3638918503", Bits.Text(words.Take(8)));
        Assert.Equal(3043451800u, words[999]);
        Assert.Equal(
            "10123822223749065263 13192915183495924928 11119021634053362427", Bits.Text(Draw(Seed0, 3, g => g.UInt64()).Values));
    }

    [Fact]
    public void Random_int64_numbers_are_those_of_PyTorch() =>
        Assert.Equal("900450186894289455 3969543146641149120 1895649597198586619", Bits.Text(Draw(Seed0, 3, g => g.Int64()).Values));

    [Fact]
    public void Uniform_numbers_are_those_of_PyTorch()
    {
        Assert.Equal("3efe1558 3f44aa2f 3db533a8 3e073300 3e9d6686", Bits.Hex(Seed0.Uniform(5).Values));
        Assert.Equal("30e5b6e7396251b8a108a3693a5d88c3e65ab1fa25943b30a8d29cb3a20d47d9", Bits.Sha256(Seed0.Uniform(2000).Values));
        Assert.Equal("3e48f77c 3eefbac4 be589960 be2c0034 3bf33b00 3eab0c5c", Bits.Hex(Seed0.Uniform(6, -0.3, 0.7).Values));
    }

    [Fact]
    public void Integers_are_those_of_PyTorch()
    {
        Assert.Equal("4 9 3 0 3 9 7 3 7 3 1 6", Bits.Text(Seed0.Integers(12, 0, 10).Values));
        Assert.Equal("-1 -2 -5 -3 -4 -3 1 -2 -1 0 -3 -5", Bits.Text(Seed0.Integers(12, -5, 2).Values));
        Assert.Equal(
            "-3711235831533098449 -642142871786238784 -2716036421228801285",
            Bits.Text(Seed0.Integers(3, -(1L << 62), 1L << 62).Values));
    }

    [Theory]
    [InlineData(1, "0")]
    [InlineData(2, "0 1")]
    [InlineData(10, "4 1 7 5 3 9 0 8 6 2")]
    public void Permutations_are_those_of_PyTorch(int count, string expected) =>
        Assert.Equal(expected, Bits.Text(Seed0.Permutation(count).Values));

    [Fact]
    public void The_permutation_of_60000_is_that_of_PyTorch()
    {
        var (permutation, next) = Seed0.Permutation(60000);
        Assert.Equal("36044 10678 57327 55074 21567 15479 9481 43095 26145 7479", Bits.Text(permutation.Take(10)));
        Assert.Equal("31951 27130 1544", Bits.Text(permutation.TakeLast(3)));
        Assert.Equal(
            "4c226c41bdd65c9e11fe47eba8358cefb5c375b9699b1c912586a2125168af52", Bits.Sha256(permutation.Select(i => (long)i).ToArray()));
        Assert.Equal(Seed0.Skip(59999), next);

        // random_split(…, [55000, 5000]) cuts one permutation.
        Assert.Equal("36044 10678 57327 55074 21567", Bits.Text(permutation[..55000].Take(5)));
        Assert.Equal("30102 43764 35133 50409 21161", Bits.Text(permutation[55000..].Take(5)));
    }

    [Fact]
    public void A_linear_layer_starts_as_in_PyTorch()
    {
        var parameters = Layers(Seed0, (84, 10)).Values;
        Assert.Equal("ba5623d4 3d6fbdfd bdb7e9e5 bda47308 bd2c2123", Bits.Hex(parameters.Take(5)));
        Assert.Equal("42a91d313cb4c2be778ebbb0aeae33023efd69a73ec0dea71be06213cef8df98", Bits.Sha256(parameters[..840]));
        Assert.Equal(
            "bca19e2b 3d9205c5 3bca83e1 3d28d07c 3d42b795 bcdb503f 3d415cc4 3da4e51d 3ba48754 3caeea11", Bits.Hex(parameters[840..]));
    }

    [Theory]
    [InlineData(
        3,
        "bb238d56 3e371b28 be8c7764",
        "c6ae9303953dd35ce26ee57bd0ad2a393e3353a025fb1e58fb7549008a504e9b",
        "3e64dbfe be48fa56 3d7e6bf6 be84519e be6c92cb be3053c3")]
    [InlineData(
        5,
        "bac44333 3ddbba30 be288f45 be16b867 bd9dc25d",
        "9514b5db8089785b2a91e1a8865064b5ffe1d82bd7be87756235273e7622433c",
        "be3fa99a be2cda57 bd2629f3 3de0a08a 3ddd7253 be458402")]
    public void A_convolution_starts_as_in_PyTorch(int kernel, string row, string hash, string bias)
    {
        var fanIn = kernel * kernel;
        var parameters = Layers(Seed0, (fanIn, 6)).Values;
        Assert.Equal(row, Bits.Hex(parameters.Take(kernel)));
        Assert.Equal(hash, Bits.Sha256(parameters[..(6 * fanIn)]));
        Assert.Equal(bias, Bits.Hex(parameters[(6 * fanIn)..]));
    }

    [Fact]
    public void LeNet_5_and_its_epochs_are_those_of_PyTorch()
    {
        var (parameters, next) = Layers(Seed0, (25, 6), (150, 16), (400, 120), (120, 84), (84, 10));
        Assert.Equal(61706, parameters.Length);
        Assert.Equal("2a2d133895b1684e55d0f152ead2914b55adc551d9790a4b4585309b79c60362", Bits.Sha256(parameters));

        var (epoch1, afterEpoch1) = TorchDataLoader.Shuffled(next, 60000);
        Assert.Equal("33724 24450 47535 54520 4066 34643 9983 11446", Bits.Text(epoch1.Take(8)));
        var (epoch2, _) = TorchDataLoader.Shuffled(TorchDataLoader.Sequential(afterEpoch1), 60000);
        Assert.Equal("25159 50686 5902 39283 7644 15839 35728 17040", Bits.Text(epoch2.Take(8)));
    }

    [Fact]
    public void LeNet_5_with_small_kernels_starts_as_in_PyTorch()
    {
        var (parameters, _) = Layers(Seed0, (9, 6), (54, 16), (576, 120), (120, 84), (84, 10));
        Assert.Equal("a6626f19057fbe8c91aca87fd0eecb553bf981967d6ddd2af96e9406dcdf725d", Bits.Sha256(parameters));
    }

    [Fact]
    public void Serial_normal_numbers_are_those_of_PyTorch()
    {
        Assert.Equal("3fc53f5c be963c50 c00b7149 3f1184b6 bf8ad1a1", Bits.Hex(Seed0.Normal(5).Values));
        Assert.Equal(
            "3f435077 3ef943fe 3eafb483 3f3c23db bc85cf40 3e3c1e2b bf441482", Bits.Hex(TorchGenerator.Seed(1).Normal(7, 0.3, 0.7).Values));

        var values = Draw(Seed0, 10000, g => g.Normal(15)).Values.SelectMany(v => v).ToArray();
        Assert.Equal("0f7f2c432eade82bf6434e5dfa9bf5cf5c5f525d0e830377aedbefe840176584", Bits.Sha256(values));
    }

    [Fact]
    public void The_cached_normal_number_outlives_other_draws()
    {
        var (first, next) = Seed0.Normal(3);
        var (uniform, afterUniform) = next.Uniform(2);
        var (last, _) = afterUniform.Normal(2);
        Assert.Equal("3fc53f5c be963c50 c00b7149 3ee94812 3f21ded3 3f1184b6 3e243afc", Bits.Hex([.. first, .. uniform, .. last]));

        var (block, afterBlock) = next.Normal(16);
        (last, _) = afterBlock.Normal(2);
        Assert.Equal(
            "beb65675 3edfdba8 3efb8c53 be51000b bdb54ff7 3f061d37 bf2a768b 3f59b255 bf8599a7 bfac32f6 3f490d11 3f7e2a99 be45d1c6 be9e3056 3f00a89d bf5c04a1 3f1184b6 bf5b4f07",
            Bits.Hex([.. block, .. last]));
    }

    [Theory]
    [InlineData(16, "bf901b85 bf93808a be804bd6 bede255d 3f594515 3f312783 bea1cc6d c0075fc1 3ea50138 bfa1b4f4 3eb330ff 3e9dc3bb 3df56f77 3f9e6b93 3f8ef28e be7d367c")]
    [InlineData(20, "bf901b85 bf93808a be804bd6 bede255d 3f194d8b bfc70d5b beaec6ca 3fed2f4e 3eefaa55 be217f5f 3fb8c9db 3e8837a1 3fb1d6c0 3fcb0d00 3f72409c bf57fb33 3f6e8c30 3fa12737 4000519a 3d5c1b3a")]
    public void Blocks_of_normal_numbers_are_those_of_PyTorch(int count, string expected) =>
        Assert.Equal(expected, Bits.Hex(Seed0.Normal(count).Values));

    [Theory]
    [InlineData(31, "cc1d58695e923901dc919021e29d21d498584e19bf1ef18766f9b9fafe8ac0de")]
    [InlineData(10000, "0a8ff74020123c55401a2898733e985c74f16c6d4aa8ae9fad1df47d55df2a7d")]
    [InlineData(1000000, "46aae2c14787e5720c4957c44b05d9a0f84a6d6ae74ea97eeb9f84bec0be0bda")]
    public void Many_normal_numbers_are_those_of_PyTorch(int count, string hash) =>
        Assert.Equal(hash, Bits.Sha256(Seed0.Normal(count).Values));

    [Fact]
    public void Blocks_of_normal_numbers_of_another_mean_are_those_of_PyTorch() =>
        Assert.Equal(
            "bf449637 be6690ee 3f4a2873 3ee0f36c 3f67ee9c 3ef131c2 be27f98f 3f5d783a 3f1b7e82 3f8f56ef bfa2cd4e bf3667bf 3eaf84a0 be079965 be846da0 3e54da3d be848f91 3f08f681",
            Bits.Hex(TorchGenerator.Seed(1).Normal(18, 0.3, 0.7).Values));

    [Fact]
    public void Dropout_is_that_of_PyTorch()
    {
        var (mask, next) = Seed0.DropoutMask(16, 0.5);
        Assert.Equal("0 0 2 0 0 0 2 2 0 2 2 2 2 0 2 2", Bits.Text(mask));
        Assert.Equal(Seed0.Skip(32), next);
        Assert.Equal(
            "809bb7c4efd4d78b539df6bd85841d80bf42b67a5a4f8474e765f5285f642548", Bits.Sha256(Seed0.DropoutMask(1000, 0.3).Values));
    }

    [Theory]
    [InlineData(0.0, 1f)]
    [InlineData(1.0, 0f)]
    public void Certain_dropout_draws_nothing(double probability, float expected)
    {
        var (mask, next) = Seed0.DropoutMask(7, probability);
        Assert.All(mask, v => Assert.Equal(expected, v));
        Assert.Equal(Seed0, next);
    }

    [Fact]
    public void Only_the_low_32_bits_of_a_seed_count()
    {
        Assert.Equal(TorchGenerator.Seed(5), TorchGenerator.Seed((1L << 32) + 5));
        Assert.Equal(TorchGenerator.Seed(0xffffffff), TorchGenerator.Seed(-1));
        Assert.NotEqual(TorchGenerator.Seed(5), TorchGenerator.Seed(6));
    }

    [Fact]
    public void A_draw_leaves_the_generator_as_it_was() =>
        Gen.Int[0, 1000].Array[1, 5].Sample(skips =>
        {
            var generator = skips.Aggregate(Seed0, (g, n) => g.Skip(n));
            var words = generator.Words.ToArray();
            var first = generator.Uniform(700).Values;
            _ = generator.Normal(17);
            Assert.Equal(words, generator.Words);
            Assert.Equal(first, generator.Uniform(700).Values);
        });

    [Fact]
    public void Skipping_words_is_drawing_them() =>
        Gen.Int[0, 2000].Sample(n =>
        {
            Assert.Equal(Seed0.Uniform(n).Next, Seed0.Skip(n));
            Assert.Equal(Draw(Seed0, n, g => g.UInt32()).Next, Seed0.Skip(n));
        });

    [Fact]
    public void A_stored_generator_goes_on_as_the_first() =>
        Gen.Select(Gen.Int, Gen.Int[0, 2000], Gen.Int[0, 15]).Sample((seed, skip, normals) =>
        {
            var generator = TorchGenerator.Seed(seed).Skip(skip).Normal(normals).Next;
            var restored = new TorchGenerator([.. generator.Words], generator.Position, generator.HasCachedNormal, generator.CachedNormal);
            Assert.Equal(generator, restored);
            Assert.Equal(generator.GetHashCode(), restored.GetHashCode());
            Assert.Equal(generator.Normal(40).Values, restored.Normal(40).Values);
            Assert.Equal(generator.Normal(4).Values, restored.Normal(4).Values);
            Assert.Equal(generator.Normal(4).Next, restored.Normal(4).Next);
        });

    [Fact]
    public void A_state_that_cannot_be_is_refused()
    {
        var words = Seed0.Words;
        Assert.Contains("has 624 words, but 623 were given", Refusal(() => new TorchGenerator(words[..623], 624, false, 0)), StringComparison.Ordinal);
        Assert.Contains("has 624 words, but 0 were given", Refusal(() => new TorchGenerator(default, 624, false, 0)), StringComparison.Ordinal);
        Assert.Contains("all zeros", Refusal(() => new TorchGenerator([.. new uint[624]], 624, false, 0)), StringComparison.Ordinal);
        Assert.Contains("position", Refusal(() => new TorchGenerator(words, 0, false, 0)), StringComparison.Ordinal);
        Assert.Contains("The position of a TorchGenerator is between 1 and 624, but 625 was given.", Refusal(() => new TorchGenerator(words, 625, false, 0)), StringComparison.Ordinal);
        Assert.Contains("finite", Refusal(() => new TorchGenerator(words, 624, true, double.NaN)), StringComparison.Ordinal);
        Assert.Contains("0 where there is none", Refusal(() => new TorchGenerator(words, 624, false, 1)), StringComparison.Ordinal);
    }

    [Fact]
    public void Arguments_out_of_range_are_refused()
    {
        Assert.ThrowsAny<ArgumentException>(() => Seed0.Uniform(-1));
        Assert.Contains("low is 1 and high is 0", Refusal(() => Seed0.Uniform(1, 1, 0)), StringComparison.Ordinal);
        Assert.ThrowsAny<ArgumentException>(() => Seed0.Uniform(1, double.NaN, 1));
        Assert.ThrowsAny<ArgumentException>(() => Seed0.Uniform(1, float.MinValue, float.MaxValue));
        Assert.ThrowsAny<ArgumentException>(() => Seed0.Normal(-1));
        Assert.Contains("A standard deviation is at least 0, but -1 was given.", Refusal(() => Seed0.Normal(1, 0, -1)), StringComparison.Ordinal);
        Assert.ThrowsAny<ArgumentException>(() => Seed0.Integers(-1, 0, 3));
        Assert.Contains("Integers are drawn from [low, high), but low is 3 and high is 3.", Refusal(() => Seed0.Integers(1, 3, 3)), StringComparison.Ordinal);
        Assert.ThrowsAny<ArgumentException>(() => Seed0.Permutation(-1));
        Assert.ThrowsAny<ArgumentException>(() => Seed0.Permutation(214_748_364));
        Assert.ThrowsAny<ArgumentException>(() => Seed0.DropoutMask(-1, 0.5));
        Assert.Contains("The probability of dropout is between 0 and 1, but 1.5 was given.", Refusal(() => Seed0.DropoutMask(1, 1.5)), StringComparison.Ordinal);
        Assert.ThrowsAny<ArgumentException>(() => Seed0.Skip(-1));
    }

    [Fact]
    public void A_single_number_and_no_spread_are_intervals_and_laws_too()
    {
        Assert.Equal([2, 2, 2], Seed0.Uniform(3, 2, 2).Values);
        Assert.Equal([2, 2, 2], Seed0.Normal(3, 2, 0).Values);
        Assert.Equal([7, 7], Seed0.Integers(2, 7, 8).Values);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(20)]
    public void Normal_numbers_are_stretched_and_moved(int count) => Assert.All(
        Seed0.Normal(count).Values.Zip(Seed0.Normal(count, 3, 0.5).Values), pair => Assert.Equal(3 + (0.5 * pair.First), pair.Second, 1e-6));

    [Fact]
    public void Generators_are_equal_only_where_all_of_their_state_is()
    {
        var one = new TorchGenerator(Seed0.Words, 5, true, 0.25);
        Assert.Equal(one, new TorchGenerator(Seed0.Words, 5, true, 0.25));
        Assert.NotEqual(one, new TorchGenerator(Seed0.Words, 6, true, 0.25));
        Assert.NotEqual(one, new TorchGenerator(Seed0.Words, 5, true, 0.5));
        Assert.NotEqual(new TorchGenerator(Seed0.Words, 5, true, 0), new TorchGenerator(Seed0.Words, 5, false, 0));
        Assert.NotEqual(one, new TorchGenerator([.. Seed0.Words[..623], 1], 5, true, 0.25));
        Assert.False(one.Equals(null));
    }

    [Fact]
    public void A_generator_is_shown_by_its_first_words_and_its_place()
    {
        var words = Seed0.Words;
        Assert.Equal($"TorchGenerator {{ Words = [{words[0]}, {words[1]}, …], Position = 5 }}", new TorchGenerator(words, 5, false, 0).ToString());
        Assert.Equal($"TorchGenerator {{ Words = [{words[0]}, {words[1]}, …], Position = 5, CachedNormal = 0.25 }}", new TorchGenerator(words, 5, true, 0.25).ToString());
    }

    private static string Refusal(Func<object> action) => Assert.ThrowsAny<ArgumentException>(action).Message;

    private static (T[] Values, TorchGenerator Next) Draw<T>(
        TorchGenerator generator, int count, Func<TorchGenerator, (T Value, TorchGenerator Next)> draw)
    {
        var values = new T[count];
        for (var i = 0; i < count; i++)
            (values[i], generator) = draw(generator);
        return (values, generator);
    }

    // PyTorch's default start (torch/nn/modules/conv.py and linear.py, reset_parameters): weight and bias of every layer
    // uniform within 1/√fan-in.
    private static (float[] Values, TorchGenerator Next) Layers(TorchGenerator generator, params (int FanIn, int Outputs)[] layers) =>
        layers.Aggregate((Values: Array.Empty<float>(), Next: generator), (state, layer) =>
        {
            var bound = 1 / Math.Sqrt(layer.FanIn);
            var (weight, afterWeight) = state.Next.Uniform(layer.FanIn * layer.Outputs, -bound, bound);
            var (bias, next) = afterWeight.Uniform(layer.Outputs, -bound, bound);
            return ([.. state.Values, .. weight, .. bias], next);
        });
}
