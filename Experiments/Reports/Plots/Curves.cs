using FunctionalLeNet.Experiments.Records;
using OxyPlot.Axes;

namespace FunctionalLeNet.Experiments.Reports.Plots;

/// <summary>How a run went, over its epochs.</summary>
internal static class Curves
{
    private const int Width = 440;
    private const int Height = 260;
    private const int Most = 300;
    private const double Steep = 5;
    private const double Margin = 0.03;

    /// <summary>The mean loss of a sample: of each step, of each epoch as its samples were seen, and of the test images.</summary>
    /// <param name="report">The run.</param>
    public static Plot Loss(RunReport report)
    {
        var (steps, train, test) = (Thinned(StepLosses(report)), TrainLosses(report), TestLosses(report));
        var all = steps.Concat(train).Concat(test).Select(point => point.Y).Where(double.IsFinite).ToList();
        var logarithmic = all.Count > 0 && all.Min() > 0 && all.Max() / all.Min() > Steep;
        return Over(
            report,
            logarithmic ? "loss (logarithmic)" : "loss",
            logarithmic,
            palette => [Plot.Curve("training, by step", palette.First, steps, faint: true), Plot.Curve("training", palette.First, train, marked: true), Plot.Curve("test", palette.Second, test, marked: true)]);
    }

    /// <summary>The share of right answers in %: of each epoch as its samples were seen, and of the test images.</summary>
    /// <param name="report">The run.</param>
    public static Plot Accuracy(RunReport report) => Over(
        report,
        "accuracy in %",
        logarithmic: false,
        palette => [Plot.Curve("training", palette.First, TrainAccuracies(report), marked: true), Plot.Curve("test", palette.Second, TestAccuracies(report), marked: true)]);

    /// <summary>The learning rate.</summary>
    /// <param name="report">The run.</param>
    public static Plot LearningRate(RunReport report) => Over(report, "learning rate", logarithmic: false, palette => [Plot.Curve(null, palette.First, LearningRates(report))]);

    /// <summary>The loss of a sample in each step.</summary>
    /// <param name="report">The run.</param>
    /// <remarks>A step's line has the loss that the optimizer saw: the mean over its batch, or the sum.</remarks>
    public static IReadOnlyList<(double X, double Y)> StepLosses(RunReport report)
    {
        var samples = report.Plan.Experiment.Reduction == Autodiff.Reduction.Sum ? report.Plan.Experiment.Batch : 1;
        return [.. report.Events.OfType<RunEvent.Step>().Select(step => (report.Epochs(step.Number), (double)step.Loss / samples))];
    }

    /// <summary>The mean training loss of each epoch, at its end.</summary>
    /// <param name="report">The run.</param>
    public static IReadOnlyList<(double X, double Y)> TrainLosses(RunReport report) => [.. report.Events.OfType<RunEvent.Epoch>().Select(epoch => (report.Epochs(epoch.AfterStep), epoch.TrainLoss))];

    /// <summary>The training accuracy of each epoch in %, at its end.</summary>
    /// <param name="report">The run.</param>
    public static IReadOnlyList<(double X, double Y)> TrainAccuracies(RunReport report) => [.. report.Events.OfType<RunEvent.Epoch>().Select(epoch => (report.Epochs(epoch.AfterStep), 100 * epoch.TrainAccuracy))];

    /// <summary>The test loss whenever it was measured.</summary>
    /// <param name="report">The run.</param>
    public static IReadOnlyList<(double X, double Y)> TestLosses(RunReport report) => [.. Measured(report).Select(measured => (report.Epochs(measured.Step), measured.Loss))];

    /// <summary>The test accuracy in % whenever it was measured.</summary>
    /// <param name="report">The run.</param>
    public static IReadOnlyList<(double X, double Y)> TestAccuracies(RunReport report) => [.. Measured(report).Select(measured => (report.Epochs(measured.Step), 100 * measured.Accuracy))];

    /// <summary>The learning rate before steps evenly apart, all of them where there are not too many.</summary>
    /// <param name="report">The run.</param>
    public static IReadOnlyList<(double X, double Y)> LearningRates(RunReport report)
    {
        var steps = report.Plan.Steps;
        var points = (int)Math.Min(steps, Most);
        return [.. Enumerable.Range(0, points).Select(point => points == 1 ? 0 : point * (steps - 1) / (points - 1)).Select(step => (report.Epochs(step), report.Plan.Rate(step)))];
    }

    private static IEnumerable<(long Step, double Loss, double Accuracy)> Measured(RunReport report) => report.Events.SelectMany(line => line switch
    {
        RunEvent.Epoch epoch => [(epoch.AfterStep, epoch.TestLoss, epoch.TestAccuracy)],
        RunEvent.Evaluation evaluation => [(evaluation.AfterStep, evaluation.TestLoss, evaluation.TestAccuracy)],
        RunEvent.Finished end => [(end.Steps, end.TestLoss, end.TestAccuracy)],
        _ => Enumerable.Empty<(long, double, double)>(),
    }).DistinctBy(measured => measured.Item1);

    /// <summary>So many neighbours each taken for one, with their mean, that not too many are left.</summary>
    private static List<(double X, double Y)> Thinned(IReadOnlyList<(double X, double Y)> points) =>
        [.. points.Chunk(Math.Max(1, (points.Count + Most - 1) / Most)).Select(part => (part.Average(point => point.X), part.Average(point => point.Y)))];

    private static Plot Over(RunReport report, string title, bool logarithmic, Func<Palette, IEnumerable<OxyPlot.Series.Series>> curves) => new(Width, Height, palette =>
    {
        var end = report.Epochs(report.Finished.Steps);
        var model = Plot.Empty(palette);
        var epochs = Plot.Axis(palette, AxisPosition.Bottom, "epochs");
        (epochs.Minimum, epochs.Maximum) = (-Margin * end, (1 + Margin) * end);
        model.Axes.Add(epochs);
        model.Axes.Add(Plot.Axis(palette, AxisPosition.Left, title, logarithmic));
        foreach (var curve in curves(palette))
            model.Series.Add(curve);
        return model;
    });
}
