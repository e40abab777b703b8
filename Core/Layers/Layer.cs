using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Layers;

/// <summary>
/// One layer of a network, as data: its hyper-parameters, no numbers learned and no behaviour. What a layer means is said by interpreters over this closed set:
/// shapes, parameters, the forward pass, summary, cost.
/// </summary>
/// <remarks>Because a layer is a value, a network can be compared, hashed, printed and stored.</remarks>
public abstract record Layer
{
    private Layer() { }

    /// <summary>
    /// Convolution, <c>[C, H, W]</c> to <c>[Channels, OH, OW]</c>: a bias and a weighted sum under a sliding kernel, with OH = ⌊(H + padding − kernel) / stride⌋ + 1.
    /// LeCun et al. 1998, section II-A; PyTorch's <c>Conv2d</c>.
    /// </summary>
    /// <param name="Channels">Output channels (feature maps).</param>
    /// <param name="Kernel">The kernel's size.</param>
    /// <param name="Stride">Pixels from one window to the next; 0 means 1.</param>
    /// <param name="Padding">Zeros around the image, or <see cref="Padding.Same"/>.</param>
    /// <param name="Connections">Which input maps each output map sees; none means all.</param>
    public sealed record Convolution(int Channels, Size Kernel, Size Stride = default, Padding Padding = default, ConnectionTable? Connections = null) : Layer
    {
        /// <summary>Pixels from one window to the next.</summary>
        public Size Stride { get; } = Stride == default ? 1 : Stride;
    }

    /// <summary>Max-pooling, <c>[C, H, W]</c> to <c>[C, OH, OW]</c>: the largest number under a sliding window. PyTorch's <c>MaxPool2d</c>.</summary>
    /// <param name="Window">The window's size.</param>
    /// <param name="Stride">Pixels from one window to the next; 0 means the window's size.</param>
    /// <param name="Padding">How far windows reach over the image's edge, less than a window; what lies outside is no candidate.</param>
    public sealed record MaximumPooling(Size Window, Size Stride = default, Padding Padding = default) : Layer
    {
        /// <summary>Pixels from one window to the next.</summary>
        public Size Stride { get; } = Stride == default ? Window : Stride;
    }

    /// <summary>
    /// Average pooling, <c>[C, H, W]</c> to <c>[C, OH, OW]</c>: the mean of the numbers under a sliding window. LeCun et al. 1989 without the trainable
    /// coefficient of 1998; PyTorch's <c>AvgPool2d</c>.
    /// </summary>
    /// <param name="Window">The window's size.</param>
    /// <param name="Stride">Pixels from one window to the next; 0 means the window's size.</param>
    /// <param name="Padding">How far windows reach over the image's edge, less than a window; what lies outside is not counted, as in TensorFlow.</param>
    public sealed record AveragePooling(Size Window, Size Stride = default, Padding Padding = default) : Layer
    {
        /// <summary>Pixels from one window to the next.</summary>
        public Size Stride { get; } = Stride == default ? Window : Stride;
    }

    /// <summary>
    /// Trainable subsampling, <c>[C, H, W]</c> to <c>[C, OH, OW]</c>: the numbers under a window "are added, then multiplied by a trainable coefficient, and added
    /// to a trainable bias", one coefficient and one bias a map. LeCun et al. 1998, section II-B; the sigmoid that follows is a layer of its own.
    /// </summary>
    /// <param name="Window">The window's size, and the pixels from one window to the next.</param>
    public sealed record Subsampling(Size Window) : Layer;

    /// <summary>Global average pooling, <c>[C, H, W]</c> to <c>[C]</c>: the mean of each channel. Lin, Chen and Yan, "Network In Network", ICLR 2014, section 3.2.</summary>
    public sealed record GlobalAveragePooling : Layer;

    /// <summary>A function applied to each element, any shape: one of the closed set of activations below.</summary>
    public abstract record Activation : Layer
    {
        private protected Activation() { }

        /// <summary>One function for each activation.</summary>
        /// <typeparam name="R">The result's type.</typeparam>
        /// <param name="rectifier">Applied to a ReLU.</param>
        /// <param name="leakyRectifier">Applied to a leaky ReLU.</param>
        /// <param name="sigmoid">Applied to a sigmoid.</param>
        /// <param name="tanh">Applied to a tanh, scaled or not.</param>
        /// <param name="exponentialLinear">Applied to an ELU.</param>
        /// <param name="gaussianErrorLinear">Applied to a GELU.</param>
        public R Match<R>(
            Func<Rectifier, R> rectifier,
            Func<LeakyRectifier, R> leakyRectifier,
            Func<Sigmoid, R> sigmoid,
            Func<Tanh, R> tanh,
            Func<ExponentialLinear, R> exponentialLinear,
            Func<GaussianErrorLinear, R> gaussianErrorLinear) => this switch
            {
                Rectifier layer => rectifier(layer),
                LeakyRectifier layer => leakyRectifier(layer),
                Sigmoid layer => sigmoid(layer),
                Tanh layer => tanh(layer),
                ExponentialLinear layer => exponentialLinear(layer),
                GaussianErrorLinear layer => gaussianErrorLinear(layer),
                _ => throw new InvalidOperationException($"{GetType().Name} is not one of the closed set of activations."),
            };
    }

    /// <summary>Rectified linear unit: max(x, 0). Nair and Hinton, ICML 2010; PyTorch's <c>ReLU</c>.</summary>
    public sealed record Rectifier : Activation;

    /// <summary>Leaky ReLU: x where x &gt; 0, else <paramref name="Slope"/> · x. Maas, Hannun and Ng, ICML 2013; PyTorch's <c>LeakyReLU</c>.</summary>
    /// <param name="Slope">What remains of a number below 0.</param>
    public sealed record LeakyRectifier(float Slope = 0.01f) : Activation;

    /// <summary>The logistic sigmoid: 1/(1 + e⁻ˣ). Rumelhart, Hinton and Williams, Nature 323, 1986; PyTorch's <c>Sigmoid</c>.</summary>
    public sealed record Sigmoid : Activation;

    /// <summary>The hyperbolic tangent: A tanh(S x). PyTorch's <c>Tanh</c> for A = S = 1.</summary>
    /// <param name="Amplitude">A, not 0.</param>
    /// <param name="Slope">S.</param>
    public sealed record Tanh(float Amplitude = 1, float Slope = 1) : Activation
    {
        /// <summary>1.7159 tanh(⅔ x), which is 1 at 1 and −1 at −1: LeCun et al. 1998, appendix A.</summary>
        public static Tanh Scaled { get; } = new(1.7159f, 2f / 3);
    }

    /// <summary>Exponential linear unit: x where x &gt; 0, else α (eˣ − 1). Clevert, Unterthiner and Hochreiter, ICLR 2016; PyTorch's <c>ELU</c>.</summary>
    /// <param name="Alpha">α.</param>
    public sealed record ExponentialLinear(float Alpha = 1) : Activation;

    /// <summary>Gaussian error linear unit: x Φ(x), Φ the normal distribution's. Hendrycks and Gimpel, arXiv:1606.08415; PyTorch's <c>GELU</c>.</summary>
    public sealed record GaussianErrorLinear : Activation;

    /// <summary>
    /// Dropout, any shape: while training, each element is 0 with a probability p, else divided by 1 − p; nothing in evaluation.
    /// Srivastava et al., JMLR 15, 2014; PyTorch's <c>Dropout</c>.
    /// </summary>
    /// <param name="Probability">p, from 0 to below 1. (TensorFlow 1 says what is kept, 1 − p.)</param>
    public sealed record Dropout(double Probability = 0.5) : Layer;

    /// <summary><c>[C, H, W]</c> to <c>[C·H·W]</c>. PyTorch's <c>Flatten</c>; with the channels last, TensorFlow's.</summary>
    /// <param name="Order">Which index runs fastest.</param>
    public sealed record Flatten(FlattenOrder Order = FlattenOrder.ChannelsFirst) : Layer;

    /// <summary>Fully connected layer, <c>[F]</c> to <c>[Features]</c>: y = W x + b. PyTorch's <c>Linear</c>.</summary>
    /// <param name="Features">Output features.</param>
    public sealed record Linear(int Features) : Layer;

    /// <summary>
    /// Euclidean radial basis functions with fixed targets, <c>[F]</c> to <c>[K]</c>: zₖ = −yₖ = −Σⱼ (xⱼ − wₖⱼ)², LeCun et al. 1998, equation 7. The sign makes the
    /// nearest target the largest logit, as everywhere here.
    /// </summary>
    /// <param name="Targets">The w, a picture of ±1 for each class.</param>
    public sealed record RadialBasis(Bitmaps Targets) : Layer;

    /// <summary>Softmax, <c>[K]</c> to <c>[K]</c>: exp xₖ / Σⱼ exp xⱼ. Bridle 1990; PyTorch's <c>Softmax(dim=1)</c>.</summary>
    public sealed record Softmax : Layer;

    /// <summary>The logarithm of softmax, <c>[K]</c> to <c>[K]</c>: xₖ − log Σⱼ exp xⱼ, finite where the softmax itself rounds to 0. PyTorch's <c>LogSoftmax(dim=1)</c>.</summary>
    public sealed record LogSoftmax : Layer;

    /// <summary>Layers one after another, each with a name that stands in the paths of its parameters.</summary>
    /// <param name="Layers">The layers in order, each name once.</param>
    public sealed record Sequence(EquatableArray<(string Name, Layer Layer)> Layers) : Layer;

    /// <summary>One function for each kind of layer. A new kind is a compile error in every interpreter until it says what the layer means there.</summary>
    /// <typeparam name="R">The result's type.</typeparam>
    /// <param name="convolution">Applied to a convolution.</param>
    /// <param name="maximumPooling">Applied to max-pooling.</param>
    /// <param name="averagePooling">Applied to average pooling.</param>
    /// <param name="subsampling">Applied to trainable subsampling.</param>
    /// <param name="globalAveragePooling">Applied to global average pooling.</param>
    /// <param name="activation">Applied to an activation.</param>
    /// <param name="dropout">Applied to dropout.</param>
    /// <param name="flatten">Applied to a flatten.</param>
    /// <param name="linear">Applied to a linear layer.</param>
    /// <param name="radialBasis">Applied to radial basis functions.</param>
    /// <param name="softmax">Applied to a softmax.</param>
    /// <param name="logSoftmax">Applied to a log-softmax.</param>
    /// <param name="sequence">Applied to a sequence.</param>
    public R Match<R>(
        Func<Convolution, R> convolution,
        Func<MaximumPooling, R> maximumPooling,
        Func<AveragePooling, R> averagePooling,
        Func<Subsampling, R> subsampling,
        Func<GlobalAveragePooling, R> globalAveragePooling,
        Func<Activation, R> activation,
        Func<Dropout, R> dropout,
        Func<Flatten, R> flatten,
        Func<Linear, R> linear,
        Func<RadialBasis, R> radialBasis,
        Func<Softmax, R> softmax,
        Func<LogSoftmax, R> logSoftmax,
        Func<Sequence, R> sequence) => this switch
        {
            Convolution layer => convolution(layer),
            MaximumPooling layer => maximumPooling(layer),
            AveragePooling layer => averagePooling(layer),
            Subsampling layer => subsampling(layer),
            GlobalAveragePooling layer => globalAveragePooling(layer),
            Activation layer => activation(layer),
            Dropout layer => dropout(layer),
            Flatten layer => flatten(layer),
            Linear layer => linear(layer),
            RadialBasis layer => radialBasis(layer),
            Softmax layer => softmax(layer),
            LogSoftmax layer => logSoftmax(layer),
            Sequence layer => sequence(layer),
            _ => throw new InvalidOperationException($"{GetType().Name} is not one of the closed set of layers."),
        };
}

/// <summary>The order in which a flatten lays an image's elements out.</summary>
public enum FlattenOrder
{
    /// <summary>(C, H, W): PyTorch's.</summary>
    ChannelsFirst,

    /// <summary>(H, W, C): TensorFlow's.</summary>
    ChannelsLast,
}

/// <summary>A network: what goes in, and the layers.</summary>
/// <param name="Input">The shape of one sample, <c>[C, H, W]</c>.</param>
/// <param name="Layers">The layers.</param>
public sealed record Network(Shape Input, Layer Layers)
{
    /// <summary>Layers one after another under their names.</summary>
    /// <param name="layers">Names and layers in order.</param>
    public static Layer Sequence(params ReadOnlySpan<(string Name, Layer Layer)> layers) => new Layer.Sequence(EquatableArray.Create(layers));
}
