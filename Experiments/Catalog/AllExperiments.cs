using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Experiments.Catalog;

/// <summary>All experiments by name.</summary>
public static class AllExperiments
{
    /// <summary>In the order of the list.</summary>
    public static EquatableArray<Experiment> InOrder { get; } = [LeNet5.Digits, Folk.Experiment, LeNet5.Official, LeNet5.RepDl, Fast.Experiment, LeNet1998.Experiment, Classic.Sigmoid, Classic.Tanh, TensorFlow.Experiment];

    /// <summary>Variants that an option of the command line chooses, known to the runs that were made of them.</summary>
    public static EquatableArray<Experiment> Variants { get; } = [LeNet1998.Distorted];

    /// <summary>The experiment or variant of a name; null where there is none.</summary>
    /// <param name="name">The name.</param>
    public static Experiment? Find(string name) => InOrder.Concat(Variants).FirstOrDefault(experiment => experiment.Name == name);
}
