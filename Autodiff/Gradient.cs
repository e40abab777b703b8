using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Autodiff;

/// <summary>
/// Reverse-mode automatic differentiation (Linnainmaa 1970; Griewank and Walther, "Evaluating Derivatives", 2008):
/// the graph is walked once from the loss back to the parameters, and each operation hands its parents their share by the chain rule.
/// </summary>
public static class Gradient
{
    /// <summary>The value of a loss and its derivatives with respect to every parameter, in the parameters' structure.</summary>
    /// <param name="loss">From parameters to a single number, made of operations on nodes.</param>
    /// <param name="parameters">Where the derivatives are taken.</param>
    /// <param name="workspace">Threads and memory.</param>
    /// <returns>The loss, and a gradient of each parameter's shape: zeros where the loss does not depend on it.</returns>
    /// <exception cref="ArgumentException">The loss is not a single number.</exception>
    public static (float Loss, Tree<Tensor> Gradients) Of(Func<Tree<Node>, Node> loss, Tree<Tensor> parameters, Workspace workspace)
    {
        try
        {
            var (value, gradients) = Inside(loss, parameters, workspace);
            return (value.Held.ToScalar(), gradients.Map(Copies.Own));
        }
        finally
        {
            workspace.Evaluation.Empty();
        }
    }

    /// <summary>The same with everything left in the workspace's memory, which the caller empties: what a training step uses.</summary>
    internal static (Node Loss, Tree<Tensor> Gradients) Inside(Func<Tree<Node>, Node> loss, Tree<Tensor> parameters, Workspace workspace)
    {
        var inside = workspace.In(workspace.Evaluation);
        var variables = parameters.Map(parameter => Node.Variable(inside, parameter));
        var value = loss(variables);
        if (value.Shape.Count != 1)
            throw new ArgumentException($"A loss is a single number, but this one has shape {value.Shape}. Sum it or take its mean.", nameof(loss));
        var one = Copies.Filled(inside, value.Held, 1);
        var gradients = Backward(value, one);
        return (value, variables.Map(variable => gradients.TryGetValue(variable, out var gradient) ? gradient : Copies.Filled(inside, variable.Held, 0)));
    }

    /// <summary>The derivatives of ⟨value, upstream⟩ by every variable node that the value depends on.</summary>
    internal static Dictionary<Node, Tensor> Backward(Node value, Tensor upstream)
    {
        var gradients = new Dictionary<Node, Tensor> { [value] = upstream };
        foreach (var node in LastFirst(value))
            if (gradients.TryGetValue(node, out var gradient))
                node.Derivative(gradient, (parent, share) => Give(gradients, node, parent, share));
        return gradients;
    }

    /// <summary>Adds a share to what a parent has been given, where the parent is variable.</summary>
    internal static void Give(Dictionary<Node, Tensor> given, Node node, Node parent, Tensor share)
    {
        if (parent.IsVariable)
            given[parent] = given.TryGetValue(parent, out var sum) ? Elementwise.Add(parent.Workspace, sum, Checked(node, parent, share)) : Checked(node, parent, share);
    }

    /// <summary>The graph below a node, every node before its parents; without recursion, so that a deep graph does not exhaust the stack.</summary>
    internal static IEnumerable<Node> LastFirst(Node root)
    {
        var (order, seen, stack) = (new List<Node>(), new HashSet<Node> { root }, new Stack<(Node Node, int Next)>());
        stack.Push((root, 0));
        while (stack.TryPop(out var top))
            if (top.Next == top.Node.Parents.Length)
                order.Add(top.Node);
            else
            {
                stack.Push((top.Node, top.Next + 1));
                if (top.Node.Parents[top.Next] is { IsVariable: true } parent && seen.Add(parent))
                    stack.Push((parent, 0));
            }

        return Enumerable.Reverse(order);
    }

    private static Tensor Checked(Node node, Node parent, Tensor share) =>
        share.Shape == parent.Shape
            ? share
            : throw new InvalidOperationException($"The derivative of '{node.Operation}' by '{parent.Operation}' has shape {share.Shape}, but the value has {parent.Shape}.");
}
