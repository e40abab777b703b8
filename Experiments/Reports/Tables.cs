using System.Globalization;
using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Optimizers;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Bench;
using FunctionalLeNet.Experiments.Catalog;
using Spectre.Console;

namespace FunctionalLeNet.Experiments.Reports;

/// <summary>Tables for people.</summary>
internal static class Tables
{
    /// <summary>The experiments, without what each of them is; of their optimizers only the kind and the rate.</summary>
    /// <param name="experiments">In order.</param>
    public static Table Of(IEnumerable<Experiment> experiments)
    {
        var table = New(("Experiment", false), ("Network", false), ("Data", false), ("Optimizer", false), ("Parameters", true));
        foreach (var experiment in experiments)
            Row(table, experiment.Name, Text(experiment.Network), experiment.Data, Brief(experiment.Optimizer), Count(Cost.Of(experiment.Network).Parameters));
        return table;
    }

    /// <summary>A network layer by layer.</summary>
    /// <param name="summary">The network.</param>
    public static Table Of(NetworkSummary summary)
    {
        var table = New(("Name", false), ("Layer", false), ("Output", false), ("Parameters", true), ("Connections", true), ("Mult-adds", true));
        Row(table, "", "input", Sides(summary.Input), "", "", "");
        foreach (var layer in summary.Layers)
            Row(table, layer.Name, layer.Text, Sides(layer.Output), Count(layer.Cost.Parameters), Count(layer.Cost.Connections), Count(layer.Cost.MultiplyAdds));
        // Eighty columns, also for the widest network: shapes and numbers keep apart by themselves.
        table.Columns[2].Padding = new Padding(0, 0, 0, 0);
        table.ShowFooters();
        table.Columns[0].Footer = new Text("total");
        table.Columns[3].Footer = new Text(Count(summary.Total.Parameters));
        table.Columns[4].Footer = new Text(Count(summary.Total.Connections));
        table.Columns[5].Footer = new Text(Count(summary.Total.MultiplyAdds));
        return table;
    }

    /// <summary>Networks as wholes.</summary>
    /// <param name="measurements">In order.</param>
    public static Table Of(IEnumerable<Measurement> measurements)
    {
        var table = New(("", false), ("Batch", true), ("Images/s", true), ("µs", true), ("times MathNet", true));
        foreach (var m in measurements)
            Row(table, m.Name, Count(m.Batch), Count((long)m.ImagesPerSecond), Significant(m.Microseconds), m.MathNetSeconds > 0 ? Significant(m.TimesMathNet) : "");
        return table;
    }

    /// <summary>The products of a network's layers: for each GFLOP/s, the share of the peak, and how many times as fast as MathNet's.</summary>
    /// <param name="layers">In order.</param>
    /// <param name="peak">What the threads can do at most, in GFLOP/s.</param>
    public static Table Of(IEnumerable<LayerMeasurement> layers, double peak)
    {
        var table = New(("Layer", false), ("Product", false), ("Forward", true), ("Input gradient", true), ("Weight gradient", true));
        foreach (var layer in layers)
            Row(table, layer.Path, $"{layer.Rows}x{layer.Inner} {layer.Inner}x{layer.Columns}", Cell(layer.Forward), layer.InputGradient is { } gradient ? Cell(gradient) : "", Cell(layer.WeightGradient));
        return table;

        string Cell(Measurement m) => string.Create(CultureInfo.InvariantCulture, $"{m.Gflops,3:F0} {m.Gflops / peak,5:P0} {m.TimesMathNet,4:F0}x");
    }

    /// <summary>A table of words without a total.</summary>
    /// <param name="header">The columns' names and whether they hold numbers.</param>
    /// <param name="rows">The rows.</param>
    public static Table Of(IReadOnlyList<(string Name, bool IsNumber)> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = New([.. header]);
        foreach (var row in rows)
            Row(table, [.. row]);
        return table;
    }

    /// <summary>Names with a text each, which may be long.</summary>
    /// <param name="pairs">The pairs.</param>
    public static Grid Of(IEnumerable<(string Name, string Text)> pairs)
    {
        var grid = new Grid().AddColumn(new GridColumn { Padding = new Padding(1, 0, 2, 0), NoWrap = true }).AddColumn(new GridColumn { Padding = new Padding(0, 0, 0, 0) });
        foreach (var (name, text) in pairs)
            grid.AddRow(new Text(name), new Text(text));
        return grid;
    }

    /// <summary>An experiment's settings, a name and a text each.</summary>
    /// <param name="experiment">The experiment.</param>
    public static IEnumerable<(string Name, string Text)> Settings(Experiment experiment) =>
    [
        ("optimizer", experiment.Optimizer is OptimizerSettings.LevenbergMarquardt levenberg
            ? $"stochastic diagonal Levenberg-Marquardt, η {Number(levenberg.LearningRate)}, μ {Number(levenberg.Mu)}, second derivatives on {levenberg.Patterns} patterns before each epoch"
            : Text(experiment.Optimizer)),
        ("learning rate", Text(experiment.Schedule)),
        ("loss", $"{experiment.Loss.Text}, {(experiment.Reduction == Reduction.Mean ? "mean" : "sum")} over the batch"),
        ("batch", Count(experiment.Batch)),
        ("limit", Text(experiment.Limit)),
        ("data", experiment.Data),
        ("pixels", (experiment.Greys == new GreyScale(0, 1) ? "byte / 255" : Invariant($"from {experiment.Greys.Background} for background to {experiment.Greys.Ink} for ink"))
            + (experiment.Padding == 0 ? "" : $", with {experiment.Padding} rows and columns of {(experiment.Greys.Background == 0 ? "zeros" : "background")} on each side")),
        .. experiment.Shifts == 0 ? Array.Empty<(string, string)>() : [("shifts", $"every training image also moved by up to {experiment.Shifts} pixels up, down and sideways")],
        .. experiment.Distortion is { } distortion ? [("distortions", distortion.Text)] : Array.Empty<(string, string)>(),
        .. experiment.HeldOut == 0 ? Array.Empty<(string, string)>() : [("held out", $"the first of {experiment.HeldOut} equal parts of the training images, for validation")],
        .. experiment.Evaluations is Evaluations.BySteps(var every) ? [("measured", $"on the test set after step 1 and every {every} steps, ten times; then ten times as far apart, and so on")] : Array.Empty<(string, string)>(),
        ("start", Text(experiment.Initialisation) + (experiment.Constructions == 1 ? "" : $", drawn {experiment.Constructions} times, the first kept")),
        ("seed", $"0 unless --seed is given: as torch.manual_seed, then the weights in layer order, then the order of {(experiment.SameOrder ? "all epochs" : "each epoch")} as DataLoader(shuffle=True) draws it"),
        .. experiment.Notes.Select(note => ("", note)),
    ];

    /// <summary>An optimizer with the numbers that matter.</summary>
    /// <param name="optimizer">The optimizer.</param>
    public static string Text(OptimizerSettings optimizer) => optimizer.Match(
        sgd => $"SGD {Number(sgd.LearningRate)}{Unless(0, sgd.Momentum, "momentum")}{Unless(0, sgd.Dampening, "dampening")}{Unless(0, sgd.WeightDecay, "weight decay")}{(sgd.Nesterov ? ", Nesterov" : "")}",
        adam => $"Adam {Number(adam.LearningRate)}{Unless(0.9, adam.Beta1, "β1")}{Unless(0.999, adam.Beta2, "β2")}{Unless(1e-8, adam.Epsilon, "ε")}{Unless(0, adam.WeightDecay, "weight decay")}",
        adam => $"Adam (TensorFlow's) {Number(adam.LearningRate)}{Unless(0.9, adam.Beta1, "β1")}{Unless(0.999, adam.Beta2, "β2")}{Unless(1e-8, adam.Epsilon, "ε")}",
        levenberg => $"SDLM {Number(levenberg.LearningRate)}",
        adam => $"AdamW {Number(adam.LearningRate)}{Unless(0.9, adam.Beta1, "β1")}{Unless(0.999, adam.Beta2, "β2")}{Unless(1e-8, adam.Epsilon, "ε")}, weight decay {Number(adam.WeightDecay)}",
        rmsProp => $"RMSProp {Number(rmsProp.LearningRate)}{Unless(0.99, rmsProp.Alpha, "α")}{Unless(1e-8, rmsProp.Epsilon, "ε")}{Unless(0, rmsProp.WeightDecay, "weight decay")}{Unless(0, rmsProp.Momentum, "momentum")}{(rmsProp.Centered ? ", centred" : "")}",
        adaGrad => $"AdaGrad {Number(adaGrad.LearningRate)}{Unless(0, adaGrad.LearningRateDecay, "decay")}{Unless(0, adaGrad.WeightDecay, "weight decay")}{Unless(0, adaGrad.InitialAccumulator, "initial accumulator")}{Unless(1e-10, adaGrad.Epsilon, "ε")}",
        clipped => $"{Text(clipped.Inner)}, gradients clipped to norm {Number(clipped.Norm)}");

    // Its kind and its rate: a column of a table is narrow.
    private static string Brief(OptimizerSettings optimizer) => optimizer.Match(
        _ => "SGD ", _ => "Adam ", _ => "Adam ", _ => "SDLM ", _ => "AdamW ", _ => "RMSProp ", _ => "AdaGrad ", clipped => Brief(clipped.Inner).Split(' ')[0] + " ")
        + Number(optimizer.Rate);

    /// <summary>An initialisation in words that say everything about it.</summary>
    /// <param name="initialisation">The initialisation.</param>
    public static string Text(Core.Layers.Initialisation initialisation) => initialisation == Core.Layers.Initialisation.Torch
        ? "PyTorch's default initialisation"
        : initialisation.Weights == initialisation.Biases ? $"weights and biases {Text(initialisation.Weights)}"
        : $"weights {Text(initialisation.Weights)}, biases {Text(initialisation.Biases)}";

    private static string Text(Core.Layers.Initialiser initialiser) => initialiser.Match(
        constant => constant.Value.ToString("R", CultureInfo.InvariantCulture),
        _ => "uniform within 1/√fan-in",
        byFanIn => $"uniform within {Number(byFanIn.Range)} / fan-in",
        _ => "uniform with deviation 1/√fan-in of each unit",
        scaled => $"{(scaled.Law == Core.Layers.Law.Uniform ? "uniform" : "normal")} with deviation {Number(scaled.Gain)}/√{(scaled.Fan == Core.Layers.Fan.In ? "fan-in" : "(mean of fan-in and fan-out)")}",
        truncated => $"normal with deviation {Number(truncated.StandardDeviation)}, cut at two deviations");

    /// <summary>A schedule in words.</summary>
    /// <param name="schedule">The schedule.</param>
    public static string Text(Schedule schedule) => schedule switch
    {
        Schedule.Cosine => "cosine, down to 0",
        Schedule.Triangle triangle => $"triangle, up for {Number(triangle.WarmUp)} of the run, then down to 0",
        Schedule.Passes passes => $"by pass, times {string.Join(", ", passes.Factors.Select(part => $"{Number(part.Factor)} for {part.Count}"))}",
        Schedule.Stairs stairs => $"stairs, times {Number(stairs.Decay)} every {Count(stairs.Every)} steps",
        Schedule.OneCycle cycle => $"one cycle, from 1/{Number(cycle.Divisor)} up for {Number(cycle.WarmUp)} of the run, then down to 1/{Number(cycle.Divisor * cycle.FinalDivisor)}",
        Schedule.LinearWarmUp first => $"up in a straight line for {Count(first.Steps)} steps, then {Text(first.Then)}",
        _ => "constant",
    };

    /// <summary>A limit in words.</summary>
    /// <param name="limit">The limit.</param>
    public static string Text(Limit limit) => (limit.Epochs, limit.Steps) switch
    {
        (var epochs, long.MaxValue) => $"{Count(epochs)} {(epochs == 1 ? "epoch" : "epochs")}",
        (int.MaxValue, var steps) => $"{Count(steps)} {(steps == 1 ? "step" : "steps")}",
        var (epochs, steps) => $"{Count(epochs)} epochs or {Count(steps)} steps, whichever comes first",
    };

    /// <summary>A network in a few words: its input and the sizes of its layers with weights.</summary>
    /// <param name="network">The network.</param>
    public static string Text(Core.Layers.Network network) => string.Join(" ", Shapes.Of(network)
        .SelectMany<LayerShape, string>(step => step.Layer.Match<IEnumerable<string>>(
            convolution => [step.Output.Rest.Count == 1 ? $"{convolution.Channels}" : $"{convolution.Channels}@{convolution.Kernel.Height}x{convolution.Kernel.Width}"],
            _ => [],
            _ => [],
            _ => [],
            _ => [],
            _ => [],
            _ => [],
            _ => [],
            linear => [$"{linear.Features}"],
            basis => [$"{basis.Targets.Count}"],
            _ => [],
            _ => [],
            _ => []))
        .Prepend(string.Join("x", network.Input.Skip(1))));

    /// <summary>A whole number with its thousands apart.</summary>
    /// <param name="number">The number.</param>
    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number with about three digits.</summary>
    private static string Significant(double number) => number >= 100 ? Count((long)Math.Round(number)) : number.ToString(number >= 10 ? "F1" : "F2", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private static string Sides(Shape shape) => string.Join("x", shape);

    private static string Number(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static string Unless(double usual, double value, string name) => value == usual ? "" : $", {name} {Number(value)}";

    private static Table New(params ReadOnlySpan<(string Name, bool IsNumber)> header)
    {
        var table = new Table { Border = TableBorder.Horizontal };
        foreach (var (i, (name, isNumber)) in header.ToArray().Index())
            table.AddColumn(new TableColumn(new Text(name, new Style(decoration: Decoration.Bold)))
            {
                Alignment = isNumber ? Justify.Right : Justify.Left,
                NoWrap = isNumber,
                Padding = new Padding(0, 0, i == header.Length - 1 ? 0 : 1, 0),
            });
        return table;
    }

    // Text, not markup: a square bracket is a shape here.
    private static void Row(Table table, params IEnumerable<string> cells) => table.AddRow(cells.Select(cell => new Text(cell)));
}
