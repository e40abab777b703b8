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

    /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter, ICLR 2019, algorithm 2), as <c>torch/optim/adamw.py</c>: first w ← w − η λ w.</summary>
    /// <param name="LearningRate">The step's length, η.</param>
    /// <param name="Beta1">Decay of the first moment, β₁.</param>
    /// <param name="Beta2">Decay of the second moment, β₂.</param>
    /// <param name="Epsilon">Added to the root of the second moment, ε.</param>
    /// <param name="WeightDecay">λ.</param>
    public sealed record AdamW(double LearningRate = 1e-3, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8, double WeightDecay = 1e-2) : OptimizerSettings;

    /// <summary>RMSProp (Tieleman and Hinton, Coursera lecture 6.5, 2012; centred: Graves, arXiv:1308.0850, equations 38 to 41), as <c>torch/optim/rmsprop.py</c>.</summary>
    /// <param name="LearningRate">The step's length, η.</param>
    /// <param name="Alpha">Decay of the mean square, α.</param>
    /// <param name="Epsilon">Added to its root, ε.</param>
    /// <param name="WeightDecay">λ, which adds λ·w to the gradient.</param>
    /// <param name="Momentum">How much of the last step stays, μ.</param>
    /// <param name="Centered">Whether the mean square is taken about the mean.</param>
    public sealed record RmsProp(
        double LearningRate = 1e-2, double Alpha = 0.99, double Epsilon = 1e-8, double WeightDecay = 0, double Momentum = 0, bool Centered = false) : OptimizerSettings;

    /// <summary>AdaGrad (Duchi, Hazan and Singer, JMLR 12, 2011), as <c>torch/optim/adagrad.py</c>.</summary>
    /// <param name="LearningRate">The step's length, η.</param>
    /// <param name="LearningRateDecay">The rate of step t, from 1, is η/(1 + (t − 1)·decay).</param>
    /// <param name="WeightDecay">λ, which adds λ·w to the gradient.</param>
    /// <param name="InitialAccumulator">What the sum of squares begins at.</param>
    /// <param name="Epsilon">Added to its root, ε.</param>
    public sealed record AdaGrad(
        double LearningRate = 1e-2, double LearningRateDecay = 0, double WeightDecay = 0, double InitialAccumulator = 0, double Epsilon = 1e-10) : OptimizerSettings;

    /// <summary>
    /// Another optimizer on gradients whose norm, over all parameters together, is at most a number: longer ones are scaled down to it.
    /// Pascanu, Mikolov and Bengio, ICML 2013, algorithm 1; <c>torch.nn.utils.clip_grad_norm_</c>.
    /// </summary>
    /// <param name="Inner">The optimizer.</param>
    /// <param name="Norm">The longest norm.</param>
    public sealed record Clipped(OptimizerSettings Inner, double Norm) : OptimizerSettings;

    /// <summary>The learning rate.</summary>
    public double Rate => Match(
        sgd => sgd.LearningRate, adam => adam.LearningRate, adam => adam.LearningRate, levenberg => levenberg.LearningRate, adam => adam.LearningRate,
        rmsProp => rmsProp.LearningRate, adaGrad => adaGrad.LearningRate, clipped => clipped.Inner.Rate);

    /// <summary>The same optimizer with another learning rate.</summary>
    /// <param name="rate">The learning rate.</param>
    public OptimizerSettings At(double rate) => Match<OptimizerSettings>(
        sgd => sgd with { LearningRate = rate },
        adam => adam with { LearningRate = rate },
        adam => adam with { LearningRate = rate },
        levenberg => levenberg with { LearningRate = rate },
        adam => adam with { LearningRate = rate },
        rmsProp => rmsProp with { LearningRate = rate },
        adaGrad => adaGrad with { LearningRate = rate },
        clipped => clipped with { Inner = clipped.Inner.At(rate) });

    /// <summary>One function for each optimizer.</summary>
    /// <typeparam name="R">The result's type.</typeparam>
    /// <param name="sgd">Applied to SGD.</param>
    /// <param name="adam">Applied to PyTorch's Adam.</param>
    /// <param name="tensorFlowAdam">Applied to TensorFlow's Adam.</param>
    /// <param name="levenbergMarquardt">Applied to stochastic diagonal Levenberg–Marquardt.</param>
    /// <param name="adamW">Applied to AdamW.</param>
    /// <param name="rmsProp">Applied to RMSProp.</param>
    /// <param name="adaGrad">Applied to AdaGrad.</param>
    /// <param name="clipped">Applied to an optimizer on clipped gradients.</param>
    public R Match<R>(
        Func<Sgd, R> sgd, Func<Adam, R> adam, Func<TensorFlowAdam, R> tensorFlowAdam, Func<LevenbergMarquardt, R> levenbergMarquardt, Func<AdamW, R> adamW, Func<RmsProp, R> rmsProp, Func<AdaGrad, R> adaGrad,
        Func<Clipped, R> clipped) => this switch
        {
            Sgd settings => sgd(settings),
            Adam settings => adam(settings),
            TensorFlowAdam settings => tensorFlowAdam(settings),
            LevenbergMarquardt settings => levenbergMarquardt(settings),
            AdamW settings => adamW(settings),
            RmsProp settings => rmsProp(settings),
            AdaGrad settings => adaGrad(settings),
            Clipped settings => clipped(settings),
            _ => throw new InvalidOperationException($"{GetType().Name} is not one of the closed set of optimizers."),
        };
}
