using System.Globalization;

namespace FunctionalLeNet.Core.Tensors;

/// <summary>
/// A tensor as text: exact by its hash, legible by the rest. A snapshot of it fails when one bit of one number changes,
/// and what stands around the hash shows a reader what changed.
/// </summary>
/// <remarks>
/// Small maps stand whole, large ones by their corners, as they lie in space; numbers are rounded to 6 digits.
/// </remarks>
public static class TensorText
{
    private const int Small = 7;
    private const int Whole = 50;
    private const int Wide = 10;
    private const int Corner = 3;
    private const int Outer = 3;
    private const int Inner = 4;
    private const int Sketches = 16;
    private const int Columns = 120;
    private const string Ink = " .:-=+*#%@";

    /// <summary>A heading <c>== name: [shape]</c>, minimum, maximum, mean and deviation, the SHA-256 of the bytes, the values, and of images a sketch in characters.</summary>
    /// <param name="name">What the tensor is.</param>
    /// <param name="tensor">The tensor: a batch <c>[N, …]</c> or a parameter.</param>
    /// <returns>Lines that end in <c>\n</c>, the last one without.</returns>
    public static string Of(string name, Tensor tensor)
    {
        var values = tensor.ToArray();
        return string.Join('\n', (IEnumerable<string>)
        [
            $"== {name}: {tensor.Shape}",
            .. Summary(values),
            $"sha256 {Convert.ToHexStringLower(tensor.Sha256())}",
            .. Samples(tensor, values),
            .. Maps(tensor.Shape, values),
            .. Sketch(tensor, values),
        ]);
    }

    private static IEnumerable<string> Summary(float[] values)
    {
        if (values.Length == 0)
            return ["empty"];
        var statistics = TensorStatistics.Of(values);
        return [$"min {Text(statistics.Minimum)}  max {Text(statistics.Maximum)}  mean {Text(statistics.Mean)}  std {Text(statistics.Deviation)}"];
    }

    /// <summary>Where a batch has several samples, a line for each, so that a difference can be traced to one of them.</summary>
    private static IEnumerable<string> Samples(Tensor tensor, float[] values) =>
        tensor is not { Order: MemoryOrder.SamplesLast, Shape: { First: > 1, Rest: var shape } }
            ? []
            : values.Chunk(Math.Max(shape.Count, 1)).Take(Outer).Select((sample, n) =>
                $"sample {n}: {Summary(sample).Single()}  sha256 {Convert.ToHexStringLower(Tensor.Parameter(shape, sample).Sha256())[..16]}…");

    /// <summary>The two innermost dimensions are a map; the first of those outside stand here.</summary>
    private static IEnumerable<string> Maps(Shape shape, float[] values)
    {
        if (values.Length == 0)
            return [];
        var (height, width) = shape.Rank < 2 ? (1, values.Length) : (shape.Sizes[^2], shape.Sizes[^1]);
        var outside = shape.Rank < 3 ? [] : shape.Sizes.SkipLast(2).ToArray();
        var maps = values.Chunk(height * width).Select((map, place) => (Place: Place(outside, place), Map: map)).ToList();
        var shown = maps.Where(map => map.Place.Take(1).All(index => index < Outer) && map.Place.Skip(1).All(index => index < Inner)).ToList();
        return shown.SelectMany(map => outside.Length == 0 ? Rows(map.Map, width) : Rows(map.Map, width).Prepend($"map [{string.Join(", ", map.Place)}]"))
            .Concat(shown.Count < maps.Count ? [$"… {maps.Count - shown.Count} more maps"] : []);
    }

    private static int[] Place(int[] sizes, int place)
    {
        var result = new int[sizes.Length];
        for (var dimension = sizes.Length - 1; dimension >= 0; dimension--)
            (place, result[dimension]) = Math.DivRem(place, sizes[dimension]);
        return result;
    }

    private static IEnumerable<string> Rows(float[] map, int width)
    {
        var small = map.Length <= Whole && width <= Wide;
        var cells = Ends(map.Length / width, small).Select(row => row < 0 ? [] : Ends(width, small).Select(column => column < 0 ? "…" : Text(map[(row * width) + column])).ToArray()).ToList();
        var widest = cells.Max(row => row.Max(cell => (int?)cell.Length) ?? 0);
        return cells.Select(row => row.Length == 0 ? "  …" : "  " + string.Join("  ", row.Select(cell => cell == "…" ? cell : cell.PadLeft(widest))));
    }

    /// <summary>All indices of a small dimension; the first and the last of a large one, with −1 for what lies between.</summary>
    private static IEnumerable<int> Ends(int size, bool whole) =>
        whole || size <= Small ? Enumerable.Range(0, size) : [.. Enumerable.Range(0, Corner), -1, .. Enumerable.Range(size - Corner, Corner)];

    /// <summary>The first sample's maps side by side, each from its own minimum (blank) to its own maximum (@).</summary>
    private static IEnumerable<string> Sketch(Tensor tensor, float[] values)
    {
        if (tensor is not { Order: MemoryOrder.SamplesLast, Count: > 0, Shape: { Rank: 4 } shape } || shape[3] <= Small || shape[3] > Columns)
            return [];
        var (height, width) = (shape[2], shape[3]);
        var maps = values.Chunk(height * width).Take(Math.Min(shape[1], Sketches)).ToList();
        return maps.Chunk(Math.Max(1, (Columns - 1) / (width + 1))).SelectMany(Side)
            .Prepend($"sketch of the {(maps.Count == 1 ? "map" : $"first {maps.Count} maps")}{(shape.First == 1 ? "" : " of sample 0")}");

        IEnumerable<string> Side(float[][] side) => Enumerable.Range(0, height).Select(row =>
            $"  |{string.Join('|', side.Select(map => string.Concat(map.Skip(row * width).Take(width).Select(Shade(map)))))}|").Append("");
    }

    private static Func<float, char> Shade(float[] map)
    {
        var (least, most) = ((double)map.Min(), (double)map.Max());
        return value => !double.IsFinite(most - least) || float.IsNaN(value) ? '?'
            : most == least ? Ink[0]
            : Ink[Math.Min(Ink.Length - 1, (int)(Ink.Length * ((value - least) / (most - least))))];
    }

    private static string Text(double value) => ((float)value).ToString("G6", CultureInfo.InvariantCulture);
}
