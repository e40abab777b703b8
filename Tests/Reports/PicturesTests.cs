using System.Buffers.Binary;
using System.IO.Compression;
using FunctionalLeNet.Experiments.Reports.Pictures;
using FunctionalLeNet.Experiments.Reports.Plots;
using OxyPlot;

namespace FunctionalLeNet.Tests.Reports;

public class PicturesTests
{
    [Fact]
    public void Greys_go_from_the_least_to_the_largest() =>
        Assert.Equal([(0, 0, 0), (128, 128, 128), (255, 255, 255), (255, 255, 255)], Pixels(Picture.Greys([-1, 0, 1, 2], 2, -1, 1)));

    [Fact]
    public void Signs_have_colours_and_zero_is_white() =>
        Assert.Equal([(0x2a, 0x6f, 0xbb), (255, 255, 255), (0xd9, 0x5f, 0x02)], Pixels(Picture.Signed([-2, 0, 2], 3, 2)));

    [Fact]
    public void Tiles_lie_in_rows_with_a_line_between_them()
    {
        Picture black = Picture.Greys([0], 1, 0, 1), white = Picture.Greys([1], 1, 0, 1);
        var sheet = Picture.Tiles([black, white, null, black], 2);
        Assert.Equal((3, 3), (sheet.Width, sheet.Height));
        Assert.Equal([(0, 0), (2, 2)], Places(sheet, (0, 0, 0)));
        Assert.Equal([(2, 0)], Places(sheet, (255, 255, 255)));
    }

    /// <summary>Read by the format's definition: few colours and odd widths are what the writer once got wrong.</summary>
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(19, 1, 1)]
    [InlineData(5, 4, 3)]
    [InlineData(33, 7, 2)]
    public void A_file_holds_the_pixels(int width, int height, int times)
    {
        var picture = Picture.Greys([.. Enumerable.Range(0, width * height).Select(i => (float)(i * i % 7))], width, 0, 6).Enlarged(times);
        Assert.Equal(Pixels(picture), Decoded(picture.ToPng(), picture.Width, picture.Height));
    }

    [Fact]
    public void A_plot_is_painted_where_its_points_are()
    {
        var plot = new Plot(60, 40, palette =>
        {
            var model = new PlotModel { PlotAreaBorderThickness = new OxyThickness(0), PlotMargins = new OxyThickness(0), Padding = new OxyThickness(0), Background = palette.Page };
            foreach (var (position, most) in new[] { (OxyPlot.Axes.AxisPosition.Bottom, 60), (OxyPlot.Axes.AxisPosition.Left, 40) })
                model.Axes.Add(new OxyPlot.Axes.LinearAxis { Position = position, Minimum = 0, Maximum = most, IsAxisVisible = false });
            model.Series.Add(Plot.Curve(null, palette.First, [(10, 20), (50, 20)]));
            return model;
        });
        var picture = PixelPlot.Of(plot, scale: 1);
        var blue = Palette.Light.First;
        Assert.Equal((blue.R, blue.G, blue.B), picture.At(30, 20));
        Assert.Equal((255, 255, 255), picture.At(30, 30));
        Assert.Equal((255, 255, 255), picture.At(5, 20));
    }

    [Theory]
    [InlineData("0123456789")]
    [InlineData("accuracy in %, 95 % interval")]
    [InlineData("conv1: weights (logarithmic) −0.5")]
    public void Text_is_painted_within_what_it_measures(string text)
    {
        var picture = PixelPlot.Text([text], 600, 20);
        var inked = Places(picture, (255, 255, 255)).ToHashSet();
        var painted = Enumerable.Range(0, picture.Width * picture.Height).Select(place => (X: place % picture.Width, Y: place / picture.Width)).Where(place => !inked.Contains(place)).ToList();
        Assert.NotEmpty(painted);
        Assert.InRange(painted.Max(place => place.X), 10, StrokeFont.Measure(text, 20).Width + 2);
        Assert.InRange(painted.Max(place => place.Y), 10, picture.Height - 2);
    }

    private static List<(int Red, int Green, int Blue)> Pixels(Picture picture) =>
        [.. Enumerable.Range(0, picture.Width * picture.Height).Select(place => picture.At(place % picture.Width, place / picture.Width)).Select(pixel => ((int)pixel.Red, (int)pixel.Green, (int)pixel.Blue))];

    private static IEnumerable<(int X, int Y)> Places(Picture picture, (byte, byte, byte) colour) =>
        Enumerable.Range(0, picture.Width * picture.Height).Select(place => (place % picture.Width, place / picture.Width)).Where(place => picture.At(place.Item1, place.Item2) == colour);

    /// <summary>The pixels of a PNG file with 8 bits of red, green, blue and opacity: https://www.w3.org/TR/png-3/, sections 9.2 and 11.</summary>
    private static List<(int Red, int Green, int Blue)> Decoded(byte[] file, int width, int height)
    {
        using var data = new MemoryStream();
        for (var place = 8; place < file.Length; place += 12 + Length(place))
            switch (System.Text.Encoding.ASCII.GetString(file, place + 4, 4))
            {
                case "IHDR":
                    Assert.Equal((width, height, 8, 6), (Length(place + 8), Length(place + 12), file[place + 16], file[place + 17]));
                    break;
                case "IDAT":
                    data.Write(file, place + 8, Length(place));
                    break;
            }

        data.Position = 0;
        using var inflated = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionMode.Decompress))
            zlib.CopyTo(inflated);
        var (bytes, stride) = (inflated.ToArray(), 4 * width);
        Assert.Equal(height * (stride + 1), bytes.Length);
        for (var row = 0; row < height; row++)
            for (var i = 0; i < stride; i++)
            {
                var (left, up, corner) = (At(row, i - 4), At(row - 1, i), i < 4 ? 0 : At(row - 1, i - 4));
                var guess = left + up - corner;
                var (a, b, c) = (Math.Abs(guess - left), Math.Abs(guess - up), Math.Abs(guess - corner));
                bytes[(row * (stride + 1)) + 1 + i] += (byte)(bytes[row * (stride + 1)] switch
                {
                    0 => 0,
                    1 => left,
                    2 => up,
                    3 => (left + up) / 2,
                    _ => a <= b && a <= c ? left : b <= c ? up : corner,
                });
            }

        return [.. Enumerable.Range(0, width * height).Select(place => (At(place / width, 4 * (place % width)), At(place / width, (4 * (place % width)) + 1), At(place / width, (4 * (place % width)) + 2)))];

        int At(int row, int i) => row < 0 || i < 0 ? 0 : bytes[(row * (stride + 1)) + 1 + i];
        int Length(int place) => BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(place));
    }
}
