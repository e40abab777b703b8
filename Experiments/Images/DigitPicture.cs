using FunctionalLeNet.Core.Formats;

namespace FunctionalLeNet.Experiments.Images;

/// <summary>A picture of one digit, brought into MNIST's form step by step.</summary>
/// <remarks>
/// As LeCun, Bottou, Bengio and Haffner describe it, "Gradient-Based Learning Applied to Document Recognition", Proc. IEEE 86(11), 1998, section III-A, and the MNIST page
/// (http://yann.lecun.com/exdb/mnist): "size normalized to fit in a 20x20 pixel box while preserving their aspect ratio", with the grey levels of anti-aliasing, then "centered in a 28x28
/// image by computing the center of mass of the pixels, and translating the image so as to position this point at the center". What comes before, finding the digit, NIST's scans did not need.
/// </remarks>
/// <param name="Picture">The picture, made smaller where it was large.</param>
/// <param name="Ink">What stands out from its paper.</param>
/// <param name="Box">Where in it the digit is.</param>
/// <param name="Marks">How many marks beside the digit were left out.</param>
/// <param name="Thickened">By how many pixels on each side thin strokes were made thicker.</param>
/// <param name="Fitted">The digit in a box of 20×20, its aspect ratio kept.</param>
/// <param name="Left">Columns to the left of it in <paramref name="Image"/>.</param>
/// <param name="Top">Rows above it in <paramref name="Image"/>.</param>
/// <param name="Image">The digit in 28×28, its centre of mass in the middle.</param>
internal sealed record DigitPicture(GreyImage Picture, Ink Ink, Box Box, int Marks, int Thickened, GreyImage Fitted, int Left, int Top, GreyImage Image)
{
    /// <summary>The side of MNIST's images.</summary>
    public const int Side = 28;

    /// <summary>The side of the box that a digit fills in them.</summary>
    public const int Inner = 20;

    private const int Working = 800;
    private const double LeastContrast = 20;
    private const double LeastContrastInNoises = 6;
    private const int SmallestDigit = 5;

    /// <summary>Finds the digit and brings it into form.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="file">Its name, for the error.</param>
    /// <exception cref="DataException">There is no digit in it, or there are several.</exception>
    public static DigitPicture Of(GreyImage picture, string file)
    {
        var smaller = Resize.Within(picture, Working);
        var paper = Paper.Of(smaller);
        var ink = Ink.Of(smaller, paper);
        if (ink.Contrast < LeastContrast || ink.Contrast < LeastContrastInNoises * paper.Noise)
            throw new DataException(file, "there is no digit in this picture: nothing stands out from the paper");
        var parts = Parts.Of(ink);
        var (digit, marks) = SingleDigit.Of(parts, file);
        var box = digit.Select(part => part.Box).Aggregate((one, other) => one.Around(other));
        if (box.Longer < SmallestDigit)
            throw new DataException(file, "there is no digit in this picture", $"one of at least {SmallestDigit} pixels", $"a mark of {box.Width}×{box.Height}");
        var (strokes, thickened) = Strokes.Thick(parts.Only(digit, box), Inner);
        var fitted = Fit(strokes, Inner);
        var (left, top) = Place(fitted, Side);
        return new(smaller, ink, box, marks, thickened, fitted, left, top, Centre(fitted, left, top, Side));
    }

    /// <summary>The digit's ink as it was found, in the size of the result.</summary>
    public GreyImage Found => Fit(Ink.Image.Crop(Box), Side);

    /// <summary>A drawing in MNIST's form. Its ink is known, and all of it is the digit.</summary>
    /// <param name="ink">0 for none, 255 for the most.</param>
    /// <param name="file">Its name, for the error.</param>
    /// <exception cref="DataException">There is no ink.</exception>
    public static GreyImage OfDrawing(GreyImage ink, string file)
    {
        var fitted = Fit(ink.Crop(ink.Around(1) ?? throw new DataException(file, "there is no ink in it")), Inner);
        var (left, top) = Place(fitted, Side);
        return Centre(fitted, left, top, Side);
    }

    /// <summary>A digit in a square, as large as it can be with its aspect ratio kept; its strongest pixel is 255.</summary>
    /// <param name="digit">The ink within the box around it.</param>
    /// <param name="side">The square's side.</param>
    internal static GreyImage Fit(GreyImage digit, int side)
    {
        var longer = Math.Max(digit.Width, digit.Height);
        var fitted = Resize.To(digit, Scaled(digit.Width), Scaled(digit.Height));
        var strongest = fitted.Pixels.ToArray().Max();
        return strongest is 0 or 255 ? fitted : GreyImage.Of(fitted.Width, fitted.Height, (x, y) => (byte)(((fitted[x, y] * 255) + (strongest / 2)) / strongest));

        int Scaled(int size) => Math.Max(1, ((2 * size * side) + longer) / (2 * longer));
    }

    /// <summary>
    /// Where a digit goes in a square so that its centre of mass comes next to the middle; never beyond an edge. MNIST's middle is the centre of pixel 14 of 0 to 27:
    /// in its files the centre of mass lies between 13.5 and 14.5, evenly.
    /// </summary>
    /// <param name="digit">The digit.</param>
    /// <param name="side">The square's side.</param>
    internal static (int Left, int Top) Place(GreyImage digit, int side)
    {
        var (mass, x, y) = (0L, 0L, 0L);
        for (var row = 0; row < digit.Height; row++)
            for (var column = 0; column < digit.Width; column++)
            {
                var weight = digit[column, row];
                (mass, x, y) = (mass + weight, x + (weight * column), y + (weight * row));
            }

        return (Start(x, digit.Width), Start(y, digit.Height));

        int Start(long moment, int size) => Math.Clamp((int)Math.Round((side / 2) - ((double)moment / mass)), 0, side - size);
    }

    private static GreyImage Centre(GreyImage digit, int left, int top, int side) => GreyImage.Of(
        side, side, (x, y) => (uint)(x - left) < (uint)digit.Width && (uint)(y - top) < (uint)digit.Height ? digit[x - left, y - top] : (byte)0);
}
