namespace FunctionalLeNet.Core.Tensors;

/// <summary>Numbers about the elements of a tensor, summed in double from left to right; NaN where there are none.</summary>
/// <param name="Minimum">The least; NaN where one is.</param>
/// <param name="Maximum">The largest; NaN where one is.</param>
/// <param name="Mean">Their sum, divided by their number.</param>
/// <param name="Deviation">The root of the mean squared distance from the mean: divided by their number, not by one less.</param>
public readonly record struct TensorStatistics(float Minimum, float Maximum, double Mean, double Deviation)
{
    /// <summary>A tensor's.</summary>
    /// <param name="tensor">The tensor.</param>
    public static TensorStatistics Of(Tensor tensor) => Of(tensor.ToArray());

    /// <summary>Those of some numbers.</summary>
    /// <param name="values">The numbers.</param>
    public static TensorStatistics Of(IReadOnlyCollection<float> values)
    {
        if (values.Count == 0)
            return new(float.NaN, float.NaN, double.NaN, double.NaN);
        var mean = values.Aggregate(0.0, (sum, value) => sum + value) / values.Count;
        var squares = values.Aggregate(0.0, (sum, value) => sum + ((value - mean) * (value - mean)));
        return new(values.Min(), values.Max(), mean, Math.Sqrt(squares / values.Count));
    }
}
