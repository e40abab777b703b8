using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using FunctionalLeNet.Core.Numerics;

namespace FunctionalLeNet.Core.Random;

/// <summary>
/// A splittable key of random numbers: a value from which numbers, or further keys, follow by a pure function. The same key
/// always gives the same numbers, so each key is used once, for one draw or for its children.
/// </summary>
/// <remarks>
/// The words of a key are Philox4x32-10 at the counters (b, 0, 0, 0), b = 0, 1, …, four words each, in order; a child's key
/// is the first two words at (n, n ≫ 32, 0, 1) for a number n and at (h, h ≫ 32, 0, 2) for a name, so children and draws
/// never meet the same counter. (The use of keys is that of K. Claessen and M. Pałka, "Splittable pseudorandom number
/// generators using cryptographic hashing", Haskell 2013, as made known by JAX.)
/// </remarks>
/// <param name="K0">The low 32 bits of the key.</param>
/// <param name="K1">The high 32 bits of the key.</param>
public readonly record struct Key(uint K0, uint K1)
{
    private enum Purpose : uint
    {
        Draw = 0,
        Number = 1,
        Name = 2,
    }

    /// <summary>The key of a seed: its 64 bits.</summary>
    /// <param name="seed">Any number.</param>
    /// <returns>A key; different seeds have different keys.</returns>
    public static Key Seed(long seed) => new(unchecked((uint)seed), unchecked((uint)(seed >> 32)));

    /// <summary>Two keys, independent of each other: <c>Child(0)</c> and <c>Child(1)</c>.</summary>
    /// <returns>The two keys.</returns>
    public (Key First, Key Second) Split() => (Child(0), Child(1));

    /// <summary>The key of a numbered part of the work: an epoch, a step, a sample.</summary>
    /// <param name="number">Any number.</param>
    /// <returns>A key independent of this one and of those of other numbers and names.</returns>
    public Key Child(long number) => Derive(unchecked((ulong)number), Purpose.Number);

    /// <summary>The key of a named part of the work, such as <c>"c3/weight"</c>.</summary>
    /// <param name="name">Any name; the first 64 bits of the SHA-256 of its UTF-8 count, read as a little-endian number.</param>
    /// <returns>A key independent of this one and of those of other names and numbers.</returns>
    public Key Child(string name) =>
        Derive(BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(name))), Purpose.Name);

    /// <summary>Uniform float32 numbers, multiples of 2⁻²⁴ in [0, 1): the high 24 bits of a word each.</summary>
    /// <param name="count">How many, at least 0.</param>
    /// <returns>The numbers; a longer draw begins with a shorter one.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public float[] Uniform(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var values = new float[count];
        // A block of words at a time: blocks do not wait for each other, so the processor computes several at once.
        for (var i = 0; i < count; i += 4)
        {
            var (w0, w1, w2, w3) = Philox.Block(((uint)i / 4, 0, 0, (uint)Purpose.Draw), (K0, K1));
            values[i] = Unit(w0);
            if (i + 1 < count)
                values[i + 1] = Unit(w1);
            if (i + 2 < count)
                values[i + 2] = Unit(w2);
            if (i + 3 < count)
                values[i + 3] = Unit(w3);
        }

        return values;

        static float Unit(uint word) => (word >> 8) * (1f / (1 << 24));
    }

    /// <summary>Uniform float32 numbers between two bounds: <c>fma(x, high − low, low)</c> for the x of <see cref="Uniform(int)"/>.</summary>
    /// <param name="count">How many, at least 0.</param>
    /// <param name="low">The lower bound.</param>
    /// <param name="high">The upper bound, which rounding may reach.</param>
    /// <returns>The numbers; a longer draw begins with a shorter one.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative, or the bounds are no finite interval.</exception>
    public float[] Uniform(int count, float low, float high)
    {
        if (!(low <= high && float.IsFinite(high - low)))
            throw new ArgumentOutOfRangeException(
                nameof(high), $"Uniform numbers need finite bounds, low ≤ high and high − low within float32, but low is {low} and high is {high}.");
        var range = high - low;
        return Array.ConvertAll(Uniform(count), x => Fma.Single(x, range, low));
    }

    /// <summary>
    /// Normal float32 numbers of mean 0 and standard deviation 1 (G. Box and M. Muller, "A note on the generation of random
    /// normal deviates", 1958): of words v, w come √(−2 log u) cos 2πt and √(−2 log u) sin 2πt, in double, rounded once,
    /// with u = (v + 1)/2³² and t = w/2³².
    /// </summary>
    /// <param name="count">How many, at least 0.</param>
    /// <returns>The numbers, cosine before sine, none beyond ±6.67; a longer draw begins with a shorter one.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public float[] Normal(int count)
    {
        const double Unit = 1.0 / (1L << 32);

        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var words = new Words(this);
        var values = new float[count];
        for (var i = 0; i < count; i += 2)
        {
            var r = Math.Sqrt(-2 * ExactMath.Log((words.Next() + 1.0) * Unit));
            var θ = 2 * Math.PI * (words.Next() * Unit);
            values[i] = (float)(r * ExactMath.Cos(θ));
            if (i + 1 < count)
                values[i + 1] = (float)(r * ExactMath.Sin(θ));
        }
        return values;
    }

    /// <summary>
    /// A random order of the numbers 0 to <paramref name="count"/> − 1, all orders alike: from the identity, for
    /// i = n − 1, …, 1 the entries i and j change places, j uniform in [0, i] (R. Durstenfeld, "Algorithm 235: random
    /// permutation", CACM 7(7), 1964), drawn without bias (D. Lemire, "Fast random integer generation in an interval",
    /// ACM TOMACS 29(1), 2019, algorithm 5).
    /// </summary>
    /// <param name="count">The length n, at least 0.</param>
    /// <returns>The permutation.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public int[] Permutation(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var words = new Words(this);
        var values = new int[count];
        for (var i = 0; i < count; i++)
            values[i] = i;
        for (var i = count - 1; i > 0; i--)
        {
            var j = (int)words.Below((uint)i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
        return values;
    }

    private Key Derive(ulong n, Purpose purpose)
    {
        var (k0, k1, _, _) = Philox.Block(((uint)n, (uint)(n >> 32), 0, (uint)purpose), (K0, K1));
        return new(k0, k1);
    }

    // The words of a key in order: the cursor of one draw.
    private sealed class Words(Key key)
    {
        private (uint W0, uint W1, uint W2, uint W3) _block;
        private uint _index;

        public uint Next()
        {
            if ((_index & 3) == 0)
                _block = Philox.Block((_index >> 2, 0, 0, (uint)Purpose.Draw), (key.K0, key.K1));
            return (_index++ & 3) switch { 0 => _block.W0, 1 => _block.W1, 2 => _block.W2, _ => _block.W3 };
        }

        public uint Below(uint bound)
        {
            var product = (ulong)Next() * bound;
            if ((uint)product < bound)
                for (var threshold = unchecked(0u - bound) % bound; (uint)product < threshold;)
                    product = (ulong)Next() * bound;
            return (uint)(product >> 32);
        }
    }
}
