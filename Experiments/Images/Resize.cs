namespace FunctionalLeNet.Experiments.Images;

/// <summary>Pictures of another size.</summary>
internal static class Resize
{
    /// <summary>
    /// A picture resampled: made smaller, each new pixel is the mean of the area that it covers, so edges become grey levels instead of steps; enlarged, it is bilinear.
    /// In its own size a picture stays as it is.
    /// </summary>
    /// <param name="image">The picture.</param>
    /// <param name="width">The new width.</param>
    /// <param name="height">The new height.</param>
    public static GreyImage To(GreyImage image, int width, int height)
    {
        if ((width, height) == (image.Width, image.Height))
            return image;
        var (across, down) = (Weights(image.Width, width), Weights(image.Height, height));
        var narrow = new double[image.Height * width];
        for (var y = 0; y < image.Height; y++)
            for (var x = 0; x < width; x++)
                narrow[(y * width) + x] = Sum(across[x], column => image[column, y]);
        return GreyImage.Of(width, height, (x, y) => (byte)Math.Clamp(Math.Round(Sum(down[y], row => narrow[(row * width) + x])), 0, 255));
    }

    /// <summary>A picture whose longer side is at most so many pixels.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="side">Pixels.</param>
    public static GreyImage Within(GreyImage image, int side) => Math.Max(image.Width, image.Height) is var longer && longer <= side
        ? image
        : To(image, Math.Max(1, image.Width * side / longer), Math.Max(1, image.Height * side / longer));

    private static double Sum((int First, double[] Weights) window, Func<int, double> value)
    {
        var sum = 0.0;
        for (var i = 0; i < window.Weights.Length; i++)
            sum += window.Weights[i] * value(window.First + i);
        return sum;
    }

    /// <summary>For each new pixel the old ones that it is made of, and their shares.</summary>
    private static (int First, double[] Weights)[] Weights(int from, int to)
    {
        var step = (double)from / to;
        return [.. Enumerable.Range(0, to).Select(target =>
        {
            var (start, end, centre) = (target * step, (target + 1) * step, ((target + 0.5) * step) - 0.5);
            var (first, last) = step >= 1
                ? ((int)start, Math.Min(from, (int)Math.Ceiling(end)) - 1)
                : (Math.Max(0, (int)Math.Floor(centre)), Math.Min(from - 1, (int)Math.Floor(centre) + 1));
            var weights = Enumerable.Range(first, last - first + 1)
                .Select(source => step >= 1 ? Math.Min(end, source + 1) - Math.Max(start, source) : Math.Max(0, 1 - Math.Abs(source - centre))).ToArray();
            var sum = weights.Sum();
            return (first, weights.Select(weight => weight / sum).ToArray());
        })];
    }
}
