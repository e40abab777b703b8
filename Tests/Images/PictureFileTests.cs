using System.Text.Json;
using FunctionalLeNet.Core.Formats;
using FunctionalLeNet.Experiments.Images;
using FunctionalLeNet.Fuzzing;
using FunctionalLeNet.Tests.Data;

namespace FunctionalLeNet.Tests.Images;

/// <summary>Picture files against what Pillow makes of them: <c>pictures.py</c>.</summary>
public class PictureFileTests
{
    private const int JpegTolerance = 5;

    private static readonly JsonElement Expected = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(PathOf("pictures.json")));

    public static TheoryData<string> Files => new(Expected.EnumerateObject().Select(member => member.Name));

    internal static string PathOf(string file) => Path.Join(AppContext.BaseDirectory, "Images", "Pictures", file);

    /// <summary>PNG loses nothing: 16 bits and opacity may be rounded to the other of two neighbours. a JPEG's luma may leave the range of its colours.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void A_picture_is_what_Pillow_reads(string file)
    {
        var expected = Expected.GetProperty(file);
        var image = PictureFile.Read(PathOf(file), file);
        Assert.Equal((expected.GetProperty("width").GetInt32(), expected.GetProperty("height").GetInt32()), (image.Width, image.Height));
        var tolerance = file.EndsWith(".jpg", StringComparison.Ordinal) ? JpegTolerance : file.Contains("16", StringComparison.Ordinal) || file.Contains("alpha", StringComparison.Ordinal) ? 1 : 0;
        Assert.All(
            image.Pixels.ToArray().Zip(expected.GetProperty("pixels").GetBytesFromBase64()).Index(),
            pair => Assert.True(Math.Abs(pair.Item.First - pair.Item.Second) <= tolerance, $"pixel {pair.Index}: {pair.Item.First}, Pillow {pair.Item.Second}"));
    }

    [Theory]
    [InlineData("picture.gif", "expected PNG or JPEG, found a GIF. Save it as PNG.")]
    [InlineData("picture.webp", "expected PNG or JPEG, found a WebP. Save it as PNG.")]
    [InlineData("fourcolours.jpg", "expected grey or colours of 8 bits, found 4 components of 8 bits. Save it as PNG.")]
    [InlineData("nothing.png", "there is no such file")]
    [InlineData("../Pictures", "this is a folder")]
    public void What_cannot_be_read_is_said_to_be_what_it_is(string file, string message) =>
        Assert.Contains(message, Assert.Throws<DataException>(() => PictureFile.Read(PathOf(file), file)).Message, StringComparison.Ordinal);

    [Fact]
    public void Every_cut_of_a_file_is_refused()
    {
        foreach (var file in (string[])["grey4.png", "colour8.png", "interlaced.png", "progressive.jpg", "quarter.jpg"])
        {
            var bytes = File.ReadAllBytes(PathOf(file));
            // A JPEG whose data ends early has a picture up to there; what matters is that nothing but a DataException comes out.
            foreach (var length in Enumerable.Range(0, bytes.Length))
                if (file.EndsWith(".png", StringComparison.Ordinal))
                    Assert.Throws<DataException>(() => PictureFile.OfBytes(bytes[..length], file));
                else
                    Assert.True(Record.Exception(() => PictureFile.OfBytes(bytes[..length], file)) is null or DataException);
        }
    }

    /// <summary>A few bytes that state, or unpack to, gigabytes are refused before anything of that size is allocated.</summary>
    [Theory]
    [InlineData(100_000, 100_000, "the image is too large")]
    [InlineData(16_384, 16_384, "the image is too large")]
    [InlineData(0, 10, "the image has no pixels")]
    [InlineData(5_000, 5_000, "ends too early")]
    [InlineData(10, 10, "more data than its header says")]
    public void Sizes_are_checked_before_memory_is_taken(int width, int height, string message)
    {
        var bomb = PngFile.Of(width, height, depth: 8, colour: 0, new byte[16 << 20]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(message, Assert.Throws<DataException>(() => PictureFile.OfBytes(bomb, "bomb.png")).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 80 << 20);
    }

    [Fact]
    public void A_file_beyond_the_limit_is_not_read()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("large.png", []);
        using (var stream = File.OpenWrite(path))
            stream.SetLength(1L << 33);
        Assert.Contains("too large for an image of a digit", Assert.Throws<DataException>(() => PictureFile.Read(path, "large.png")).Message, StringComparison.Ordinal);
    }
}
