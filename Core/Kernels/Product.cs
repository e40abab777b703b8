using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// The product of a batch and a matrix, and its derivatives: y[n, o] = Σ over f of x[n, f] · w[o, f].
/// Every sum is one chain of fused multiply-adds from 0 in the order of its index.
/// </summary>
/// <remarks>
/// All three are one loop nest, <see cref="ProductTiles"/>. Samples lie in the lanes; for the gradient of w, whose sums run over samples, features do.
/// </remarks>
internal static unsafe class Product
{
    // Below about two microseconds' work a second thread brings nothing.
    private const long SharedWork = 1 << 18;

    // Numbers that lie so far apart, 4 KiB, share one set of the first-level cache.
    private const int Period = 1024;

    /// <summary>y: [N, O] from x: [N, F…] and w: [O, F…].</summary>
    public static Tensor Forward(Workspace workspace, Tensor x, Tensor w) => Forward(workspace, x, w, null);

    /// <summary>y: [N, O] from x: [N, F…] and w: [O, F…]; a bias, of O numbers, may be null.</summary>
    public static Tensor Forward(Workspace workspace, Tensor x, Tensor w, float* bias)
    {
        var (features, outputs) = (x.Shape.Rest.Count, w.Shape.First);
        var y = workspace.Batch(Shape.Of(x.Shape.First, outputs));
        using var scratch = workspace.Scratch.Begin();
        if (x.Block.Lanes == 1)
        {
            if (FewProduct.Takes(x.Shape.First))
                FewProduct.Forward(workspace, x, w, bias, y);
            else
                FewLinear.Forward(workspace, x, w, bias, y);
            return y;
        }

        // Whole tiles read the weights where they lie.
        if (outputs % Sums<Lanes1>.Rows == 0 && features % Period != 0)
        {
            Run(workspace, ForwardTiles(x, Panels.Turned(w.Block.Address, features, outputs), y, bias, workspace.Threads));
            Jobs.KeepAlive(x, w);
            return y;
        }

        var packed = workspace.Scratch.Next((long)Panels.For(outputs) * features * Panels.Width);
        var tiles = ForwardTiles(x, Panels.Packed(packed, features, outputs), y, bias, workspace.Threads);
        if (Panels.For(outputs) < 4 * workspace.Threads)
        {
            Pack(workspace, w, packed);
            Run(workspace, tiles);
        }
        else
        {
            // A panel is used where it was packed, while it lies in that core's cache.
            Jobs.Run(workspace, Panels.For(outputs), Workspace.Lanes, new PackedTiles(new WeightPanels(w.Block.Address, packed, features, outputs), tiles));
        }

        Jobs.KeepAlive(x, w);
        return y;
    }

    /// <summary>∂L/∂x: [N, F…] from ∂L/∂y: [N, O]; each sum runs over o.</summary>
    public static Tensor InputGradient(Workspace workspace, Tensor dy, Tensor w, Shape input)
    {
        var (features, outputs, lanes) = (input.Rest.Count, w.Shape.First, dy.Block.Lanes);
        var dx = workspace.Batch(input);
        using var scratch = workspace.Scratch.Begin();
        if (lanes == 1 && FewProduct.Takes(dy.Shape.First))
        {
            if (!SparseRows.InputGradient(workspace, dy, w, dx))
                FewProduct.InputGradient(workspace, dy, w, dx);
        }
        else if (lanes == 1)
            Jobs.RunHere(dy.Groups, Workspace.Lanes, new SingleInputGradient(dy.Block.Address, w.Block.Address, dx.Block.Address, features, outputs));
        else
            Run(workspace, InputTiles(workspace, dy, w, dx));
        Jobs.KeepAlive(dy, w);
        return dx;
    }

    /// <summary>∂L/∂x, ∂L/∂w and ∂L/∂b. Where samples lie side by side the two products are one job, so that threads meet once.</summary>
    public static (Tensor Input, Tensor Weight) Gradients(Workspace workspace, Tensor dy, Tensor x, Tensor w, float* biasGradient)
    {
        var (samples, features, outputs) = (x.Shape.First, x.Shape.Rest.Count, w.Shape.First);
        if (x.Block.Lanes == 1 || (long)samples * features * outputs < SharedWork)
            return (InputGradient(workspace, dy, w, x.Shape), ParameterGradients(workspace, dy, x, w.Shape, biasGradient));
        var dx = workspace.Batch(x.Shape);
        return (dx, ParameterGradients(workspace, dy, x, w.Shape, biasGradient, (w, dx)));
    }

    /// <summary>∂L/∂w: [O, F…] from ∂L/∂y: [N, O] and x: [N, F…]; each sum runs over n.</summary>
    public static Tensor WeightGradient(Workspace workspace, Tensor dy, Tensor x, Shape weight) => ParameterGradients(workspace, dy, x, weight, null);

    /// <summary>∂L/∂w: [O, F…], and where there is room for it ∂L/∂b, the sums of ∂L/∂y over n by plain additions.</summary>
    public static Tensor ParameterGradients(Workspace workspace, Tensor dy, Tensor x, Shape weight, float* biasGradient) =>
        ParameterGradients(workspace, dy, x, weight, biasGradient, null);

    private static Tensor ParameterGradients(Workspace workspace, Tensor dy, Tensor x, Shape weight, float* biasGradient, (Tensor W, Tensor Dx)? input)
    {
        var (samples, features, outputs, lanes) = (x.Shape.First, x.Shape.Rest.Count, weight.First, x.Block.Lanes);
        var dw = workspace.Parameter(weight);
        using var scratch = workspace.Scratch.Begin();
        if (lanes == 1 && samples == 1)
        {
            Jobs.RunHere(1, Workspace.Lanes, new SingleWeightGradient(dy.Block.Address, x.Block.Address, dw.Block.Address, biasGradient, features, outputs));
            Jobs.KeepAlive(dy, x);
            return dw;
        }

        var (groups, rowLength, gradientLength) = (x.Groups, Rounded(features, Workspace.Lanes), Rounded(outputs, Panels.Width));
        var gradients = workspace.Scratch.Next((long)groups * lanes * gradientLength);
        Rows(workspace, dy, gradients, outputs, gradientLength);
        var tiles = new ProductTiles
        {
            B = Panels.Within(gradients, gradientLength, outputs),
            C = dw.Block.Address,
            CGroup = Workspace.Lanes,
            CRow = features,
            Length = samples,
            Width = features,
            Rows = outputs,
        };
        if (lanes == 1)
        {
            if (!FewProduct.Takes(samples) || !SparseRows.WeightGradient(workspace, dy, x, dw))
            {
                var rows = workspace.Scratch.Next((long)samples * rowLength);
                Rows(workspace, x, rows, features, rowLength);
                Run(workspace, tiles with { A = rows, AGroup = Workspace.Lanes, AStep = rowLength });
            }
        }
        else
        {
            var turned = new TurnedTiles(x.Block.Address, groups, features, workspace.Scratch.Next(TurnedTiles.Length(groups, features)), tiles);
            if (input is var (w, dx))
            {
                var both = new BothGradients(InputTiles(workspace, dy, w, dx), turned);
                Jobs.Run(workspace, both.Items, Workspace.Lanes, both);
                GC.KeepAlive(w);
            }
            else if (tiles.Work < SharedWork)
                Jobs.RunHere(turned.Items, Workspace.Lanes, turned);
            else
                Jobs.Run(workspace, turned.Items, Workspace.Lanes, turned);
        }

        if (biasGradient != null)
            Jobs.RunHere(1, Workspace.Lanes, new RowSums(gradients, biasGradient, samples, outputs, gradientLength));
        Jobs.KeepAlive(dy, x);
        return dw;
    }

    private static ProductTiles ForwardTiles(Tensor x, Panels weights, Tensor y, float* bias, int owners)
    {
        var (features, outputs, lanes) = (x.Shape.Rest.Count, y.Shape.Rest.Count, x.Block.Lanes);
        return new ProductTiles
        {
            A = x.Block.Address,
            AGroup = (long)features * lanes,
            AStep = lanes,
            B = weights,
            C = y.Block.Address,
            CGroup = (long)outputs * lanes,
            CRow = lanes,
            Length = features,
            Width = x.Groups * lanes,
            Rows = outputs,
            Bias = bias,
            Owners = lanes == Workspace.Lanes ? owners : 0,
        };
    }

    private static ProductTiles InputTiles(Workspace workspace, Tensor dy, Tensor w, Tensor dx)
    {
        var (features, outputs, lanes) = (dx.Shape.Rest.Count, dy.Shape.Rest.Count, dy.Block.Lanes);
        return new ProductTiles
        {
            A = dy.Block.Address,
            AGroup = (long)outputs * lanes,
            AStep = lanes,
            B = Panels.Of(workspace.Scratch, w.Block.Address, outputs, features),
            C = dx.Block.Address,
            CGroup = (long)features * lanes,
            CRow = lanes,
            Length = outputs,
            Width = dy.Groups * lanes,
            Rows = features,
            Owners = lanes == Workspace.Lanes ? workspace.Threads : 0,
        };
    }

    private static void Run(Workspace workspace, ProductTiles tiles)
    {
        if (tiles.Work < SharedWork)
            Jobs.RunHere(tiles.Items, Workspace.Lanes, tiles);
        else
            Jobs.Run(workspace, tiles.Items, Workspace.Lanes, tiles);
    }

    private static void Pack(Workspace workspace, Tensor w, float* packed)
    {
        var job = new WeightPanels(w.Block.Address, packed, w.Shape.Rest.Count, w.Shape.First);
        if (w.Count < SharedWork)
            Jobs.RunHere(job.Items, Workspace.Lanes, job);
        else
            Jobs.Run(workspace, job.Items, Workspace.Lanes, job);
    }

    private static void Rows(Workspace workspace, Tensor batch, float* rows, int features, int stride)
    {
        if (batch.Block.Lanes == 1)
        {
            // Samples are rows as they are; their ends are filled up, so that vectors may reach past them.
            for (var sample = batch.Block.Address; sample < batch.Block.Address + batch.Count; sample += features, rows += stride)
            {
                new ReadOnlySpan<float>(sample, features).CopyTo(new Span<float>(rows, features));
                new Span<float>(rows + features, stride - features).Clear();
            }

            return;
        }

        var job = new SampleRows(batch.Block.Address, rows, batch.Groups, features, stride);
        if (batch.Count < SharedWork)
            Jobs.RunHere(job.Items, Workspace.Lanes, job);
        else
            Jobs.Run(workspace, job.Items, Workspace.Lanes, job);
    }

    private static int Rounded(int count, int multiple) => (count + multiple - 1) / multiple * multiple;

    private readonly struct PackedTiles(WeightPanels weights, ProductTiles tiles) : ILaneJob
    {
        public void Run<T>(int item) where T : struct, ILanes<T>
        {
            weights.Panel(item);
            tiles.Panel<T>(item, 0, int.MaxValue / Workspace.Lanes);
        }
    }

    /// <summary>Half of the weight gradient's items, the input gradient's, and the other half: so that of two threads each writes the samples that it owns.</summary>
    private readonly struct BothGradients(ProductTiles input, TurnedTiles weight) : ILaneJob
    {
        public int Items => input.Items + weight.Items;

        public void Run<T>(int item) where T : struct, ILanes<T>
        {
            var half = weight.Items / 2;
            if (item < half)
                weight.Run<T>(item);
            else if (item < half + input.Items)
                input.Run<T>(item - half);
            else
                weight.Run<T>(item - input.Items);
        }
    }
}
