#:project ../Experiments.csproj

// Lesson 6: the graph and the walk back.             dotnet run Experiments/Lessons/06-the-graph-and-the-walk-back.cs
//
// A network of 61,706 weights wants 61,706 derivatives. Estimating each by two evaluations would take all day; the chain rule gives
// all of them for the price of about three. While the error is computed, each operation writes down where its numbers came from: a graph.
// Then the graph is walked once from the error back to the weights, and each operation passes its share on. That is all there is to
// "backpropagation" (Linnainmaa 1970; Rumelhart, Hinton and Williams 1986). First with single numbers, in some twenty lines.

using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Random;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Data;

// A number that knows how it was made: its parents, and by each parent the derivative of this one step alone.
// The rules are those of school: (a + b)' is 1 by each; (a · b)' is b by a, and a by b; max(a, 0)' is 1 where a > 0, else 0.
var (a, b, c) = (Value.Of("a", 3), Value.Of("b", -2), Value.Of("c", 10));
var product = a * b;
var sum = product + c;
var rectified = Value.Rectify(sum);
var result = rectified * a;                                    // result = max(a·b + c, 0) · a, and a is used twice

Console.WriteLine($"max(a*b + c, 0) * a at a = {a.Number}, b = {b.Number}, c = {c.Number} is {result.Number}.");
Console.WriteLine("\nThe walk back, the last operation first:");
foreach (var (value, derivative) in Backward(result))
    Console.WriteLine($"  d result / d ({value.Name}) = {derivative}");

// By hand: where the maximum is not 0, result = a²b + ca, so its derivatives are 2ab + c = −2 by a, a² = 9 by b, a = 3 by c.

// The project does the same with whole tensors instead of single numbers: an operation is one method that computes its value and
// states its derivative beside it (Autodiff/Ops), and the walk is Autodiff/Gradient.cs, 80 lines. The graph of a small network:
var network = new Network([1, 28, 28], Network.Sequence(
    ("find", new Layer.Convolution(4, 5)),
    ("positive", new Layer.Rectifier()),
    ("flatten", new Layer.Flatten()),
    ("decide", new Layer.Linear(10))));
var (parameters, _) = Parameters.Initialise(network, TorchGenerator.Seed(0));
var images = Digits.Load().Train;
var batch = images.Divide(255).Batch(16).First();
using var workspace = new Workspace();

var graph = "";
var (loss, gradients) = Gradient.Of(
    variables =>
    {
        var scores = Forward.Apply(network, variables, variables.Constant(batch.ToTensor()), new Mode.Evaluation());
        var error = Op.SoftmaxCrossEntropy(scores, images.Labels[..16], Reduction.Mean);
        graph = Draw(error, 0);
        return error;
    },
    parameters,
    workspace);
Console.WriteLine($"\nA network's graph, from its error ({loss:F4}) down to its parameters and data:");
Console.Write(graph);

Console.WriteLine("\nOne walk gave all derivatives, in the parameters' own structure:");
foreach (var (path, gradient) in gradients.Leaves)
    Console.WriteLine($"  {path,-14} {gradient.Shape,-14} {gradient.Count,6:N0} derivatives, the largest {gradient.ToArray().Max(MathF.Abs):F4}");

// The walk itself. Every value must have got all its shares before it passes them on, so a value comes before its parents:
// the order in which they were made, backwards. Shares that reach the same value by several ways are added (that is why a has both).
static List<(Value Value, double Derivative)> Backward(Value result)
{
    var order = new List<Value>();
    Visit(result);
    order.Reverse();
    var derivatives = new Dictionary<Value, double>(ReferenceEqualityComparer.Instance) { [result] = 1 };
    foreach (var value in order)
        foreach (var (parent, local) in value.Parents)
            derivatives[parent] = derivatives.GetValueOrDefault(parent) + (derivatives[value] * local);
    return [.. order.Select(value => (value, derivatives[value]))];

    void Visit(Value value)
    {
        if (order.Contains(value))
            return;
        foreach (var (parent, _) in value.Parents)
            Visit(parent);
        order.Add(value);
    }
}

static string Draw(Node node, int depth) =>
    $"{new string(' ', 2 * (depth + 1))}{node.Operation} {node.Shape}\n" + string.Concat(node.Parents.Select(parent => Draw(parent, depth + 1)));

sealed class Value(string name, double number, params (Value Value, double Local)[] parents)
{
    public string Name => name;

    public double Number => number;

    public (Value Value, double Local)[] Parents => parents;

    public static Value Of(string name, double number) => new(name, number);

    public static Value operator +(Value a, Value b) => new($"{a.Name} + {b.Name}", a.Number + b.Number, (a, 1), (b, 1));

    public static Value operator *(Value a, Value b) => new($"{a.Name} * {b.Name}", a.Number * b.Number, (a, b.Number), (b, a.Number));

    public static Value Rectify(Value a) => new($"max({a.Name}, 0)", Math.Max(a.Number, 0), (a, a.Number > 0 ? 1 : 0));
}
