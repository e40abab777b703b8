#:project ../Experiments.csproj

// Lesson 1: a batch is a matrix.                     dotnet run Experiments/Lessons/01-a-batch-is-a-matrix.cs
//
// To us a grey image is a picture; to a network it is a row of numbers: the first row of pixels, then the second, and so on.
// Several images are several rows, one under another: a matrix with a row for each sample and a column for each pixel.
// This lesson reads digits with nothing more than one product of two such matrices, and nothing is learned yet.

using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Data;

// 1,797 handwritten digits are inside the program. Each has 28×28 bytes, 0 for paper and 255 for ink, and a label from 0 to 9.
var digits = Digits.Load();
Console.WriteLine($"To learn from: {digits.Train}. To test with: {digits.Test}.");

// A pipeline describes what becomes of the bytes: here each is divided by 255, so that ink is 1 and paper 0.
var train = digits.Train.Divide(255);
var test = digits.Test.Divide(255);

Console.WriteLine($"\nThe first test image is a {digits.Test.Labels.Span[0]}:");
var first = test.Batch(1).First().ToTensor();
foreach (var row in first.ToArray().Chunk(28))
    Console.WriteLine("  |" + string.Concat(row.Select(ink => " .:-=+*#%@"[(int)(ink * 9.99)])) + "|");

// A batch of three has the shape [3, 1, 28, 28]: samples, channels (a colour image would have 3), rows, columns.
// As a matrix it is 3 × 784: a row for each sample, a column for each feature, the "design matrix" of every textbook.
var batch = test.Batch(3).First().ToTensor();
var matrix = batch.ToMatrix();
Console.WriteLine($"A batch of three has the shape {batch.Shape} and is a matrix of {matrix.RowCount} x {matrix.ColumnCount}.");

// Now a question to every image at once: how much do you look like an average 0, like an average 1, … like an average 9?
// "How much alike" is a sum of products: multiply pixel by pixel and add up. Ten questions are ten columns of a matrix W,
// and all answers together are one product, X W: row n, column k is how much sample n looks like digit k.
var x = Rows(test);                                         // 360 × 784
var labels = digits.Test.Labels.ToArray();
var known = Rows(train);                                    // 1,437 × 784
var averages = Enumerable.Range(0, 10).Select(digit => Average(known, digits.Train.Labels.ToArray(), digit)).ToArray();
var w = Columns(averages);                                  // 784 × 10
var scores = Product(x, w);                                 // 360 × 10
Console.WriteLine($"\nX is {Size(x)}, W is {Size(w)}, X W is {Size(scores)}.");

// An 8 has much ink and is a bit like everything, so every digit gets a handicap, b: half of its average's own square.
// (That makes the largest score the nearest average: |x − w|² = |x|² − 2 (x·w − |w|²/2), and |x|² is the same for all ten.)
var b = averages.Select(average => -0.5f * average.Sum(ink => ink * ink)).ToArray();
var answers = scores.Select(row => Largest([.. row.Zip(b, (score, handicap) => score + handicap)])).ToArray();

Console.WriteLine("\nThe first sample's scores, X W + b:");
for (var digit = 0; digit < 10; digit++)
    Console.WriteLine($"  {digit}: {scores[0][digit] + b[digit],7:F2}{(digit == answers[0] ? "  <- the largest: its answer" : "")}");
var right = answers.Zip(labels).Count(pair => pair.First == pair.Second);
Console.WriteLine($"\nOf {answers.Length} test images it reads {right} right: {100.0 * right / answers.Length:F1} %.");
Console.WriteLine("X W + b is called a linear layer. Lessons 5 to 8 show how to find a better W and b than averages;");
Console.WriteLine("lessons 2 to 4, what to do before it, so that a digit may lie a little to the left.");

// A batch as rows of pixels.
static float[][] Rows(Samples samples) => [.. samples.Batch(samples.Count).First().ToTensor().ToArray().Chunk(28 * 28)];

static float[] Average(float[][] images, byte[] labels, int digit)
{
    var own = images.Where((_, n) => labels[n] == digit).ToArray();
    return [.. Enumerable.Range(0, 28 * 28).Select(pixel => own.Sum(image => image[pixel]) / own.Length)];
}

static float[][] Columns(float[][] columns) =>
    [.. Enumerable.Range(0, columns[0].Length).Select(row => columns.Select(column => column[row]).ToArray())];

// The product of two matrices, by its definition: row by column.
static float[][] Product(float[][] a, float[][] b) =>
    [.. a.Select(row => Enumerable.Range(0, b[0].Length).Select(column => Enumerable.Range(0, row.Length).Sum(k => row[k] * b[k][column])).ToArray())];

static int Largest(float[] values) => Array.IndexOf(values, values.Max());

static string Size(float[][] matrix) => $"{matrix.Length} x {matrix[0].Length}";
