using System.Globalization;
using FunctionalLeNet.Core.Formats;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Experiments.Images;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Experiments.Reports;
using FunctionalLeNet.Experiments.Training;
using Spectre.Console;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary>A digit in <c>predict --json</c>, with how it was found where <c>--explain</c> asks for it.</summary>
internal sealed record PredictionLine(string Event, string Image, string Run, int Digit, double Probability, IReadOnlyList<double> Probabilities, PredictionSteps? Steps);

/// <summary>How a digit was found and brought into MNIST's form; the pixels of the result row by row, 0 for paper and 255 for ink.</summary>
internal sealed record PredictionSteps(bool DarkOnLight, double Contrast, IReadOnlyList<int> Size, IReadOnlyList<int> Box, int MarksLeftOut, int Thickened, IReadOnlyList<int> Fitted, IReadOnlyList<int> Place, IReadOnlyList<int> Pixels);

/// <summary><c>predict [RUN] IMAGE…</c>: what a network takes image files for.</summary>
internal static class PredictCommand
{
    private const int BarWidth = 40;
    private const int Shown = 3;

    public static int Run(Invocation.Predict command, Session session)
    {
        var (screen, world) = (session.Screen, session.Surroundings);
        var isRun = StoredRun.FolderOf(world.Directory, command.Words[0]) is not null;
        var images = command.Words.Skip(isRun ? 1 : 0).ToList();
        if (images.Count == 0)
        {
            screen.Error($"'lenet predict' needs an image: a PNG or JPEG file after the run '{command.Words[0]}'. 'lenet predict --help' says more.");
            return ExitCode.Usage;
        }

        var model = isRun ? RunAccess.Model(RunAccess.Read(command.Words[0], session), session) : ShippedModel.Model;
        if (!isRun)
            screen.Note($"With the network inside the program ({model.Experiment.Name}); 'lenet predict RUN IMAGE' uses one of yours.");
        using var workspace = new Workspace();
        var failures = 0;
        foreach (var image in images)
        {
            try
            {
                var digit = DigitPicture.Of(PictureFile.Read(world.FullPath(image), image), image);
                Print(command, screen, image, model, digit, model.Predict(digit.Image.ToImageSet(), workspace));
            }
            catch (DataException e)
            {
                failures++;
                screen.Error(e.Message);
            }
        }

        return failures == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static void Print(Invocation.Predict command, Screen screen, string image, TrainedModel model, DigitPicture digit, Prediction prediction)
    {
        screen.Event(
            new PredictionLine("prediction", image, model.Name, prediction.Class, prediction.Probability, prediction.Probabilities, command.Explain ? Steps(digit) : null),
            CommandJson.Configured.PredictionLine);
        if (!command.Explain)
        {
            var others = string.Join(", ", prediction.Ranked.Skip(1).Take(Shown - 1).Select(other => $"{other.Class}: {Percent.Of(other.Probability)}"));
            screen.Line($"{image}: {prediction.Class}  {Percent.Of(prediction.Probability)}  (then {others})");
            return;
        }

        foreach (var line in Explained(image, digit))
            screen.Line(line);
        screen.Table(new Grid().AddColumns(2).AddRow(Framed(digit.Found), Framed(digit.Image)));
        foreach (var (number, probability) in prediction.Probabilities.Index())
            screen.Line($"  {number}  {Percent.Of(probability),8}  {new string('█', (int)Math.Round(BarWidth * probability))}".TrimEnd());
        screen.Line($"{image}: {prediction.Class}");
    }

    private static Panel Framed(GreyImage image) => new(new HalfBlocks(image)) { Border = BoxBorder.Square, Padding = new Padding(0) };

    private static IEnumerable<string> Explained(string image, DigitPicture digit)
    {
        var (box, ink) = (digit.Box, digit.Ink);
        return
        [
            $"{image}: {digit.Picture}",
            string.Create(CultureInfo.InvariantCulture, $"  1. The paper is the brightness along the edges; the ink is {(ink.DarkOnLight ? "darker" : "lighter")}, by up to {ink.Contrast:F0} of 255."),
            $"  2. The digit is {box.Width}×{box.Height} pixels at column {box.Left}, row {box.Top}{(digit.Marks == 0 ? "" : $"; {digit.Marks} {(digit.Marks == 1 ? "mark beside it is" : "marks beside it are")} left out")}.",
            .. digit.Thickened == 0 ? Enumerable.Empty<string>() : [$"     Its strokes are thin: {digit.Thickened} {(digit.Thickened == 1 ? "pixel is" : "pixels are")} added on each side."],
            $"  3. Fitted into {DigitPicture.Inner}×{DigitPicture.Inner}, its aspect ratio kept: {digit.Fitted}.",
            $"  4. Its centre of mass goes to the middle of {DigitPicture.Side}×{DigitPicture.Side}: {digit.Left} columns to its left, {digit.Top} rows above.",
        ];
    }

    private static PredictionSteps Steps(DigitPicture digit) => new(
        digit.Ink.DarkOnLight, digit.Ink.Contrast, [digit.Picture.Width, digit.Picture.Height], [digit.Box.Left, digit.Box.Top, digit.Box.Width, digit.Box.Height], digit.Marks, digit.Thickened,
        [digit.Fitted.Width, digit.Fitted.Height], [digit.Left, digit.Top], [.. digit.Image.Pixels.ToArray().Select(pixel => (int)pixel)]);
}
