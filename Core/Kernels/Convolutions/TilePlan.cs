using System.Runtime.CompilerServices;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// Sums over a sliding window with sixteen samples in the lanes: which tiles there are, where their factors lie, and their weights packed [term][channel].
/// A convolution and its input gradient are both of this form.
/// </summary>
/// <remarks>No patches are copied: a tap is an offset, and 16 samples fill the lanes whatever the image's width.</remarks>
/// <param name="tiles">The tiles, in the order in which they are computed.</param>
/// <param name="taps">Their taps.</param>
/// <param name="planes">Planes of the source, the outer index of each sum.</param>
/// <param name="sourceStride">From one plane to the next, in floats.</param>
/// <param name="weights">As <see cref="PackedWeights"/> lays them.</param>
/// <param name="terms">Weights of a plane for one channel.</param>
/// <param name="blocks">The channels of the target.</param>
/// <param name="trimmed">How a tile's taps lie, where those that meet nothing but zeros may be left out and the source has one plane.</param>
internal readonly unsafe struct TilePlan(
    Tile[] tiles, Tap[] taps, int planes, long sourceStride, float* weights, int terms, ChannelBlock[] blocks, TapGrid? trimmed = null)
{
    /// <summary>The most tiles that use a block's weights before the next block's.</summary>
    private const int Longest = 32;

    /// <summary>Packed weights that stay in the first-level cache beside the pixels of a tile.</summary>
    private const int SmallWeights = 16 * 1024 / sizeof(float);

    private readonly Tile[] _tiles = tiles;
    private readonly Tap[] _taps = taps;
    private readonly int _planes = planes;
    private readonly long _sourceStride = sourceStride;
    private readonly float* _weights = weights;
    private readonly int _terms = terms;
    private readonly ChannelBlock[] _blocks = blocks;
    private readonly TapGrid? _trimmed = trimmed;

    /// <summary>Computes every tile of some groups.</summary>
    /// <param name="workers">The threads; they share groups and tiles.</param>
    /// <param name="source">The first group's planes.</param>
    /// <param name="group">Floats from one group to the next.</param>
    /// <param name="first">The first group.</param>
    /// <param name="groups">How many groups.</param>
    /// <param name="span">Over how many groups the tiles reach; a divisor of <paramref name="groups"/>.</param>
    /// <param name="end">What to do with the sums.</param>
    public void Run<T, TEnd>(Workers workers, float* source, long group, int first, int groups, int span, TEnd end)
        where T : struct, ILanes<T>
        where TEnd : unmanaged, ITileEnd<T, TEnd>
    {
        // Eight items for each thread, so that one that is held up leaves little to wait for.
        var parts = workers.Count == 1 ? 1 : Math.Clamp(((8 * workers.Count * span) + groups - 1) / groups, 1, _tiles.Length);
        var plan = this;
        workers.Run(groups / span * parts, item =>
        {
            var (index, part) = (Workers.GroupOf(item / parts, groups / span, workers.Count) * span, item % parts);
            plan.Part<T, TEnd>(
                source + (index * group), (int)((long)plan._tiles.Length * part / parts), (int)((long)plan._tiles.Length * (part + 1) / parts), end, first + index);
        });
    }

    /// <summary>The same on the caller's thread alone, for work too small to share.</summary>
    public void RunHere<T, TEnd>(float* source, long group, int groups, TEnd end)
        where T : struct, ILanes<T>
        where TEnd : unmanaged, ITileEnd<T, TEnd>
    {
        for (var index = 0; index < groups; index++)
            Part<T, TEnd>(source + (index * group), 0, _tiles.Length, end, index);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Part<T, TEnd>(float* source, int from, int to, TEnd end, int group)
        where T : struct, ILanes<T>
        where TEnd : unmanaged, ITileEnd<T, TEnd>
    {
        var all = (long)_planes * _terms;
        // Small weights of several blocks stay in cache while the pixels change; large ones are used on a run of tiles before the next block's.
        var run = _blocks.Length > 1 && all * _blocks.Sum(block => block.Width) <= SmallWeights ? 1 : Longest;
        var shorter = stackalloc Tile[Longest];
        var bits = stackalloc ulong[TapGrid.Words];
        var occupied = new Occupied(bits, _trimmed ?? default);
        fixed (Tile* tiles = _tiles)
        fixed (Tap* taps = _taps)
        {
            if (_trimmed is not null)
                occupied.Note(source, tiles[from].SourceA / Workspace.Lanes, ((tiles[to - 1].SourceD + taps[_terms - 1].Source) / Workspace.Lanes) + 1);
            for (; from < to; from += run)
            {
                var count = Math.Min(run, to - from);
                var first = _trimmed is null ? tiles + from : occupied.Trim(tiles + from, count, shorter);
                var weights = _weights;
                foreach (var block in _blocks)
                {
                    var sum = new Sum(taps, _planes, _sourceStride, (long)_terms * block.Width);
                    for (var lane = 0; lane < Workspace.Lanes; lane += T.Count)
                    {
                        var target = end.At(group, block.First, lane);
                        for (var tile = first; tile < first + count; tile++)
                            if (block.Width == 6)
                                TileKernels.Six<T, TEnd>(tile, &sum, source + lane, weights, &target);
                            else if (block.Width == 4)
                                TileKernels.Four<T, TEnd>(tile, &sum, source + lane, weights, &target);
                            else
                                TileKernels.Two<T, TEnd>(tile, &sum, source + lane, weights, &target);
                    }

                    weights += all * block.Width;
                }
            }
        }
    }
}
