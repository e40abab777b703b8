#:project ../Experiments.csproj

// Lesson 4: pooling.                                 dotnet run Experiments/Lessons/04-pooling.cs
//
// A convolution tells where in the image something was found. For reading a digit it is enough to know roughly where. Pooling
// keeps the largest answer of each 2×2 window and forgets which of the four it was: the map shrinks to a quarter, and a digit that
// moved by a pixel often gives the same numbers. (LeNet-5 of 1998 took the mean and two trainable numbers; the maximum came later.)

using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Data;

// The definition:  y[i, j] = the largest of x[2i, 2j], x[2i, 2j + 1], x[2i + 1, 2j], x[2i + 1, 2j + 1]
static float[] Pool(float[] x, int width)
{
    var (height, half) = (x.Length / width, width / 2);
    var y = new float[height / 2 * half];
    for (var i = 0; i < height / 2; i++)
        for (var j = 0; j < half; j++)
        {
            var largest = x[(2 * i * width) + (2 * j)];
            for (var u = 0; u < 2; u++)
                for (var v = 0; v < 2; v++)
                    largest = Math.Max(largest, x[(((2 * i) + u) * width) + (2 * j) + v]);
            y[(i * half) + j] = largest;
        }

    return y;
}

float[] grid = [1, 3, 2, 0, 4, 2, 1, 1, 0, 0, 5, 6, 1, 2, 7, 8];
Console.WriteLine("4x4 numbers, and the largest of each 2x2 window:");
for (var row = 0; row < 4; row++)
    Console.WriteLine($"  {Line(grid[(4 * row)..(4 * (row + 1))])}{(row < 2 ? $"      {Line(Pool(grid, 4)[(2 * row)..(2 * (row + 1))])}" : "")}");

// Three steps that every layer of LeNet repeats: convolution finds, ReLU drops what is negative (max(x, 0)), pooling forgets where.
var find = new Network([1, 28, 28], Network.Sequence(("find", new Layer.Convolution(1, 5)), ("positive", new Layer.Rectifier())));
var findAndPool = new Network([1, 28, 28], Network.Sequence(
    ("find", new Layer.Convolution(1, 5)), ("positive", new Layer.Rectifier()), ("pool", new Layer.MaximumPooling(2))));
var findAndPoolTwice = findAndPool with { Layers = Network.Sequence(("once", findAndPool.Layers), ("again", new Layer.MaximumPooling(2))) };

// The kernel: a steep stroke, 5 pixels high.
var stroke = Tensor.Parameter([1, 1, 5, 5], [.. Enumerable.Range(0, 25).Select(i => i % 5 is 1 or 2 or 3 ? 1f / 15 : -1f / 10)]);
var parameters = Tree.Branch(("find", Tree.Branch(("weight", Tree.Leaf(stroke)), ("bias", Tree.Leaf(Tensor.Zeros([1]))))));
using var workspace = new Workspace();

var digits = Digits.Load().Test;
var image = digits.Single(0).Divide(255).Batch(1).First().ToTensor();
var found = Forward.Of(find, parameters, image, workspace);
var pooled = Forward.Of(findAndPool, parameters, image, workspace);
Console.WriteLine($"\nSteep strokes, {found.Shape}, and after pooling, {pooled.Shape}:");
foreach (var (i, row) in found.ToArray().Chunk(24).Index())
    Console.WriteLine($"  |{Shades(row, found)}|{(i < 12 ? $"  |{Shades(pooled.ToArray().Chunk(12).ElementAt(i), pooled)}|" : "")}");

Console.WriteLine($"\nThe loops above give the library's bits: {Pool(found.ToArray(), 24).SequenceEqual(pooled.ToArray())}.");

// Now the point of it. Move 100 digits by one pixel to the right and ask how much the numbers change, as a share of their size:
// the sum of |after − before| over the sum of |before|.
Console.WriteLine("\nHow much 100 digits change when they move by one pixel:");
var still = digits.Take(100).Divide(255).Batch(100).First().ToTensor();
var moved = Tensor.Batch(still.Shape, [.. still.ToArray().Chunk(28).SelectMany(row => row[..^1].Prepend(0f))]);
Console.WriteLine($"  the pixels:         {Change(still, moved),5:F1} %");
Console.WriteLine($"  after convolution:  {Change(Of(find, still), Of(find, moved)),5:F1} %");
Console.WriteLine($"  after pooling:      {Change(Of(findAndPool, still), Of(findAndPool, moved)),5:F1} %");
Console.WriteLine($"  after pooling twice:{Change(Of(findAndPoolTwice, still), Of(findAndPoolTwice, moved)),5:F1} %");
Console.WriteLine("A kernel that looks for strokes is sharper than the pixels themselves. Each pooling takes some of that away again:");
Console.WriteLine("what is left says which strokes there are, and roughly where. That is the second idea of LeNet.");

// The parameters stand in a tree under the layers' names; where the layers are one level deeper, so are they.
Tensor Of(Network network, Tensor batch) =>
    Forward.Of(network, network == findAndPoolTwice ? Tree.Branch(("once", parameters)) : parameters, batch, workspace);

static double Change(Tensor before, Tensor after) =>
    100 * before.ToArray().Zip(after.ToArray(), (b, a) => (double)MathF.Abs(a - b)).Sum() / before.ToArray().Sum(value => (double)MathF.Abs(value));

static string Line(float[] values) => string.Join(' ', values.Select(value => $"{value,2}"));

static string Shades(float[] row, Tensor map) => string.Concat(row.Select(value => " .:-=+*#%@"[(int)(value / map.ToArray().Max() * 9.99f)]));
