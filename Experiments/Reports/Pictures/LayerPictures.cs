using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Experiments.Reports.Pictures;

/// <summary>What a network has learned and what it makes of an image, as pictures.</summary>
internal static class LayerPictures
{
    private const int MostBeside = 16;
    private const int UnitsBeside = 40;
    private const int FewestBeside = 8;
    private const int UnitSide = 11;

    /// <summary>
    /// The filters of a convolution as the paper's table I has them: a column for each map that it makes, in it a filter for each map that goes in, empty where it does
    /// not look at that one. Where a single map goes in, they are in rows.
    /// </summary>
    /// <param name="step">The convolution.</param>
    /// <param name="parameters">The network's parameters.</param>
    /// <returns>The picture, and the size of weight that has the whole colour.</returns>
    public static (Picture Picture, double Farthest) Filters(LayerShape step, Tree<Tensor> parameters)
    {
        var convolution = (Layer.Convolution)step.Layer;
        var (inputs, weights) = (step.Input[0], parameters.At(step.Path)["weight"].AsLeaf().ToArray());
        var farthest = weights.Max(Math.Abs);
        var kernels = weights.Chunk(convolution.Kernel.Height * convolution.Kernel.Width).Select(kernel => Picture.Signed(kernel, convolution.Kernel.Width, farthest)).ToList();
        var pairs = (
            from output in Enumerable.Range(0, convolution.Channels)
            from input in Enumerable.Range(0, inputs)
            where convolution.Connections is not { } table || table.Rows[output].Contains(input)
            select (output, input)).Index().ToDictionary(pair => pair.Item, pair => kernels[pair.Index]);
        var tiles =
            from input in Enumerable.Range(0, inputs)
            from output in Enumerable.Range(0, convolution.Channels)
            select pairs.GetValueOrDefault((output, input));
        return (Picture.Tiles(tiles.ToList(), inputs == 1 ? Math.Min(convolution.Channels, MostBeside) : convolution.Channels), farthest);
    }

    /// <summary>Whether an output is maps to look at; a map of a single number is a unit.</summary>
    /// <param name="shape">The shape of the output for one sample.</param>
    public static bool IsImage(Shape shape) => shape.Rank == 3 && shape[1] * shape[2] > 1;

    /// <summary>What one layer puts out for one image: its maps, or its units in rows.</summary>
    /// <param name="value">The output, <c>[1, …]</c>.</param>
    /// <returns>The picture, and the numbers that are black and white in it.</returns>
    public static (Picture Picture, double Low, double High) Maps(Tensor value)
    {
        var (shape, values) = (value.Shape.Rest, value.ToArray());
        var (low, high) = (values.Min(), values.Max());
        var isImage = IsImage(shape);
        var tiles = isImage
            ? values.Chunk(shape[1] * shape[2]).Select(map => Picture.Greys(map, shape[2], low, high)).ToList()
            : [.. values.Select(unit => Picture.Greys([unit], 1, low, high).Enlarged(UnitSide))];
        var beside = isImage ? Math.Min(tiles.Count, Math.Max(1, Math.Min(MostBeside, 240 / (shape[2] + 1)))) : Enumerable.Range(1, Math.Min(tiles.Count, UnitsBeside)).Last(beside => tiles.Count % beside == 0 || (tiles.Count > UnitsBeside && beside == FewestBeside));
        return (Picture.Tiles(tiles, beside), low, high);
    }
}
