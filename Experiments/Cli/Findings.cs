using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Data;
using FunctionalLeNet.Experiments.Images;
using FunctionalLeNet.Experiments.Reports;
using FunctionalLeNet.Experiments.Training;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary>What a network makes of its test images, for people: who is taken for whom, and the worst mistakes as drawings.</summary>
/// <param name="Answers">An answer to each test image.</param>
/// <param name="Images">The test images.</param>
internal sealed record Findings(EquatableArray<Answer> Answers, ImageSet Images)
{
    private const int WidthOfDrawing = 22;
    private const int WidthOfIntervals = 76;
    private static readonly Style Heading = new(decoration: Decoration.Bold);

    /// <summary>Who is taken for whom.</summary>
    public Confusion Confusion { get; } = Confusion.Of(Answers);

    /// <summary>The wrong answers, the worst first.</summary>
    public EquatableArray<Answer> Mistakes { get; } = Answer.Mistakes(Answers);

    /// <summary>Prints the confusion matrix and drawings.</summary>
    /// <param name="screen">Where.</param>
    /// <param name="width">Columns.</param>
    /// <param name="most">Drawings at most.</param>
    public void Print(Screen screen, int width, int most)
    {
        screen.Line();
        screen.Line("Confusion matrix: a row for each class, in it how often each class was the answer", Heading);
        screen.Table(Matrix(width >= WidthOfIntervals));
        screen.Line();
        var shown = Mistakes.Take(most).ToList();
        screen.Line(
            Mistakes.Count == 0 ? "No mistakes." : shown.Count == 0 ? $"{Mistakes.Count} mistakes." : $"{(Mistakes.Count == shown.Count ? $"All {shown.Count}" : $"The {shown.Count} worst of {Tables.Count(Mistakes.Count)}")} mistakes, by the probability of the right class",
            Heading);
        foreach (var row in shown.Chunk(Math.Max(1, width / WidthOfDrawing)))
        {
            screen.Line();
            screen.Table(Drawings(row));
        }
    }

    /// <summary>What went wrong in a line: <c>4 read as 9</c>.</summary>
    /// <param name="mistake">A wrong answer.</param>
    public static string Text(Answer mistake) => $"{mistake.Label} read as {mistake.Prediction}";

    private Table Matrix(bool intervals)
    {
        var classes = Confusion.Counts.Count;
        return Tables.Of(
            [("", false), .. Enumerable.Range(0, classes).Select(answer => ($"{answer}", true)), ("images", true), ("right %", true), .. intervals ? [("95 % interval", true)] : Array.Empty<(string, bool)>()],
            Confusion.Classes.Select(row => (IReadOnlyList<string>)
            [
                $"{row.Class}",
                .. Confusion.Counts[row.Class].Select(count => count == 0 ? "·" : Invariant($"{count}")),
                Tables.Count(row.Count),
                row.Count == 0 ? "" : Invariant($"{100.0 * row.Correct / row.Count:F1}"),
                .. intervals ? [row.Count == 0 ? "" : Percent.Of(Interval.Wilson(row.Correct, row.Count))] : Array.Empty<string>(),
            ]));
    }

    private Grid Drawings(Answer[] mistakes)
    {
        var grid = new Grid();
        foreach (var _ in mistakes)
            grid.AddColumn(new GridColumn { Width = WidthOfDrawing - 2, Padding = new Padding(0, 0, 2, 0), NoWrap = true });
        grid.AddRow([.. mistakes.Select(mistake => (IRenderable)HalfBlocks.Cropped(GreyImage.Of(Images.Single(mistake.Sample))))]);
        grid.AddRow([.. mistakes.Select(mistake => (IRenderable)new Text($"#{mistake.Sample}: {Text(mistake)}"))]);
        grid.AddRow([.. mistakes.Select(mistake => (IRenderable)new Text($"{mistake.Prediction}: {Percent.Of(mistake.Probabilities[mistake.Prediction])}"))]);
        grid.AddRow([.. mistakes.Select(mistake => (IRenderable)new Text($"{mistake.Label}: {Percent.Of(mistake.Probabilities[mistake.Label])}"))]);
        return grid;
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
