using FunctionalLeNet.Core.Random;

namespace FunctionalLeNet.Experiments.Data;

/// <summary>
/// The distortions of LeCun et al. 1998, section III-B: "combinations of the following planar affine transformations: horizontal and vertical translations, scaling,
/// squeezing (simultaneous horizontal compression and vertical elongation, or the reverse), and horizontal shearing". Each amount is uniform in ± its bound.
/// </summary>
/// <param name="Copies">How often each image exists: once as it is, else distorted. The paper has 60,000 originals and 540,000 distorted ones: 10.</param>
/// <param name="Translation">Pixels, up or down and sideways.</param>
/// <param name="Scaling">By what share the image grows or shrinks.</param>
/// <param name="Squeezing">By what share the height grows while the width shrinks, or the reverse.</param>
/// <param name="Shearing">Columns for each row.</param>
/// <param name="Seed">What all amounts follow from.</param>
public sealed record Distortion(int Copies, double Translation, double Scaling, double Squeezing, double Shearing, long Seed = 0)
{
    /// <summary>The distortions in words.</summary>
    public string Text => FormattableString.Invariant(
        $"{Copies - 1} of {Copies} images: moved by up to {Translation} pixels each way, scaled by up to {Scaling}, squeezed by up to {Squeezing}, sheared by up to {Shearing}; seed {Seed}");

    /// <summary>
    /// The images of one pass: image i comes as copy (i + pass) mod <see cref="Copies"/>, where copy 0 is the image as it is. So every pass has as many originals,
    /// and in twenty passes each of ten copies is seen twice, as in the paper.
    /// </summary>
    /// <param name="images">The images.</param>
    /// <param name="pass">The pass, from 0.</param>
    public ImageSet Of(ImageSet images, int pass)
    {
        var key = Key.Seed(Seed).Child("distortion");
        var size = images.Height * images.Width;
        var pixels = new byte[images.Pixels.Length];
        for (var i = 0; i < images.Count; i++)
        {
            var (source, copy) = (images.Pixels.Slice(i * size, size), (i + pass) % Copies);
            var target = pixels.AsSpan(i * size, size);
            if (copy == 0)
                source.Span.CopyTo(target);
            else
                Resample(source.Span, target, images.Height, images.Width, key.Child(copy).Child(i).Uniform(5));
        }

        return images with { Pixels = pixels };
    }

    // Each pixel of the target is read from where the inverse of the transformation puts it, between four pixels of the source; the centre stays where it is.
    private void Resample(ReadOnlySpan<byte> source, Span<byte> target, int height, int width, float[] uniform)
    {
        double Amount(int index, double bound) => ((2 * uniform[index]) - 1) * bound;
        var (down, right) = (Amount(0, Translation), Amount(1, Translation));
        var (scale, squeeze, shear) = (1 + Amount(2, Scaling), 1 + Amount(3, Squeezing), Amount(4, Shearing));
        var (tall, wide) = (scale / squeeze, scale * squeeze);
        var (middle, centre) = ((height - 1) / 2.0, (width - 1) / 2.0);
        for (var i = 0; i < height; i++)
            for (var j = 0; j < width; j++)
            {
                var row = (i - middle - down) / tall;
                var column = ((j - centre - right) / wide) - (shear * row) + centre;
                target[(i * width) + j] = (byte)(Between(source, height, width, row + middle, column) + 0.5);
            }
    }

    private static double Between(ReadOnlySpan<byte> source, int height, int width, double row, double column)
    {
        var (top, left) = ((int)Math.Floor(row), (int)Math.Floor(column));
        var (below, beside) = (row - top, column - left);
        var upper = ((1 - beside) * At(source, height, width, top, left)) + (beside * At(source, height, width, top, left + 1));
        var lower = ((1 - beside) * At(source, height, width, top + 1, left)) + (beside * At(source, height, width, top + 1, left + 1));
        return ((1 - below) * upper) + (below * lower);
    }

    private static int At(ReadOnlySpan<byte> source, int height, int width, int row, int column) =>
        (uint)row < (uint)height && (uint)column < (uint)width ? source[(row * width) + column] : 0;
}
