namespace FunctionalLeNet.Core.Layers;

/// <summary>What a network's parameters are drawn from before the first step, as data.</summary>
/// <param name="Weights">For every weight.</param>
/// <param name="Biases">For every bias.</param>
public sealed record Initialisation(Initialiser Weights, Initialiser Biases)
{
    /// <summary>PyTorch's default: both uniform in ±1/√fan-in.</summary>
    public static Initialisation Torch { get; } = new(new Initialiser.TorchDefault(), new Initialiser.TorchDefault());

    /// <summary>Both uniform in ±range/F, F the fan-in of the unit that the connection belongs to: LeCun et al. 1998, appendix A, with range 2.4.</summary>
    /// <param name="range">The bound of a unit with one input.</param>
    public static Initialisation ByFanIn(double range) => new(new Initialiser.ByFanIn(range), new Initialiser.ByFanIn(range));

    /// <summary>Both uniform with standard deviation 1/√F, F the fan-in of the unit that the connection belongs to.</summary>
    public static Initialisation ByRootOfFanIn { get; } = new(new Initialiser.ByRootOfFanIn(), new Initialiser.ByRootOfFanIn());

    /// <summary>Weights as said, and biases that begin at 0.</summary>
    /// <param name="weights">For every weight.</param>
    public static Initialisation WithoutBias(Initialiser weights) => new(weights, new Initialiser.Constant(0));
}

/// <summary>What the numbers of one parameter are drawn from. Fan-in is how many inputs a unit sums; fan-out, how many units an input reaches.</summary>
public abstract record Initialiser
{
    private Initialiser() { }

    /// <summary>The same number throughout.</summary>
    /// <param name="Value">The number.</param>
    public sealed record Constant(float Value) : Initialiser;

    /// <summary>Uniform in ±1/√fan-in, weights and biases alike: <c>reset_parameters</c> of <c>torch/nn/modules/linear.py</c> and <c>conv.py</c>.</summary>
    public sealed record TorchDefault : Initialiser;

    /// <summary>Uniform in ±range/F, F the fan-in of the unit that the connection belongs to; where units see different numbers of inputs, each has its own bound.</summary>
    /// <param name="Range">The bound of a unit with one input.</param>
    public sealed record ByFanIn(double Range) : Initialiser;

    /// <summary>
    /// Uniform with standard deviation 1/√F, F the fan-in of the unit that the connection belongs to: LeCun, Bottou, Orr and Müller, "Efficient BackProp", 1998,
    /// equation 16. A coefficient that multiplies a sum of n inputs begins n times smaller, as if it multiplied their mean.
    /// </summary>
    public sealed record ByRootOfFanIn : Initialiser;

    /// <summary>Mean 0 and standard deviation gain/√fan.</summary>
    /// <param name="Law">Uniform or normal.</param>
    /// <param name="Fan">Which number of connections.</param>
    /// <param name="Gain">What makes up for the activation that follows.</param>
    public sealed record Scaled(Law Law, Fan Fan, double Gain) : Initialiser;

    /// <summary>Normal with mean 0, every number beyond two standard deviations drawn again: TensorFlow's <c>truncated_normal</c>.</summary>
    /// <param name="StandardDeviation">σ before the tails are cut; after it, 0.880 σ.</param>
    public sealed record TruncatedNormal(double StandardDeviation) : Initialiser;

    /// <summary>
    /// Keeps the size of signals forward through ReLU: He, Zhang, Ren and Sun, ICCV 2015, equation 10; <c>torch.nn.init.kaiming_uniform_</c> and
    /// <c>kaiming_normal_</c> with <c>nonlinearity='relu'</c>.
    /// </summary>
    /// <param name="law">Uniform or normal.</param>
    public static Initialiser Kaiming(Law law) => new Scaled(law, Fan.In, Math.Sqrt(2));

    /// <summary>
    /// Keeps the size of signals forward and of gradients back, as nearly as one number can: Glorot and Bengio, AISTATS 2010, equation 16;
    /// <c>torch.nn.init.xavier_uniform_</c> and <c>xavier_normal_</c>.
    /// </summary>
    /// <param name="law">Uniform or normal.</param>
    /// <param name="gain">1 for tanh near 0; 4 for the sigmoid, whose slope there is ¼.</param>
    public static Initialiser Xavier(Law law, double gain = 1) => new Scaled(law, Fan.Mean, gain);

    /// <summary>Keeps the size of signals forward through a function of slope 1: LeCun, Bottou, Orr and Müller, "Efficient BackProp", 1998, section 4.6.</summary>
    /// <param name="law">Uniform or normal.</param>
    public static Initialiser LeCun(Law law) => new Scaled(law, Fan.In, 1);

    /// <summary>One function for each kind.</summary>
    /// <typeparam name="R">The result's type.</typeparam>
    /// <param name="constant">Applied to a constant.</param>
    /// <param name="torchDefault">Applied to PyTorch's default.</param>
    /// <param name="byFanIn">Applied to what is bounded by each unit's fan-in.</param>
    /// <param name="byRootOfFanIn">Applied to what is scaled by each unit's fan-in.</param>
    /// <param name="scaled">Applied to what is scaled by a fan.</param>
    /// <param name="truncatedNormal">Applied to a truncated normal.</param>
    public R Match<R>(
        Func<Constant, R> constant,
        Func<TorchDefault, R> torchDefault,
        Func<ByFanIn, R> byFanIn,
        Func<ByRootOfFanIn, R> byRootOfFanIn,
        Func<Scaled, R> scaled,
        Func<TruncatedNormal, R> truncatedNormal) => this switch
        {
            Constant initialiser => constant(initialiser),
            TorchDefault initialiser => torchDefault(initialiser),
            ByFanIn initialiser => byFanIn(initialiser),
            ByRootOfFanIn initialiser => byRootOfFanIn(initialiser),
            Scaled initialiser => scaled(initialiser),
            TruncatedNormal initialiser => truncatedNormal(initialiser),
            _ => throw new InvalidOperationException($"{GetType().Name} is not one of the closed set of initialisers."),
        };
}

/// <summary>The form of a distribution.</summary>
public enum Law
{
    /// <summary>Uniform in ±√3 σ.</summary>
    Uniform,

    /// <summary>Normal.</summary>
    Normal,
}

/// <summary>A number of connections.</summary>
public enum Fan
{
    /// <summary>How many inputs a unit sums.</summary>
    In,

    /// <summary>The mean of fan-in and fan-out.</summary>
    Mean,
}
