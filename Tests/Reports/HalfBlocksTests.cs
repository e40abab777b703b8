using FunctionalLeNet.Experiments.Images;
using FunctionalLeNet.Experiments.Reports;
using Spectre.Console;

namespace FunctionalLeNet.Tests.Reports;

public class HalfBlocksTests
{
    private static readonly GreyImage Image = new(
        4,
        3,
        new byte[]
        {
            0, 255, 255, 0,
            0, 0, 255, 0,
            0, 255, 50, 0,
        });

    [Fact]
    public void Two_rows_are_a_line() => Assert.Equal([" ▀█ ", " ▀  "], new HalfBlocks(Image).Lines);

    [Fact]
    public void Cropping_leaves_the_empty_margin_out() => Assert.Equal(["▀█", "▀ "], HalfBlocks.Cropped(Image).Lines);

    [Fact]
    public void An_image_without_ink_is_drawn_whole() => Assert.Equal(["   ", "   "], HalfBlocks.Cropped(new(3, 4, new byte[12])).Lines);

    [Theory]
    [InlineData(ColorSystemSupport.TrueColor, "\u001b[38;2;0;0;0;48;2;0;0;0m▀\u001b[0m\u001b[38;2;255;255;255;48;2;0;0;0m▀\u001b[0m")]
    [InlineData(ColorSystemSupport.NoColors, " ▀█ \n ▀  \n")]
    public void Where_there_are_colours_a_pixel_is_its_grey(ColorSystemSupport colors, string start)
    {
        using var text = new StringWriter { NewLine = "\n" };
        AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, ColorSystem = colors, Out = new AnsiConsoleOutput(text) }).Write(new HalfBlocks(Image));
        Assert.StartsWith(start, text.ToString(), StringComparison.Ordinal);
    }
}
