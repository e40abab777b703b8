using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>A linear layer, a <see cref="Product"/> and a bias: y[n, o] = (Σ over f of x[n, f] · w[o, f]) + b[o].</summary>
internal static unsafe class Linear
{
    /// <summary>y: [N, O] from x: [N, F…], w: [O, F…] and b: [O]; the bias is added last.</summary>
    public static Tensor Forward(Workspace workspace, Tensor x, Tensor w, Tensor b)
    {
        if (workspace.Numerics != Numerics.Exact)
            return PatchProduct.Forward(workspace, x, w, b, ConvolutionGeometry.Linear(w.Shape.Rest.Count), Shape.Of(x.Shape.First, w.Shape.First));
        var y = Product.Forward(workspace, x, w, b.Block.Address);
        GC.KeepAlive(b);
        return y;
    }

    /// <summary>∂L/∂x: [N, F…] from ∂L/∂y: [N, O]; each sum runs over o.</summary>
    public static Tensor InputGradient(Workspace workspace, Tensor dy, Tensor w, Shape input) => workspace.Numerics != Numerics.Exact
        ? PatchProduct.InputGradient(workspace, dy, w, ConvolutionGeometry.Linear(w.Shape.Rest.Count), input)
        : Product.InputGradient(workspace, dy, w, input);

    /// <summary>The gradients of x, where it is wanted, w and b.</summary>
    public static (Tensor? Input, Tensor Weight, Tensor Bias) Gradients(Workspace workspace, Tensor dy, Tensor x, Tensor w, bool wantInput)
    {
        if (wantInput && workspace.Numerics == Numerics.Exact)
        {
            var db = workspace.Parameter(Shape.Of(w.Shape.First));
            var (dx, dw) = Product.Gradients(workspace, dy, x, w, db.Block.Address);
            return (dx, dw, db);
        }

        var (weight, bias) = ParameterGradients(workspace, dy, x, w.Shape);
        return (wantInput ? InputGradient(workspace, dy, w, x.Shape) : null, weight, bias);
    }

    /// <summary>∂L/∂w: [O, F…] and ∂L/∂b: [O]; each sum runs over n, that of the bias by plain additions.</summary>
    public static (Tensor Weight, Tensor Bias) ParameterGradients(Workspace workspace, Tensor dy, Tensor x, Shape weight)
    {
        if (workspace.Numerics != Numerics.Exact)
            return PatchProduct.ParameterGradients(workspace, dy, x, ConvolutionGeometry.Linear(weight.Rest.Count), weight);
        var db = workspace.Parameter(Shape.Of(weight.First));
        return (Product.ParameterGradients(workspace, dy, x, weight, db.Block.Address), db);
    }
}
