#:project ../Experiments.csproj

// Lesson 2: convolution, by loops.                   dotnet run Experiments/Lessons/02-convolution-by-loops.cs
//
// In lesson 1 every pixel had its own weight, so a digit one pixel to the left was another digit. A convolution asks one small
// question everywhere: a kernel of a few weights slides over the image, and each place gets the answer for the pixels under it.
// The same few weights serve every place. That is the first idea of LeNet (LeCun et al. 1998, section II-A: "weight sharing").

using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Data;

var image = Digits.Load().Test.Divide(255).Batch(1).First().ToTensor();
var x = Grid(image.ToArray(), 28);
Show("The image:", x);

// The definition, as loops. For each place (i, j) of the result:
//
//     y[i, j] = b + Σ over u, v of  w[u, v] · x[i + u, j + v]
//
// The kernel must lie inside the image, so 28×28 under 3×3 gives 26×26.
static float[,] Convolve(float[,] x, float[,] w, float b)
{
    var y = new float[x.GetLength(0) - w.GetLength(0) + 1, x.GetLength(1) - w.GetLength(1) + 1];
    for (var i = 0; i < y.GetLength(0); i++)
        for (var j = 0; j < y.GetLength(1); j++)
        {
            var sum = 0f;
            for (var u = 0; u < w.GetLength(0); u++)
                for (var v = 0; v < w.GetLength(1); v++)
                    sum = MathF.FusedMultiplyAdd(w[u, v], x[i + u, j + v], sum);
            y[i, j] = sum + b;
        }

    return y;
}

// A kernel is a small question. This one asks: is it darker on the right than on the left? (A left edge of a stroke.)
float[,] leftEdge =
{
    { -1, 0, 1 },
    { -2, 0, 2 },
    { -1, 0, 1 },
};
var y = Convolve(x, leftEdge, b: 0);
Show($"\nWhere the ink begins, going right ({y.GetLength(0)}x{y.GetLength(1)}; blank is a right edge, @ a left edge):", y);

// Turned by a quarter it asks for upper edges.
float[,] upperEdge =
{
    { -1, -2, -1 },
    { 0, 0, 0 },
    { 1, 2, 1 },
};
Show("\nWhere the ink begins, going down:", Convolve(x, upperEdge, b: 0));

// The library's layer does the same for many kernels at once. A network is a value that says what is computed; its numbers, the
// parameters, stand apart in a tree. Weights have the shape [output channels, input channels, kernel height, kernel width].
var network = new Network([1, 28, 28], new Layer.Convolution(Channels: 2, Kernel: 3));
var parameters = Tree.Branch(
    ("weight", Tree.Leaf(Tensor.Parameter([2, 1, 3, 3], [.. leftEdge.Cast<float>(), .. upperEdge.Cast<float>()]))),
    ("bias", Tree.Leaf(Tensor.Parameter([2], [0, 0]))));
using var workspace = new Workspace();
var answer = Forward.Of(network, parameters, image, workspace);
float[] loops = [.. Convolve(x, leftEdge, 0).Cast<float>(), .. Convolve(x, upperEdge, 0).Cast<float>()];
Console.WriteLine($"\nThe library's convolution of {image.Shape} has the shape {answer.Shape}.");
Console.WriteLine($"Bit for bit what the loops above give: {answer.ToArray().SequenceEqual(loops)}.");

// That is no accident. In this project the loops on the page define the result to the last bit, and everything fast has to
// give exactly that (lesson 11 tells how). FusedMultiplyAdd is a · b + c with a single rounding at the end.

// How much is saved? A layer in which each of 2·26·26 outputs had a weight for each of 28·28 pixels, against two kernels:
Console.WriteLine($"\nWeights of a layer that connects everything: {2 * 26 * 26 * 28 * 28:N0}. Of two kernels: {2 * 3 * 3}.");
Console.WriteLine("A network finds its kernels itself, by the method of lessons 5 to 8. LeNet-5 begins with six of 5x5.");

static float[,] Grid(float[] values, int width)
{
    var grid = new float[values.Length / width, width];
    for (var i = 0; i < values.Length; i++)
        grid[i / width, i % width] = values[i];
    return grid;
}

static void Show(string title, float[,] grid)
{
    Console.WriteLine(title);
    var (least, most) = (grid.Cast<float>().Min(), grid.Cast<float>().Max());
    for (var i = 0; i < grid.GetLength(0); i++)
        Console.WriteLine("  |" + string.Concat(Enumerable.Range(0, grid.GetLength(1)).Select(j => " .:-=+*#%@"[(int)((grid[i, j] - least) / (most - least) * 9.99f)])) + "|");
}
