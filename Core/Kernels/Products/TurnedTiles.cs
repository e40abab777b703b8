using System.Runtime.CompilerServices;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// <see cref="ProductTiles"/> whose lanes are features of a batch and whose chains run over its samples: each item first turns its own two groups of features
/// sample by sample, [n][32], into memory that its panels then find in the first-level cache.
/// </summary>
/// <param name="batch">In groups of 16 samples: [G][F][16].</param>
/// <param name="groups">How many groups.</param>
/// <param name="features">How many features, F.</param>
/// <param name="turned">Room for <see cref="Length"/> numbers.</param>
/// <param name="tiles">The products; what they say of A is replaced.</param>
internal readonly unsafe struct TurnedTiles(float* batch, int groups, int features, float* turned, ProductTiles tiles) : ILaneJob
{
    private const int Wide = 2 * Transpose.Side;

    /// <summary>How many items there are: pairs of groups of features.</summary>
    public int Items => tiles.Pairs;

    /// <summary>Floats that are written on the way.</summary>
    /// <param name="groups">Groups of samples.</param>
    /// <param name="features">Features.</param>
    public static long Length(int groups, int features) => (long)groups * Workspace.Lanes * ((features + Wide - 1) / Wide * Wide);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Run<T>(int item) where T : struct, ILanes<T>
    {
        var first = item * Wide;
        var own = turned + ((long)first * groups * Workspace.Lanes);
        for (var feature = first; feature < Math.Min(features, first + Wide); feature += Transpose.Side)
            for (var group = 0; group < groups; group++)
                Transpose.Block(
                    batch + ((((long)group * features) + feature) * Workspace.Lanes), Workspace.Lanes, Math.Min(Transpose.Side, features - feature), Transpose.Side,
                    own + ((long)group * Workspace.Lanes * Wide) + (feature - first), Wide);
        var mine = tiles with { A = own - first, AGroup = Workspace.Lanes, AStep = Wide };
        for (var panel = 0; panel < tiles.B.Count; panel++)
            mine.Panel<T>(panel, 2 * item, (2 * item) + 2);
    }
}
