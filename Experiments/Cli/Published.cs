using System.Text.Json;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Data;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary>The numbers that Microsoft's RepDL publishes of its LeNet-5 run: https://github.com/microsoft/RepDL, README; arXiv:2510.09180.</summary>
internal static class PublishedByRepDl
{
    /// <summary>SHA-256 of the initial weights.</summary>
    public const string Initial = "2a2d133895b1684e55d0f152ead2914b55adc551d9790a4b4585309b79c60362";

    /// <summary>SHA-256 of the weights after two epochs.</summary>
    public const string Trained = "31ee86a7f75dbd76bac22f209617eb7349f93b0ede116dba924f328cac3013f1";

    /// <summary>Accuracy on the test set.</summary>
    public const double Accuracy = 0.9804;

    /// <summary>SHA-256 of the logits of the 10,000 test images.</summary>
    public const string Logits = "0ca34dcd37105b4af690c46a62407b4b9b097d1063864c6d99f4309aeb4bca3e";
}

/// <summary>What PyTorch prints for the tutorials' network with seed 0; the first steps come from Tests/Reference/folk_steps.py.</summary>
internal static class PrintedByPyTorch
{
    /// <summary>The mean training loss of each epoch.</summary>
    public static EquatableArray<double> Losses { get; } = [0.38665, 0.10589, 0.07956, 0.06769, 0.05858, 0.05493, 0.05011, 0.04620, 0.04255, 0.04059];

    /// <summary>The training accuracy of each epoch.</summary>
    public static EquatableArray<double> Accuracies { get; } = [0.88055, 0.96752, 0.97532, 0.97942, 0.98258, 0.98275, 0.98455, 0.98545, 0.98668, 0.98727];

    /// <summary>The accuracy on the test set after the last epoch.</summary>
    public const double TestAccuracy = 0.9832;

    /// <summary>The summed losses of the first 100 steps, as <c>Tests/Reference/folk_steps.py</c> wrote them.</summary>
    public static EquatableArray<double> FirstSteps()
    {
        using var document = JsonDocument.Parse(Embedded.Bytes("Repro/folk_steps.json"));
        return document.RootElement.GetProperty("losses").EnumerateArray().Select(loss => loss.GetDouble()).ToEquatableArray();
    }
}

/// <summary>What LeCun et al. 1998, section III-B, reports of LeNet-5 on MNIST, in percent.</summary>
internal static class PublishedInThePaper
{
    /// <summary>The test error without distortions.</summary>
    public const double TestError = 0.95;

    /// <summary>The training error after 19 passes.</summary>
    public const double TrainingError = 0.35;

    /// <summary>The test error with distorted training images.</summary>
    public const double DistortedTestError = 0.8;

    /// <summary>The uncertainty of the quoted error rates, as the paper states it.</summary>
    public const double Uncertainty = 0.1;

    /// <summary>The training sets of figure 6.</summary>
    public static EquatableArray<int> Sizes { get; } = [15_000, 30_000, 60_000];
}

/// <summary>What the tutorial printed of its own run of <c>folk</c>, whose seed it does not say.</summary>
internal static class PrintedByTutorial
{
    /// <summary>The mean training loss of each epoch.</summary>
    public static EquatableArray<double> Losses { get; } = [0.39701, 0.10656, 0.08275, 0.06917, 0.06041, 0.05388, 0.04801, 0.04432, 0.04174, 0.03946];

    /// <summary>The training accuracy of each epoch, in per cent.</summary>
    public static EquatableArray<double> Accuracies { get; } = [87.57, 96.69, 97.48, 97.87, 98.15, 98.35, 98.51, 98.62, 98.69, 98.75];
}
