using System.Text.Json.Serialization;

namespace FunctionalLeNet.Experiments.Serve;

/// <summary>What was wrong with a request.</summary>
internal sealed record Refusal(string Error);

/// <summary>A run in the list.</summary>
internal sealed record ListedModel(string Name, string Experiment, string Line, long Parameters, double? TestAccuracy, IReadOnlyList<long> Steps);

/// <summary>The runs, and a word about each that cannot be shown.</summary>
internal sealed record ModelList(IReadOnlyList<ListedModel> Runs, IReadOnlyList<string> Problems);

/// <summary>A convolution's kernels after a step. An input map that an output map does not see has none.</summary>
/// <param name="Path">The layer.</param>
/// <param name="Inputs">Input maps.</param>
/// <param name="Outputs">Output maps.</param>
/// <param name="Height">Rows of a kernel.</param>
/// <param name="Width">Columns of a kernel.</param>
/// <param name="Connections">For each output map the input maps that it sees.</param>
/// <param name="Kernels">The weights, in the order of the connections.</param>
internal sealed record KernelsOf(string Path, int Inputs, int Outputs, int Height, int Width, IReadOnlyList<IReadOnlyList<int>> Connections, Numbers Kernels);

/// <summary>A network's kernels after a step.</summary>
internal sealed record Filters(string Run, long Step, IReadOnlyList<KernelsOf> Convolutions);

/// <summary>A drawing to look at: ink row by row, 0 for none and 255 for the most, and by which network.</summary>
internal sealed record Drawing(string? Run, long? Step, int Side, string? Ink);

/// <summary>A picture's digit in MNIST's form, to be drawn on.</summary>
internal sealed record FoundDigit(int Side, string Ink);

/// <summary>Many numbers as bytes, base64: value = <paramref name="Scale"/> · (byte − 128).</summary>
/// <param name="Scale">What one step of a byte is worth.</param>
/// <param name="Bytes">The bytes, base64.</param>
internal sealed record Numbers(double Scale, string Bytes)
{
    private const int Zero = 128;
    private const int Most = 127;

    /// <summary>Numbers rounded to 255 steps about 0.</summary>
    /// <param name="values">The numbers; one that is not finite counts as 0.</param>
    public static Numbers Of(float[] values)
    {
        var largest = 0f;
        foreach (var value in values)
            largest = float.IsFinite(value) ? Math.Max(largest, Math.Abs(value)) : largest;
        var scale = largest == 0 ? 1.0 : (double)largest / Most;
        var bytes = new byte[values.Length];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)(Zero + (float.IsFinite(values[i]) ? Math.Round(values[i] / scale) : 0));
        return new(scale, Convert.ToBase64String(bytes));
    }
}

/// <summary>What a layer puts out.</summary>
internal sealed record Maps(string Path, string Layer, IReadOnlyList<int> Shape, Numbers Values);

/// <summary>What a network makes of a drawing.</summary>
/// <param name="Digit">What it takes it for.</param>
/// <param name="Probabilities">Of the ten digits.</param>
/// <param name="Ink">The drawing in MNIST's form, 28×28 bytes, base64.</param>
/// <param name="Layers">What every layer puts out.</param>
/// <param name="Matters">The derivative of the digit's score by each pixel.</param>
/// <param name="Milliseconds">How long the server computed.</param>
internal sealed record Look(int Digit, IReadOnlyList<double> Probabilities, string Ink, IReadOnlyList<Maps> Layers, Numbers Matters, double Milliseconds);

/// <summary>How they are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(Refusal))]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(Filters))]
[JsonSerializable(typeof(Drawing))]
[JsonSerializable(typeof(FoundDigit))]
[JsonSerializable(typeof(Look))]
internal sealed partial class ServeJson : JsonSerializerContext;
