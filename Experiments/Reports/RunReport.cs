using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Experiments.Training;

namespace FunctionalLeNet.Experiments.Reports;

/// <summary>All that a run's report tells, computed from what the run recorded and learned: the same whenever it is computed.</summary>
/// <param name="Manifest">What fixes the run, and where it was made.</param>
/// <param name="Events">What it recorded.</param>
/// <param name="Plan">The run.</param>
/// <param name="Parameters">What it learned.</param>
/// <param name="Answers">What it answers to each test image.</param>
internal sealed record RunReport(Manifest Manifest, EquatableArray<RunEvent> Events, RunPlan Plan, Tree<Tensor> Parameters, EquatableArray<Answer> Answers)
{
    /// <summary>The test image that is followed through the layers.</summary>
    public const int Followed = 0;

    /// <summary>Computes a finished run's report.</summary>
    /// <param name="run">The run.</param>
    /// <param name="plan">The run, ready to be computed.</param>
    /// <param name="parameters">What it learned.</param>
    /// <param name="test">What that makes of the test images.</param>
    public static RunReport Of(StoredRun run, RunPlan plan, Tree<Tensor> parameters, Evaluation test) =>
        new(run.Manifest, run.Metrics.Lines, plan with { Experiment = plan.Experiment with { Data = run.Manifest.Result.Data.Name } }, parameters, Answer.Of(test, plan.Test, plan.Experiment.Loss));

    /// <summary>The run's folder as it was given.</summary>
    public string Name => Events is [RunEvent.Start start, ..] ? start.Run : Manifest.Result.Experiment;

    /// <summary>The run's last line.</summary>
    public RunEvent.Finished Finished => Events.OfType<RunEvent.Finished>().Last();

    /// <summary>Who is taken for whom.</summary>
    public Confusion Confusion { get; } = Confusion.Of(Answers);

    /// <summary>The wrong answers, the worst first.</summary>
    public EquatableArray<Answer> Mistakes { get; } = Answer.Mistakes(Answers);

    /// <summary>The convolutions, C1 first.</summary>
    public IEnumerable<LayerShape> Convolutions => Shapes.Of(Plan.Experiment.Network).Where(step => step.Layer is Core.Layers.Layer.Convolution);

    /// <summary>What goes into the network for the followed image, and what every layer makes of it.</summary>
    public EquatableArray<(string Path, string Layer, Tensor Value)> Maps
    {
        get
        {
            var input = Plan.Test.Batch(1).First().ToTensor();
            return LayerSnapshot.Outputs(Plan.Experiment.Network, Parameters, input).Select(output => (output.Layer.Path, Summary.Text(output.Layer.Layer), output.Value)).Prepend(("input", "", input)).ToEquatableArray();
        }
    }

    /// <summary>How the weights of each layer were spread over time, and the gradient by them: name by name, the epoch as text.</summary>
    public EquatableArray<(string Name, EquatableArray<(string When, Histogram Histogram)> Weights, EquatableArray<(string When, Histogram Histogram)> Gradients)> Histograms =>
        Events.OfType<RunEvent.Histograms>().SelectMany(line => line.Layers.Select(layer => (line.AfterStep, Layer: layer))).GroupBy(line => line.Layer.Name).Select(group => (
            group.Key,
            group.Select(line => (When(line.AfterStep), line.Layer.Weights)).ToEquatableArray(),
            group.Select(line => (When(line.AfterStep), line.Layer.Gradients)).ToEquatableArray())).ToEquatableArray();

    /// <summary>So many steps in epochs.</summary>
    /// <param name="step">Steps.</param>
    public double Epochs(long step) => (double)step / Plan.StepsOfEpoch;

    private string When(long step) => Epochs(step).ToString("0.#", System.Globalization.CultureInfo.InvariantCulture);
}
