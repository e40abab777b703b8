using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Experiments.Records;

/// <summary>How numbers are spread between the least and the largest of them, counted in parts of equal width. Numbers that are not finite are left out.</summary>
/// <param name="Low">The least.</param>
/// <param name="High">The largest.</param>
/// <param name="Counts">How many are in each part, from the least on; a number on a border is in the part above it. Where all are equal, they are in the middle one.</param>
public sealed record Histogram(double Low, double High, EquatableArray<int> Counts)
{
    /// <summary>How many parts there are.</summary>
    public const int Parts = 40;

    /// <summary>The histogram of some numbers; empty from 0 to 0 where there are none.</summary>
    /// <param name="values">The numbers.</param>
    public static Histogram Of(IReadOnlyCollection<float> values)
    {
        var (low, high, counts) = (double.PositiveInfinity, double.NegativeInfinity, new int[Parts]);
        foreach (var value in values)
            if (float.IsFinite(value))
                (low, high) = (Math.Min(low, value), Math.Max(high, value));
        if (low > high)
            return new(0, 0, counts.ToEquatableArray());
        foreach (var value in values)
            if (float.IsFinite(value))
                counts[low == high ? Parts / 2 : Math.Min((int)((value - low) / (high - low) * Parts), Parts - 1)]++;
        return new(low, high, counts.ToEquatableArray());
    }
}

/// <summary>How a layer's weights are spread, and the loss's gradient by them.</summary>
/// <param name="Name">The weights' name in <c>weights.safetensors</c>.</param>
/// <param name="Weights">Of the weights.</param>
/// <param name="Gradients">Of the gradient of the mean loss of the first training samples, without dropout and distortion.</param>
public sealed record WeightHistograms(string Name, Histogram Weights, Histogram Gradients);
