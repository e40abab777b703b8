using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Training;

namespace FunctionalLeNet.Experiments.Reports;

/// <summary>How often which class was taken for which.</summary>
/// <param name="Counts">A row for each class, in it how often each class was the answer.</param>
internal sealed record Confusion(EquatableArray<EquatableArray<int>> Counts)
{
    /// <summary>The counts of some answers.</summary>
    /// <param name="answers">The answers, each with as many probabilities as there are classes.</param>
    public static Confusion Of(EquatableArray<Answer> answers)
    {
        var classes = answers.Count == 0 ? 0 : answers[0].Probabilities.Count;
        var counts = answers.CountBy(answer => (answer.Label, answer.Prediction)).ToDictionary();
        return new(Enumerable.Range(0, classes).Select(label => Enumerable.Range(0, classes).Select(prediction => counts.GetValueOrDefault((label, prediction))).ToEquatableArray()).ToEquatableArray());
    }

    /// <summary>Samples in all.</summary>
    public int Count => Counts.Sum(row => row.Sum());

    /// <summary>Samples whose answer was right.</summary>
    public int Correct => Counts.Index().Sum(row => row.Item[row.Index]);

    /// <summary>The classes, each with its samples and how many of them were answered rightly.</summary>
    public IEnumerable<(int Class, int Count, int Correct)> Classes => Counts.Index().Select(row => (row.Index, row.Item.Sum(), row.Item[row.Index]));

    /// <summary>The accuracy's interval.</summary>
    public Interval Interval => Interval.Wilson(Correct, Count);
}
