using FunctionalLeNet.Core.Random;

namespace FunctionalLeNet.Autodiff;

/// <summary>
/// What a network is computed for. Training may draw random numbers, and so needs a key to draw them from; evaluation draws none.
/// A value and not a switch on the network: the same network and parameters serve both.
/// </summary>
public abstract record Mode
{
    private Mode() { }

    /// <summary>Training: dropout drops.</summary>
    /// <param name="Key">What every random number of this one evaluation follows from; each layer draws from the child named by its path.</param>
    public sealed record Training(Key Key) : Mode;

    /// <summary>Evaluation: dropout passes everything on.</summary>
    public sealed record Evaluation : Mode;
}
