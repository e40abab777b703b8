namespace FunctionalLeNet.Tests.Kernels;

/// <summary>Optimizer steps for one number, as their formulas stand.</summary>
internal static class NaiveUpdates
{
    public static (float P, float V) Sgd(float p, float g, float v, double lr, double momentum, double dampening, bool nesterov, double decay, bool first)
    {
        var gradient = decay == 0 ? g : MathF.FusedMultiplyAdd(p, (float)decay, g);
        if (momentum == 0)
            return (MathF.FusedMultiplyAdd(gradient, (float)-lr, p), v);
        var velocity = first ? gradient : MathF.FusedMultiplyAdd(gradient, (float)(1 - dampening), v * (float)momentum);
        var step = nesterov ? MathF.FusedMultiplyAdd(velocity, (float)momentum, gradient) : velocity;
        return (MathF.FusedMultiplyAdd(step, (float)-lr, p), velocity);
    }

    public static (float P, float M, float V) Adam(float p, float g, float m, float v, int t, double lr, double beta1, double beta2, double epsilon, double decay)
    {
        var gradient = decay == 0 ? g : MathF.FusedMultiplyAdd(p, (float)decay, g);
        var first = MathF.FusedMultiplyAdd(gradient, (float)(1 - beta1), m * (float)beta1);
        var second = (v * (float)beta2) + (gradient * gradient * (float)(1 - beta2));
        var denominator = ((float)Math.Sqrt(second) / (float)Math.Sqrt(1 - Math.Pow(beta2, t))) + (float)epsilon;
        return (p + (first / denominator * (float)(-lr / (1 - Math.Pow(beta1, t)))), first, second);
    }

    public static (float P, float M, float V) AdamEpsilonFirst(float p, float g, float m, float v, int t, double lr, double beta1, double beta2, double epsilon, double decay)
    {
        var gradient = decay == 0 ? g : MathF.FusedMultiplyAdd(p, (float)decay, g);
        var first = m + ((gradient - m) * (float)(1 - beta1));
        var second = v + (((gradient * gradient) - v) * (float)(1 - beta2));
        var rate = (float)(lr * Math.Sqrt(1 - Math.Pow(beta2, t)) / (1 - Math.Pow(beta1, t)));
        return (p - (first * rate / (MathF.Sqrt(second) + (float)epsilon)), first, second);
    }

    public static (float P, float M, float V) AdamW(float p, float g, float m, float v, int t, double lr, double beta1, double beta2, double epsilon, double decay) =>
        Adam(p * (float)(1 - (lr * decay)), g, m, v, t, lr, beta1, beta2, epsilon, 0);

    public static (float P, float S, float A, float B) RmsProp(
        float p, float g, float s, float a, float b, double lr, double alpha, double epsilon, double decay, double momentum, bool centered)
    {
        var gradient = decay == 0 ? g : MathF.FusedMultiplyAdd(p, (float)decay, g);
        var square = (s * (float)alpha) + (gradient * gradient * (float)(1 - alpha));
        var mean = MathF.FusedMultiplyAdd(gradient, (float)(1 - alpha), a * (float)alpha);
        var step = gradient / (MathF.Sqrt(centered ? square - (mean * mean) : square) + (float)epsilon);
        var velocity = (b * (float)momentum) + step;
        return (momentum == 0 ? p + (step * (float)-lr) : MathF.FusedMultiplyAdd(velocity, (float)-lr, p), square, mean, velocity);
    }

    public static (float P, float S) AdaGrad(float p, float g, float s, double lr, double decay, double epsilon)
    {
        var gradient = decay == 0 ? g : MathF.FusedMultiplyAdd(p, (float)decay, g);
        var sum = s + (gradient * gradient);
        return (p + (gradient / (MathF.Sqrt(sum) + (float)epsilon) * (float)-lr), sum);
    }
}
