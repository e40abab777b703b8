#:project ../Experiments.csproj

// Lesson 3: convolution as one product.              dotnet run Experiments/Lessons/03-convolution-as-one-product.cs
//
// Lesson 2's loops read well and run slowly. But each answer of a convolution is a sum of products, and a matrix product is many
// sums of products. So lay the pixels under the kernel out as a row, a row for each place ("im2col"), and the kernels as columns:
// the whole convolution, all places and all channels of all samples, is one matrix product. Matrix products are what computers do best.

using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Random;
using FunctionalLeNet.Core.Tensors;

// A small case to look at: one image of 2 channels with 4×4 pixels, numbered so that we can see them travel.
float[] small = [.. Enumerable.Range(0, 2 * 4 * 4).Select(i => (float)i)];
Console.WriteLine("Channel 0:                Channel 1:");
for (var row = 0; row < 4; row++)
    Console.WriteLine($"{Line(small.Skip(4 * row).Take(4))}          {Line(small.Skip(16 + (4 * row)).Take(4))}");

var patches = Patches(small, channels: 2, height: 4, width: 4, kernel: 3);
Console.WriteLine("\nThe patches under a 3x3 kernel, a row for each of the 2x2 places, channel 0 first:");
foreach (var patch in patches)
    Console.WriteLine(Line(patch));

// Now LeNet-5's second convolution: 6 channels of 14×14 in, 16 channels out, kernels of 5×5.
// K = 6·5·5 = 150 numbers are under a kernel; there are 10·10 = 100 places.
const int Channels = 6, Side = 14, Kernel = 5, Outputs = 16, Places = 10 * 10;
var key = Key.Seed(3);
var x = key.Child("image").Uniform(Channels * Side * Side);
var w = key.Child("weights").Uniform(Outputs * Channels * Kernel * Kernel);
var b = key.Child("biases").Uniform(Outputs);

var matrix = Patches(x, Channels, Side, Side, Kernel);                              // 100 × 150
var kernels = w.Chunk(Channels * Kernel * Kernel).ToArray();                        // 16 rows of 150: the columns of W
Console.WriteLine($"\nLeNet's second convolution: patches {matrix.Length} x {matrix[0].Length} times weights {kernels[0].Length} x {kernels.Length} gives {Places} x {Outputs}.");

// Each element is one chain: start at 0, take the products in the order (channel, row, column), add the bias at the end.
var product = matrix.Select(patch => kernels.Select((kernel, o) => Chain(patch, kernel) + b[o]).ToArray()).ToArray();

// The library wants the same numbers as [channel, row, column]; the product has a row for each place and a column for each channel.
// Read column by column, it is that already. (MathNet stores matrices so: the activation costs no copy.)
float[] byChannel = [.. Enumerable.Range(0, Outputs).SelectMany(o => product.Select(row => row[o]))];

using var workspace = new Workspace();
var network = new Network([Channels, Side, Side], new Layer.Convolution(Outputs, Kernel));
var parameters = Tree.Branch(
    ("weight", Tree.Leaf(Tensor.Parameter([Outputs, Channels, Kernel, Kernel], w))),
    ("bias", Tree.Leaf(Tensor.Parameter([Outputs], b))));
var library = Forward.Of(network, parameters, Tensor.Batch([1, Channels, Side, Side], x), workspace).ToArray();
Console.WriteLine($"Bit for bit the library's convolution: {byChannel.SequenceEqual(library)}.");

// Price and gain: a pixel is copied into up to 25 rows,
Console.WriteLine($"\nThe image has {x.Length:N0} numbers, its patches {matrix.Length * matrix[0].Length:N0}: {(double)(matrix.Length * matrix[0].Length) / x.Length:F1} times as many.");
Console.WriteLine($"The product is {Places * Outputs * Channels * Kernel * Kernel:N0} multiply-adds, all of one kind.");
// which is why this project's own kernels compute the addresses and never make the matrix. `lenet train folk --numerics mathnet`
// makes it, and multiplies with MathNet: the readable twin.

static float[][] Patches(float[] image, int channels, int height, int width, int kernel) =>
[
    .. from i in Enumerable.Range(0, height - kernel + 1)
       from j in Enumerable.Range(0, width - kernel + 1)
       select (
           from c in Enumerable.Range(0, channels)
           from u in Enumerable.Range(0, kernel)
           from v in Enumerable.Range(0, kernel)
           select image[(((c * height) + i + u) * width) + j + v]).ToArray(),
];

static float Chain(float[] patch, float[] kernel) => patch.Zip(kernel).Aggregate(0f, (sum, pair) => MathF.FusedMultiplyAdd(pair.First, pair.Second, sum));

static string Line(IEnumerable<float> values) => string.Concat(values.Select(value => $"{value,4}"));
