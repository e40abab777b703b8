using FunctionalLeNet.Core.Numerics;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Optimizers;

/// <summary>How the learning rate changes over a run, as data: a factor on the optimizer's own rate.</summary>
public abstract record Schedule
{
    private Schedule() { }

    /// <summary>The same rate throughout: factor 1.</summary>
    public sealed record Constant : Schedule;

    /// <summary>Half a cosine from 1 down to 0: ½ (1 + cos(π t / T)). Loshchilov and Hutter, "SGDR", ICLR 2017, equation 5 with one period.</summary>
    public sealed record Cosine : Schedule;

    /// <summary>
    /// Up in a straight line for a part of the run, then down in a straight line to 0; the triangle of Smith and Topin, "Super-Convergence", 2018.
    /// </summary>
    /// <param name="WarmUp">The part of the run in which the rate rises, from 0 to 1.</param>
    public sealed record Triangle(double WarmUp) : Schedule;

    /// <summary>A rate for each pass over the training data, whatever the length of the run: LeCun et al. 1998, section III-B.</summary>
    /// <param name="Factors">For how many passes which factor holds, from the first pass on; the last holds for all that follow.</param>
    public sealed record Passes(EquatableArray<(int Count, double Factor)> Factors) : Schedule
    {
        /// <summary>The factor of one pass.</summary>
        /// <param name="pass">From 0.</param>
        public double Of(int pass)
        {
            foreach (var (count, factor) in Factors)
                if ((pass -= count) < 0)
                    return factor;
            return Factors[^1].Factor;
        }
    }

    /// <summary>In stairs: times a factor after every so many steps. PyTorch's <c>StepLR</c>, counted in steps.</summary>
    /// <param name="Every">Steps of a stair, at least 1.</param>
    /// <param name="Decay">What remains of the rate on the next stair.</param>
    public sealed record Stairs(long Every, double Decay) : Schedule;

    /// <summary>
    /// Up along half a cosine for a part of the run, then down along another to nearly 0: Smith and Topin, "Super-Convergence", 2018, in the form of
    /// PyTorch's <c>OneCycleLR</c>.
    /// </summary>
    /// <param name="WarmUp">The part of the run in which the rate rises.</param>
    /// <param name="Divisor">The first factor is 1/<paramref name="Divisor"/>.</param>
    /// <param name="FinalDivisor">The last is 1/(<paramref name="Divisor"/> · <paramref name="FinalDivisor"/>).</param>
    public sealed record OneCycle(double WarmUp = 0.3, double Divisor = 25, double FinalDivisor = 1e4) : Schedule;

    /// <summary>Up in a straight line at first, (t + 1)/<paramref name="Steps"/>, then as another schedule says for the rest of the run. Goyal et al., arXiv:1706.02677, section 2.2.</summary>
    /// <param name="Steps">Steps until the whole rate is reached, at least 1.</param>
    /// <param name="Then">What follows.</param>
    public sealed record LinearWarmUp(long Steps, Schedule Then) : Schedule;

    /// <summary>The factor for one step.</summary>
    /// <param name="step">Steps already made, t; from 0.</param>
    /// <param name="steps">Steps of the whole run, T.</param>
    /// <param name="pass">Passes over the training data already made.</param>
    /// <returns>From 0 to 1, unless <see cref="Passes"/> says otherwise.</returns>
    public double Factor(long step, long steps, int pass) => this switch
    {
        Passes passes => passes.Of(pass),
        Constant => 1,
        Cosine => 0.5 * (1 + ExactMath.Cos(Math.PI * step / steps)),
        Triangle triangle => Math.Min((step + 1) / (triangle.WarmUp * steps), (steps - step) / ((1 - triangle.WarmUp) * steps)) is var factor && factor < 1 ? factor : 1,
        Stairs stairs => Kernels.Updates.Power(stairs.Decay, checked((int)(step / stairs.Every))),
        OneCycle cycle => (cycle.WarmUp * steps) - 1 is var top && step <= top
            ? HalfCosine(1 / cycle.Divisor, 1, top == 0 ? 1 : step / top)
            : HalfCosine(1, 1 / (cycle.Divisor * cycle.FinalDivisor), (step - top) / (steps - 1 - top)),
        LinearWarmUp first => step < first.Steps ? (step + 1.0) / first.Steps : first.Then.Factor(step - first.Steps, steps - first.Steps, pass),
        _ => throw new InvalidOperationException($"{GetType().Name} is not one of the closed set of schedules."),
    };

    private static double HalfCosine(double from, double to, double part) => to + ((from - to) / 2 * (1 + ExactMath.Cos(Math.PI * part)));
}
