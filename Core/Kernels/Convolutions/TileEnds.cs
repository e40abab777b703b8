using System.Runtime.CompilerServices;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>What happens to the sums of a tile while they are in registers.</summary>
/// <typeparam name="T">The lanes.</typeparam>
/// <typeparam name="TEnd">The implementing struct.</typeparam>
internal unsafe interface ITileEnd<T, TEnd>
    where T : struct, ILanes<T>
    where TEnd : struct, ITileEnd<T, TEnd>
{
    /// <summary>The same for another group of samples, from another channel and lane on.</summary>
    TEnd At(int group, int channel, int lane);

    /// <summary>Takes a channel's four sums; the channel counts from where <see cref="At"/> began, and one beyond the last is to be dropped.</summary>
    void Finish(int channel, Tile* tile, T a, T b, T c, T d);
}

/// <summary>Writes the sums: the end of an input gradient.</summary>
/// <param name="target">[G][channels][pixels][16].</param>
/// <param name="channels">How many channels there are.</param>
/// <param name="group">Floats from one group to the next.</param>
/// <param name="map">Floats of a channel.</param>
internal readonly unsafe struct StoreEnd<T>(float* target, int channels, long group, long map) : ITileEnd<T, StoreEnd<T>>
    where T : struct, ILanes<T>
{
    private readonly float* _target = target;
    private readonly int _channels = channels;
    private readonly long _group = group;
    private readonly long _map = map;

    public StoreEnd<T> At(int group, int channel, int lane) => new(_target + (group * _group) + (channel * _map) + lane, _channels - channel, _group, _map);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish(int channel, Tile* tile, T a, T b, T c, T d)
    {
        if (channel >= _channels)
            return;
        var map = _target + (channel * _map);
        T.Store(a, map + tile->TargetA);
        T.Store(b, map + tile->TargetB);
        T.Store(c, map + tile->TargetC);
        T.Store(d, map + tile->TargetD);
    }
}

/// <summary>Adds the bias, rectifies (x ≤ 0 ? 0 : x) where asked, and writes: the end of a convolution.</summary>
/// <param name="target">[G][channels][pixels][16].</param>
/// <param name="bias">One for each channel.</param>
/// <param name="channels">How many channels there are.</param>
/// <param name="group">Floats from one group to the next.</param>
/// <param name="map">Floats of a channel.</param>
/// <param name="rectify">Whether a ReLU follows.</param>
internal readonly unsafe struct BiasEnd<T>(float* target, float* bias, int channels, long group, long map, bool rectify) : ITileEnd<T, BiasEnd<T>>
    where T : struct, ILanes<T>
{
    private readonly float* _target = target;
    private readonly float* _bias = bias;
    private readonly int _channels = channels;
    private readonly long _group = group;
    private readonly long _map = map;
    private readonly bool _rectify = rectify;

    public BiasEnd<T> At(int group, int channel, int lane) =>
        new(_target + (group * _group) + (channel * _map) + lane, _bias + channel, _channels - channel, _group, _map, _rectify);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish(int channel, Tile* tile, T a, T b, T c, T d)
    {
        if (channel >= _channels)
            return;
        var map = _target + (channel * _map);
        var bias = T.Broadcast(_bias[channel]);
        (a, b, c, d) = (T.Add(a, bias), T.Add(b, bias), T.Add(c, bias), T.Add(d, bias));
        if (_rectify)
            (a, b, c, d) = (Rectified.Of(a), Rectified.Of(b), Rectified.Of(c), Rectified.Of(d));
        T.Store(a, map + tile->TargetA);
        T.Store(b, map + tile->TargetB);
        T.Store(c, map + tile->TargetC);
        T.Store(d, map + tile->TargetD);
    }
}

/// <summary>Adds the bias, rectifies where asked, and writes the maximum of the four pixels and which of them it is: the tile is the pool's window.</summary>
/// <param name="values">The maxima: [G][channels][windows][16].</param>
/// <param name="choices">0 to 3 as floats, laid likewise.</param>
/// <param name="bias">One for each channel.</param>
/// <param name="channels">How many channels there are.</param>
/// <param name="group">Floats from one group to the next.</param>
/// <param name="map">Floats of a channel of windows.</param>
/// <param name="rectify">Whether a ReLU stands between convolution and pool.</param>
internal readonly unsafe struct PoolEnd<T>(float* values, float* choices, float* bias, int channels, long group, long map, bool rectify) : ITileEnd<T, PoolEnd<T>>
    where T : struct, ILanes<T>
{
    private readonly float* _values = values;
    private readonly float* _choices = choices;
    private readonly float* _bias = bias;
    private readonly int _channels = channels;
    private readonly long _group = group;
    private readonly long _map = map;
    private readonly bool _rectify = rectify;

    public PoolEnd<T> At(int group, int channel, int lane)
    {
        var offset = (group * _group) + (channel * _map) + lane;
        return new(_values + offset, _choices + offset, _bias + channel, _channels - channel, _group, _map, _rectify);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish(int channel, Tile* tile, T a, T b, T c, T d)
    {
        if (channel >= _channels)
            return;
        var (offset, bias) = ((channel * _map) + tile->TargetA, T.Broadcast(_bias[channel]));
        (a, b, c, d) = (T.Add(a, bias), T.Add(b, bias), T.Add(c, bias), T.Add(d, bias));
        // The first maximum of each pair, then of both: the first of all, and the last NaN, as one after another would find.
        var (zero, maximum, choice, last, lastChoice) = (T.Broadcast(0), a, T.Broadcast(0), c, T.Broadcast(2));
        T.ReplaceByGreaterOrNaN(ref maximum, ref choice, b, T.Broadcast(1));
        T.ReplaceByGreaterOrNaN(ref last, ref lastChoice, d, T.Broadcast(3));
        T.ReplaceByGreaterOrNaN(ref maximum, ref choice, last, lastChoice);
        // Rectified before, all four would be 0 where the maximum is not positive, and the first of them chosen.
        if (_rectify)
            (maximum, choice) = (Rectified.Of(maximum), T.SelectLessOrEqual(maximum, zero, zero, choice));
        T.Store(maximum, _values + offset);
        T.Store(choice, _choices + offset);
    }
}

/// <summary>ReLU in a register.</summary>
internal static class Rectified
{
    /// <summary>x ≤ 0 ? 0 : x, so a NaN stays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T x) where T : struct, ILanes<T> => T.SelectLessOrEqual(x, T.Broadcast(0), T.Broadcast(0), x);
}
