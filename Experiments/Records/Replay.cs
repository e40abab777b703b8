using FunctionalLeNet.Core.Formats;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Training;

namespace FunctionalLeNet.Experiments.Records;

/// <summary>Something that a run recorded, found again or not when the run was computed again.</summary>
/// <param name="Kind">What was compared.</param>
/// <param name="Place">Which of them; empty where there is one.</param>
/// <param name="Difference">How it differs; null where it is the same.</param>
/// <param name="Layer">The first layer that differs, where that can be told.</param>
internal sealed record Comparison(string Kind, string Place = "", string? Difference = null, string? Layer = null)
{
    /// <summary>What was compared and which: <c>loss of step 17</c>.</summary>
    public string What => Place.Length == 0 ? Kind : $"{Kind} {Place}";
}

/// <summary>Computes a run again and compares everything that it recorded, in the order in which it was recorded.</summary>
/// <param name="Run">The run.</param>
/// <param name="Plan">The run from its first moment.</param>
internal sealed record Replay(StoredRun Run, RunPlan Plan)
{
    /// <summary>
    /// The comparisons, each as soon as it is made. After the first difference only what may name the layer still follows: the next record of the weights.
    /// An unfinished run is compared as far as it was recorded.
    /// </summary>
    /// <param name="workspace">Threads and memory.</param>
    public IEnumerable<Comparison> Compare(Workspace workspace)
    {
        var recorded = new Queue<RunEvent>(Run.Metrics.Lines.Where(line => line is not (RunEvent.Checkpoint or RunEvent.Resume or RunEvent.Error or RunEvent.Summary)));
        var differs = false;
        foreach (var comparison in Against(recorded, [StartLine(), Moment.Weights(0, Plan.Start.Parameters), Moment.Histograms(0, Plan, Plan.Start.Parameters, workspace)]).Append(CheckpointOf(Plan.Start)).OfType<Comparison>())
        {
            differs |= comparison.Difference is not null;
            yield return comparison;
        }

        if (differs)
            yield break;
        foreach (var moment in Moment.Of(Plan, workspace, () => TimeSpan.Zero))
        {
            var comparisons = Against(recorded, moment.Lines(Plan.Experiment.Batch)).Concat(moment switch
            {
                Moment.Rest(var made, _) when !differs && Run.Checkpoints.Steps.Contains(made.Step) => [CheckpointOf(made.State())],
                Moment.End end when !differs && Run.IsSealed => [WeightsFile(end.Parameters)],
                _ => Enumerable.Empty<Comparison?>(),
            });
            foreach (var comparison in comparisons.OfType<Comparison>())
            {
                var isNew = comparison.Difference is not null && (!differs || comparison.Layer is not null);
                if (!differs || isNew)
                    yield return comparison;
                differs |= comparison.Difference is not null;
                if (differs && comparison.Layer is not null)
                    yield break;
            }

            if (recorded.Count == 0)
                yield break;
        }

        if (recorded.Count > 0 && !differs)
            yield return new(RunFolder.MetricsFile, "", $"it goes on after the run's end: {recorded.Peek().ToLine()}");
    }

    private RunEvent.Start StartLine() => Run.Metrics.Lines is [RunEvent.Start start, ..]
        ? start with { Experiment = Plan.Experiment.Name, Seed = Run.Manifest.Result.Seed, WeightsSha256 = Hashes.OfParameters(Plan.Start.Parameters) }
        : new(Run.Name, Plan.Experiment.Name, Run.Manifest.Result.Seed, 0, Hashes.OfParameters(Plan.Start.Parameters));

    private static IEnumerable<Comparison> Against(Queue<RunEvent> recorded, IEnumerable<RunEvent> computed)
    {
        foreach (var here in computed)
        {
            if (recorded.Count == 0)
                yield break;
            // Older programs did not record them.
            if (here is RunEvent.Histograms && recorded.Peek() is not RunEvent.Histograms)
                continue;
            yield return Compared(recorded.Dequeue(), here);
        }
    }

    private static Comparison Compared(RunEvent recorded, RunEvent here) => (recorded, here) switch
    {
        (RunEvent.Start one, RunEvent.Start other) => new("initial weights", "", one == other ? null : Text(one.WeightsSha256, other.WeightsSha256)),
        (RunEvent.Order one, RunEvent.Order other) => new("order of the data", $"in epoch {other.Number}", one == other ? null : Text(one.OrderSha256, other.OrderSha256)),
        (RunEvent.Step one, RunEvent.Step other) => new("loss", $"of step {other.Number}", one == other ? null : Text($"{one.Loss:R} at step {one.Number}", $"{other.Loss:R}")),
        (RunEvent.Weights one, RunEvent.Weights other) => one == other
            ? new("weights", $"after step {other.AfterStep}")
            : new("weights", $"after step {other.AfterStep}", "they differ", Layer(one.Tensors.Zip(other.Tensors).Where(pair => pair.First != pair.Second).Select(pair => pair.Second.Name).FirstOrDefault())),
        (RunEvent.Histograms one, RunEvent.Histograms other) => new(
            "histograms", $"after step {other.AfterStep}", one == other ? null : "they differ",
            one == other ? null : Layer(one.Layers.Zip(other.Layers).Where(pair => pair.First != pair.Second).Select(pair => pair.Second.Name).FirstOrDefault())),
        (RunEvent.Epoch one, RunEvent.Epoch other) => new("figures", $"of epoch {other.Number}", Fields(
            ("step", one.AfterStep, other.AfterStep), ("train_loss", one.TrainLoss, other.TrainLoss), ("train_accuracy", one.TrainAccuracy, other.TrainAccuracy),
            ("test_loss", one.TestLoss, other.TestLoss), ("test_accuracy", one.TestAccuracy, other.TestAccuracy), ("weights_sha256", one.WeightsSha256, other.WeightsSha256))),
        (RunEvent.Evaluation one, RunEvent.Evaluation other) => new("evaluation", $"after step {other.AfterStep}", Fields(
            ("step", one.AfterStep, other.AfterStep), ("test_loss", one.TestLoss, other.TestLoss), ("test_accuracy", one.TestAccuracy, other.TestAccuracy))),
        (RunEvent.Finished one, RunEvent.Finished other) => new("test logits and final weights", "", Fields(
            ("steps", one.Steps, other.Steps), ("test_loss", one.TestLoss, other.TestLoss), ("test_accuracy", one.TestAccuracy, other.TestAccuracy),
            ("logits_sha256", one.LogitsSha256, other.LogitsSha256), ("weights_sha256", one.WeightsSha256, other.WeightsSha256))),
        _ => new("lines", $"of {RunFolder.MetricsFile}", Text(recorded.ToLine(), here.ToLine())),
    };

    private Comparison? CheckpointOf(TrainingState here)
    {
        const string What = "checkpoint";
        var step = here.Position.Step;
        if (!Run.Checkpoints.Steps.Contains(step))
            return null;
        var (place, bytes) = ($"of step {step}", Run.Checkpoints.Read(step));
        if (!Checkpoint.IsWhole(bytes))
            return new(What, place, "it is torn or damaged: its SHA-256 is not the one in it");
        var recorded = Checkpoint.OfBytes(bytes, $"{Run.Name}/{CheckpointFolder.NameOf(step)}").State;
        if (recorded == here)
            return new(What, place);
        var tensor = Tensors(recorded).Zip(Tensors(here)).Where(pair => pair.First.Path != pair.Second.Path || !pair.First.Value.Equals(pair.Second.Value)).Select(pair => pair.Second.Path).FirstOrDefault();
        return new(What, place, tensor is null ? "its position or its random numbers differ" : $"{tensor} differs", tensor is null ? null : Layer(tensor[(tensor.IndexOf('/', StringComparison.Ordinal) + 1)..]));
    }

    private Comparison WeightsFile(Tree<Tensor> here)
    {
        var file = SafeTensors.Read(File.ReadAllBytes(Path.Combine(Run.Path, RunFolder.WeightsFile)), $"{Run.Name}/{RunFolder.WeightsFile}");
        var expected = SafeTensorsFile.Of(here).Tensors;
        return file.Tensors == expected
            ? new(RunFolder.WeightsFile)
            : new(RunFolder.WeightsFile, "", "it holds other weights", Layer(expected.Where(tensor => !file.Tensors.Contains(tensor)).Select(tensor => tensor.Name).FirstOrDefault()));
    }

    private static IEnumerable<(string Path, Tensor Value)> Tensors(TrainingState state) => state.Parameters.Leaves.Select(leaf => ($"parameters/{leaf.Path}", leaf.Value))
        .Concat(state.Optimizer.Moments.SelectMany(moment => moment.Values.Leaves.Select(leaf => ($"{moment.Name}/{leaf.Path}", leaf.Value))));

    /// <summary>The layer of a parameter: all of its name but the last part.</summary>
    private static string? Layer(string? parameter) => parameter is null ? null : SafeTensorsFile.NameOf(parameter) is var name && name.LastIndexOf('.') is var end && end > 0 ? name[..end] : name;

    private static string? Fields(params IEnumerable<(string Name, Fact Recorded, Fact Here)> fields) =>
        fields.Where(field => field.Recorded != field.Here).Select(field => $"{field.Name}: {Text(field.Recorded.Text, field.Here.Text)}").FirstOrDefault();

    private static string Text(string recorded, string here) => $"recorded {recorded}, here {here}";

    /// <summary>A number or a text, compared by what is written of it: numbers are written so that no two have one text.</summary>
    private readonly record struct Fact(string Text)
    {
        public static implicit operator Fact(double number) => new(number.ToString("R", System.Globalization.CultureInfo.InvariantCulture));
        public static implicit operator Fact(long number) => new(number.ToString(System.Globalization.CultureInfo.InvariantCulture));
        public static implicit operator Fact(string text) => new(text);
    }
}
