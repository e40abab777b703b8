using System.Collections.Immutable;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Autodiff;

/// <summary>
/// A value in a computation, with the operation it came from, the nodes that went in, and the rule that carries its derivative back to them.
/// Never written to after it is made: gradients are returned by <see cref="Gradient"/>, not left on nodes.
/// </summary>
/// <remarks>A class, so that comparing two nodes never walks the graph.</remarks>
public sealed class Node
{
    private Node(Workspace workspace, Tensor held, string operation, ImmutableArray<Node> parents, bool isVariable, Derivative derivative, SecondDerivative? second)
    {
        Workspace = workspace;
        Held = held;
        Operation = operation;
        Parents = parents;
        IsVariable = isVariable;
        Derivative = derivative;
        SecondDerivative = second;
    }

    /// <summary>The operation's name, for drawing and for errors.</summary>
    public string Operation { get; }

    /// <summary>The nodes that went in.</summary>
    public ImmutableArray<Node> Parents { get; }

    /// <summary>The shape of the value, <c>[N, C, H, W]</c> for a batch.</summary>
    public Shape Shape => Held.Shape;

    /// <summary>The value, a copy: it stays valid after the evaluation that the node belongs to.</summary>
    public Tensor Value => Copies.Own(Held);

    /// <summary>The value where it lies, valid until the evaluation ends.</summary>
    internal Tensor Held { get; }

    /// <summary>Whether the value depends on a parameter; where it does not, no derivative is computed.</summary>
    internal bool IsVariable { get; }

    /// <summary>From the derivative of the loss by this value to its derivatives by the parents that are variable.</summary>
    internal Derivative Derivative { get; }

    /// <summary>The same for the diagonal of second derivatives, where the operation has a rule: see <see cref="Curvature"/>.</summary>
    internal SecondDerivative? SecondDerivative { get; }

    /// <summary>Threads and memory of the evaluation.</summary>
    internal Workspace Workspace { get; }

    /// <summary>A value with respect to which derivatives are wanted.</summary>
    /// <param name="workspace">The evaluation's threads and memory.</param>
    /// <param name="value">The value.</param>
    internal static Node Variable(Workspace workspace, Tensor value) => Source(workspace, value, "parameter", true);

    /// <summary>A value that stays as it is, such as the data.</summary>
    /// <param name="workspace">The evaluation's threads and memory.</param>
    /// <param name="value">The value.</param>
    internal static Node Constant(Workspace workspace, Tensor value) => Source(workspace, value, "constant", false);

    /// <summary>The result of an operation.</summary>
    /// <param name="operation">The operation's name.</param>
    /// <param name="value">The value.</param>
    /// <param name="parents">The nodes that went in, at least one.</param>
    /// <param name="derivative">The rule that carries derivatives back.</param>
    /// <param name="second">The rule that carries the diagonal of second derivatives back.</param>
    internal static Node Of(string operation, Tensor value, ImmutableArray<Node> parents, Derivative derivative, SecondDerivative? second = null) =>
        new(parents[0].Workspace, value, operation, parents, parents.Any(parent => parent.IsVariable), derivative, second);

    /// <summary>The result of an operation each of whose numbers comes from the number at its place alone: its second rule is its first, applied twice, h · f′ · f′.</summary>
    /// <param name="operation">The operation's name.</param>
    /// <param name="value">The value.</param>
    /// <param name="x">The node that went in.</param>
    /// <param name="times">From ∂L/∂y to ∂L/∂y · f′(x).</param>
    internal static Node Elementwise(string operation, Tensor value, Node x, Func<Tensor, Tensor> times) =>
        Of(operation, value, [x], (dy, give) => give(x, times(dy)), (_, h, give) => give(x, times(times(h))));

    /// <summary>The result of an operation that adds and moves numbers and multiplies them by nothing but 0 and 1: both rules are one.</summary>
    /// <param name="operation">The operation's name.</param>
    /// <param name="value">The value.</param>
    /// <param name="x">The node that went in.</param>
    /// <param name="back">From ∂L/∂y to ∂L/∂x.</param>
    internal static Node Moved(string operation, Tensor value, Node x, Func<Tensor, Tensor> back) =>
        Of(operation, value, [x], (dy, give) => give(x, back(dy)), (_, h, give) => give(x, back(h)));

    private static Node Source(Workspace workspace, Tensor value, string operation, bool isVariable) =>
        new(workspace, Copies.Grouped(workspace, value), operation, [], isVariable, (_, _) => { }, (_, _, _) => { });
}

/// <summary>An operation's derivative: hands each parent its share of the derivative of the loss.</summary>
/// <param name="upstream">The derivative of the loss by the operation's value, of the value's shape.</param>
/// <param name="give">Called with a parent and the derivative of the loss by it, for each parent that is variable.</param>
internal delegate void Derivative(Tensor upstream, Action<Node, Tensor> give);

/// <summary>
/// An operation's rule for second derivatives: hands each parent the diagonal of the second derivatives of the loss by it, with off-diagonal terms and the
/// operation's own second derivative left out (LeCun et al. 1998, appendix C).
/// </summary>
/// <param name="first">The derivative of the loss by the operation's value.</param>
/// <param name="second">The second derivatives of the loss by the numbers of the operation's value, h = ∂²L/∂y².</param>
/// <param name="give">Called with a parent and the second derivatives by it, for each parent that is variable.</param>
internal delegate void SecondDerivative(Tensor first, Tensor second, Action<Node, Tensor> give);
