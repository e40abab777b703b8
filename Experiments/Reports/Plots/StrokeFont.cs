using System.Globalization;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Data;
using OxyPlot;

namespace FunctionalLeNet.Experiments.Reports.Plots;

/// <summary>
/// Letters as strokes: the "Futura" of the Hershey fonts, originally created by Dr. A. V. Hershey while working at the U. S. National Bureau of Standards; the format of
/// the file was created by James Hurt, Cognition, Inc. (<c>hershey-futural.txt</c> has the acknowledgements).
/// </summary>
internal static class StrokeFont
{
    private const char First = ' ';
    private const char Origin = 'R';
    private const double CapitalHeight = 21;
    private const double Baseline = 9;
    private const double CapitalOfSize = 0.72;
    private const double Leading = 1.16;

    private static readonly Lazy<EquatableArray<Glyph>> Glyphs = new(Read);

    /// <summary>A letter: how far it reaches to both sides of its middle, and its strokes.</summary>
    private sealed record Glyph(int Left, int Right, EquatableArray<EquatableArray<(int X, int Y)>> Strokes);

    /// <summary>The strokes of a line of text that begins at (0, 0) on its baseline, y downwards.</summary>
    /// <param name="text">The text; what is not ASCII is written as nearly as may be.</param>
    /// <param name="size">The letters' size.</param>
    public static IEnumerable<EquatableArray<ScreenPoint>> Strokes(string text, double size)
    {
        var (scale, x) = (Scale(size), 0.0);
        foreach (var glyph in text.Select(Of))
        {
            var left = x - (scale * glyph.Left);
            foreach (var stroke in glyph.Strokes)
                yield return stroke.Map(point => new ScreenPoint(left + (scale * point.X), scale * (point.Y - Baseline)));
            x += scale * (glyph.Right - glyph.Left);
        }
    }

    /// <summary>The size of a line of text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="size">The letters' size.</param>
    public static OxySize Measure(string text, double size) => new(Scale(size) * text.Select(Of).Sum(glyph => glyph.Right - glyph.Left), Leading * size);

    /// <summary>The height of a capital letter.</summary>
    /// <param name="size">The letters' size.</param>
    public static double Capital(double size) => CapitalOfSize * size;

    private static double Scale(double size) => Capital(size) / CapitalHeight;

    private static Glyph Of(char letter)
    {
        var plain = letter switch { '−' or '–' => '-', '·' => '.', '’' => '\'', _ => letter };
        return Glyphs.Value[plain - First is var place && place >= 0 && place < Glyphs.Value.Count ? place : '?' - First];
    }

    // Five columns for a number that nobody uses, three for how many pairs follow, then pairs of letters: a letter's distance from R is a number. The first pair
    // are the sides, " R" lifts the pen. Lines before the first with a number are the acknowledgements.
    private static EquatableArray<Glyph> Read() =>
        Embedded.Text("Reports/hershey-futural.txt").ReplaceLineEndings("\n").Split('\n').Where(line => line.StartsWith("12345", StringComparison.Ordinal)).Select(line =>
        {
            var pairs = line[8..(8 + (2 * int.Parse(line.AsSpan(5, 3), CultureInfo.InvariantCulture)))].Chunk(2).ToList();
            var (strokes, stroke) = (new List<EquatableArray<(int, int)>>(), new List<(int, int)>());
            foreach (var pair in pairs.Skip(1).Append([' ', Origin]))
            {
                if (pair[0] != ' ')
                {
                    stroke.Add((pair[0] - Origin, pair[1] - Origin));
                    continue;
                }

                strokes.Add(stroke.ToEquatableArray());
                stroke.Clear();
            }

            return new Glyph(pairs[0][0] - Origin, pairs[0][1] - Origin, strokes.Where(points => points.Count > 0).ToEquatableArray());
        }).ToEquatableArray();
}
