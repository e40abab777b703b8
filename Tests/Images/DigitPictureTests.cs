using FunctionalLeNet.Core.Formats;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Experiments.Data;
using FunctionalLeNet.Experiments.Images;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Tests.Data;

namespace FunctionalLeNet.Tests.Images;

public class DigitPictureTests
{
    private static GreyImage Ring(int width, int height, double x, double y, double radius, double pen, byte paper = 240, byte ink = 30) => GreyImage.Of(width, height, (column, row) =>
        Math.Abs(Math.Sqrt(Math.Pow(column - x, 2) + Math.Pow((row - y) / 1.3, 2)) - radius) < pen / 2 ? ink : paper);

    /// <summary>MNIST's own images are in form already: what finds and fits a digit leaves them as they are, but for pale pixels at the rim of some.</summary>
    [SkippableFact]
    public void MNISTs_own_images_stay_as_they_are()
    {
        var test = DataSets.Load(RealData.Mnist(), DataLocations.Here(), _ => { }, CancellationToken.None).Test.Take(2_000);
        var made = Enumerable.Range(0, test.Count).Select(i => Original(test, i)).ToList();
        var same = made.Count(image => Form(image) is { } form && Distance(image, form) < 1);
        Assert.True(same >= 0.95 * made.Count, $"{same} of {made.Count} stay as they are");
    }

    /// <summary>The same digits large, small, dark on light, in a corner, pale, on paper that is darker on one side: the network that ships with the program reads them nearly as well.</summary>
    [SkippableTheory]
    [InlineData("as they are", 0.98)]
    [InlineData("dark on light", 0.98)]
    [InlineData("ten times as large", 0.98)]
    [InlineData("two thirds as large", 0.94)]
    [InlineData("in a corner", 0.98)]
    [InlineData("pale", 0.97)]
    [InlineData("in uneven light", 0.97)]
    [InlineData("with noise", 0.95)]
    public void Digits_in_other_forms_are_read_as_well(string form, double least)
    {
        var test = DataSets.Load(RealData.Mnist(), DataLocations.Here(), _ => { }, CancellationToken.None).Test.Take(500);
        using var workspace = new Workspace();
        var model = ShippedModel.Model;
        var noise = new System.Random(1);
        var right = Enumerable.Range(0, test.Count).Count(i => Read(Formed(Original(test, i), form, noise)) == test.Labels.Span[i]);
        Assert.True(right >= least * test.Count, $"{right} of {test.Count} are read right");

        int Read(GreyImage image)
        {
            try
            {
                return model.Predict(DigitPicture.Of(image, form).Image.ToImageSet(), workspace).Class;
            }
            catch (DataException)
            {
                return -1;
            }
        }
    }

    /// <summary>Two digits of one height, one beside the other as in a written number.</summary>
    [SkippableTheory]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(30)]
    public void Digits_of_a_number_are_refused(int gap)
    {
        var test = DataSets.Load(RealData.Mnist(), DataLocations.Here(), _ => { }, CancellationToken.None).Test.Take(400);
        var digits = Enumerable.Range(0, test.Count).Select(i => High(Original(test, i))).ToList();
        var refused = digits.Chunk(2).Count(pair => Form(Beside(pair[0], pair[1])) is null);
        Assert.True(refused >= 0.97 * digits.Count / 2, $"{refused} of {digits.Count / 2} pairs are refused");

        GreyImage Beside(GreyImage one, GreyImage other) => GreyImage.Of(one.Width + gap + other.Width + 40, 140, (x, y) =>
            Pixel(one, x - 20, y - 20) + Pixel(other, x - 20 - one.Width - gap, y - 20) is var ink ? (byte)(255 - ink) : default);

        static byte Pixel(GreyImage image, int x, int y) => (uint)x < (uint)image.Width && (uint)y < (uint)image.Height ? image[x, y] : (byte)0;

        static GreyImage High(GreyImage image)
        {
            var rows = Enumerable.Range(0, 28).Where(row => Enumerable.Range(0, 28).Any(column => image[column, row] > 64)).ToList();
            var columns = Enumerable.Range(0, 28).Where(column => Enumerable.Range(0, 28).Any(row => image[column, row] > 64)).ToList();
            var box = new Box(columns[0], rows[0], columns[^1] - columns[0] + 1, rows[^1] - rows[0] + 1);
            return Resize.To(image.Crop(box), Math.Max(1, 100 * box.Width / box.Height), 100);
        }
    }

    [Fact]
    public void A_digit_is_fitted_into_20_by_20_with_its_aspect_ratio_kept_and_centred_by_mass()
    {
        var digit = DigitPicture.Of(Ring(300, 200, 90, 100, 40, 14), "ring");
        Assert.True(digit.Ink.DarkOnLight);
        Assert.Equal((44, 39, 93, 123), (digit.Box.Left, digit.Box.Top, digit.Box.Width, digit.Box.Height));
        Assert.Equal((15, 20), (digit.Fitted.Width, digit.Fitted.Height));
        Assert.Equal((28, 28), (digit.Image.Width, digit.Image.Height));
        Assert.Equal((7, 4), (digit.Left, digit.Top));
        Assert.Equal(255, digit.Image.Pixels.ToArray().Max());
        Assert.Contains(digit.Image.Pixels.ToArray(), pixel => pixel is > 40 and < 215);
    }

    [Fact]
    public void Light_on_dark_gives_what_dark_on_light_gives()
    {
        var dark = DigitPicture.Of(Ring(300, 200, 90, 100, 40, 14), "dark");
        var light = DigitPicture.Of(Ring(300, 200, 90, 100, 40, 14, paper: 15, ink: 225), "light");
        Assert.False(light.Ink.DarkOnLight);
        Assert.Equal(dark.Image, light.Image);
    }

    [Fact]
    public void Strokes_of_a_fine_pen_are_made_thicker()
    {
        var digit = DigitPicture.Of(Ring(400, 300, 200, 150, 80, 3), "thin");
        Assert.InRange(digit.Thickened, 5, 11);
        Assert.InRange(Strokes.Width(digit.Fitted), 1.5, 3.5);
        Assert.Equal(0, DigitPicture.Of(Ring(400, 300, 200, 150, 80, 24), "thick").Thickened);
    }

    [Fact]
    public void Specks_and_the_edge_of_the_sheet_are_left_out()
    {
        var ring = Ring(300, 200, 150, 100, 40, 14);
        var soiled = GreyImage.Of(300, 200, (x, y) => (x, y) is (20, 20) or (21, 20) or (260, 150) || x < 12 ? (byte)30 : ring[x, y]);
        var digit = DigitPicture.Of(soiled, "soiled");
        Assert.Equal(DigitPicture.Of(ring, "clean").Box, digit.Box);
        Assert.Equal(3, digit.Marks);
    }

    [Fact]
    public void Two_digits_nothing_and_noise_are_refused_each_with_its_reason()
    {
        var (one, other) = (Ring(400, 200, 100, 100, 40, 14), Ring(400, 200, 300, 100, 40, 14));
        Assert.Contains("there are 2 figures", Refused(GreyImage.Of(400, 200, (x, y) => Math.Min(one[x, y], other[x, y]))), StringComparison.Ordinal);
        var touching = Ring(400, 200, 180, 100, 40, 14);
        Assert.Contains("several digits that touch", Refused(GreyImage.Of(400, 200, (x, y) => x > 140 && y is > 95 and < 105 && x < 395 ? (byte)30 : touching[x, y])), StringComparison.Ordinal);
        Assert.Contains("nothing stands out", Refused(GreyImage.Of(50, 50, (_, _) => 200)), StringComparison.Ordinal);
        var random = new System.Random(5);
        Assert.Contains("there is", Refused(GreyImage.Of(200, 200, (_, _) => (byte)random.Next(180, 220))), StringComparison.Ordinal);
        Assert.Contains("a mark of 2×2", Refused(GreyImage.Of(50, 50, (x, y) => x is 20 or 21 && y is 20 or 21 ? (byte)0 : (byte)200)), StringComparison.Ordinal);
        Assert.Throws<DataException>(() => DigitPicture.Of(new GreyImage(1, 1, new byte[1]), "pixel"));
    }

    [Fact]
    public void A_picture_in_its_own_size_stays_as_it_is_and_a_smaller_one_keeps_its_brightness()
    {
        var random = new System.Random(3);
        var image = GreyImage.Of(40, 30, (_, _) => (byte)random.Next(256));
        Assert.Equal(image, Resize.To(image, 40, 30));
        var flat = GreyImage.Of(97, 61, (_, _) => 77);
        Assert.All(Resize.To(flat, 20, 13).Pixels.ToArray(), pixel => Assert.Equal(77, pixel));
        Assert.Equal(image.Pixels.ToArray().Average(pixel => pixel), Resize.To(image, 10, 10).Pixels.ToArray().Average(pixel => pixel), 3.0);
    }

    /// <summary>Nothing where a digit of MNIST is taken for two, or for none: some are broken, or written with another's stroke beside them.</summary>
    private static GreyImage? Form(GreyImage image)
    {
        try
        {
            return DigitPicture.Of(image, "MNIST").Image;
        }
        catch (DataException)
        {
            return null;
        }
    }

    private static string Refused(GreyImage image) => Assert.Throws<DataException>(() => DigitPicture.Of(image, "picture")).Message;

    private static GreyImage Original(ImageSet images, int index) => new(images.Width, images.Height, images.Single(index).Pixels);

    private static double Distance(GreyImage one, GreyImage other) => one.Pixels.ToArray().Zip(other.Pixels.ToArray(), (a, b) => Math.Abs(a - b)).Average();

    private static GreyImage Formed(GreyImage image, string form, System.Random noise) => form switch
    {
        "dark on light" => GreyImage.Of(28, 28, (x, y) => (byte)(255 - image[x, y])),
        "ten times as large" => Resize.To(image, 280, 280),
        "two thirds as large" => Resize.To(image, 19, 19),
        "in a corner" => GreyImage.Of(100, 120, (x, y) => x is >= 70 and < 98 && y is >= 5 and < 33 ? image[x - 70, y - 5] : (byte)0),
        "pale" => GreyImage.Of(28, 28, (x, y) => (byte)(200 - (image[x, y] / 5))),
        "in uneven light" => Resize.To(image, 140, 140) is var large ? GreyImage.Of(200, 200, (x, y) => (byte)(130 + (x / 3) + (y / 6) - (x is >= 30 and < 170 && y is >= 30 and < 170 ? large[x - 30, y - 30] / 2 : 0))) : image,
        "with noise" => Resize.To(image, 140, 140) is var large ? GreyImage.Of(140, 140, (x, y) => (byte)Math.Clamp(210 - (large[x, y] * 0.6) + noise.Next(-12, 13), 0, 255)) : image,
        _ => image,
    };
}
