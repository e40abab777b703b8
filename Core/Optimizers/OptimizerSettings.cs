namespace FunctionalLeNet.Core.Optimizers;

/// <summary>Which optimizer and with what numbers, as data: it stands in an experiment and in a run's manifest.</summary>
public abstract record OptimizerSettings
{
    private OptimizerSettings() { }

    /// <summary>Stochastic gradient descent as PyTorch writes it (<c>torch/optim/sgd.py</c>).</summary>
    /// <param name="LearningRate">The step's length, η.</param>
    /// <param name="Momentum">How much of the last step stays, μ (Polyak 1964).</param>
    /// <param name="Dampening">How much of the gradient is left out of the momentum, τ.</param>
    /// <param name="WeightDecay">λ, which adds λ·w to the gradient.</param>
    /// <param name="Nesterov">Whether the gradient looks ahead (Sutskever et al., ICML 2013).</param>
    public sealed record Sgd(double LearningRate, double Momentum = 0, double Dampening = 0, double WeightDecay = 0, bool Nesterov = false) : OptimizerSettings;

    /// <summary>Adam (Kingma and Ba, ICLR 2015, algorithm 1) in PyTorch's form (<c>torch/optim/adam.py</c>): ε is added after the bias correction.</summary>
    /// <param name="LearningRate">The step's length, α.</param>
    /// <param name="Beta1">Decay of the first moment, β₁.</param>
    /// <param name="Beta2">Decay of the second moment, β₂.</param>
    /// <param name="Epsilon">Added to the root of the second moment, ε.</param>
    /// <param name="WeightDecay">λ, which adds λ·w to the gradient.</param>
    public sealed record Adam(double LearningRate = 1e-3, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8, double WeightDecay = 0) : OptimizerSettings;

    /// <summary>
    /// Adam in TensorFlow's form, the one that Kingma and Ba describe just before section 2.1: ε is added before the bias correction,
    /// α·√(1−β₂ᵗ)/(1−β₁ᵗ) · m / (√v + ε).
    /// </summary>
    /// <param name="LearningRate">The step's length, α.</param>
    /// <param name="Beta1">Decay of the first moment, β₁.</param>
    /// <param name="Beta2">Decay of the second moment, β₂.</param>
    /// <param name="Epsilon">Added to the root of the second moment, written ε̂ in the paper.</param>
    public sealed record TensorFlowAdam(double LearningRate = 1e-3, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8) : OptimizerSettings;

    /// <summary>
    /// Stochastic diagonal Levenberg–Marquardt (LeCun et al. 1998, appendix C): w ← w − η / (μ + h) · ∂E/∂w, where h is the mean second derivative by w over some
    /// patterns, estimated before each pass and kept during it.
    /// </summary>
    /// <param name="LearningRate">The global rate, η; a schedule says how it falls.</param>
    /// <param name="Mu">μ, which keeps a step finite where h is small.</param>
    /// <param name="Patterns">On how many patterns h is estimated: the first of the pass.</param>
    public sealed record LevenbergMarquardt(double LearningRate, double Mu = 0.02, int Patterns = 500) : OptimizerSettings;

    /// <summary>The learning rate.</summary>
    public double Rate => Match(sgd => sgd.LearningRate, adam => adam.LearningRate, adam => adam.LearningRate, levenberg => levenberg.LearningRate);

    /// <summary>The same optimizer with another learning rate.</summary>
    /// <param name="rate">The learning rate.</param>
    public OptimizerSettings At(double rate) =>
        Match<OptimizerSettings>(
            sgd => sgd with { LearningRate = rate }, adam => adam with { LearningRate = rate }, adam => adam with { LearningRate = rate },
            levenberg => levenberg with { LearningRate = rate });

    /// <summary>One function for each optimizer.</summary>
    /// <typeparam name="R">The result's type.</typeparam>
    /// <param name="sgd">Applied to SGD.</param>
    /// <param name="adam">Applied to PyTorch's Adam.</param>
    /// <param name="tensorFlowAdam">Applied to TensorFlow's Adam.</param>
    /// <param name="levenbergMarquardt">Applied to stochastic diagonal Levenberg–Marquardt.</param>
    public R Match<R>(Func<Sgd, R> sgd, Func<Adam, R> adam, Func<TensorFlowAdam, R> tensorFlowAdam, Func<LevenbergMarquardt, R> levenbergMarquardt) => this switch
    {
        Sgd settings => sgd(settings),
        Adam settings => adam(settings),
        TensorFlowAdam settings => tensorFlowAdam(settings),
        LevenbergMarquardt settings => levenbergMarquardt(settings),
        _ => throw new InvalidOperationException($"{GetType().Name} is not one of the closed set of optimizers."),
    };
}
