namespace FunctionalLeNet.Experiments.Bench;

/// <summary>One thing that was measured.</summary>
/// <param name="Name">What: <c>folk/training</c>, <c>folk/inference</c>, <c>folk/one image</c>, <c>folk/conv/0/forward</c>, <c>peak</c>, <c>handover</c>.</param>
/// <param name="Threads">On how many threads.</param>
/// <param name="Batch">Images at once; 0 where there are none.</param>
/// <param name="Seconds">The median of a call.</param>
/// <param name="MultiplyAdds">Of a call; 0 where they are not the point.</param>
/// <param name="MathNetSeconds">The same through MathNet's managed product in this process; 0 where it was not measured.</param>
internal sealed record Measurement(string Name, int Threads, int Batch, double Seconds, long MultiplyAdds = 0, double MathNetSeconds = 0)
{
    /// <summary>Images in a second.</summary>
    public double ImagesPerSecond => Batch / Seconds;

    /// <summary>Microseconds of a call.</summary>
    public double Microseconds => 1e6 * Seconds;

    /// <summary>Billions of floating-point operations in a second; a multiply-add is two.</summary>
    public double Gflops => 2e-9 * MultiplyAdds / Seconds;

    /// <summary>How many times as fast as MathNet's product.</summary>
    public double TimesMathNet => MathNetSeconds / Seconds;
}
