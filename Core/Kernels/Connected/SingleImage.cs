using System.Runtime.CompilerServices;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// The convolution of a single image along a connection table: with no samples to fill the lanes, the pixels of a row do, forward and for the input gradient, and the
/// output maps do for the weight gradient. Stride 1, no padding; the sums are those of <see cref="ConnectedConvolution"/>, bit for bit.
/// </summary>
internal static unsafe class SingleImage
{
    /// <summary>Whether the lanes of a batch and a geometry are such.</summary>
    public static bool Takes(Tensor batch, ConvolutionGeometry g) => batch.Shape.First == 1 && batch.Block.Lanes == 1 && Takes(g);

    /// <summary>Whether a geometry is such.</summary>
    public static bool Takes(ConvolutionGeometry g) =>
        g is { StrideHeight: 1, StrideWidth: 1, Top: 0, Left: 0 } && g.OutputHeight == g.Height - g.KernelHeight + 1 && g.OutputWidth == g.Width - g.KernelWidth + 1;

    /// <summary>y: [1, O, OH, OW].</summary>
    public static Tensor Forward(Workspace workspace, Tensor x, Tensor w, Tensor b, Wiring wiring, ConvolutionGeometry g, Shape output)
    {
        var y = workspace.Batch(output);
        using var scratch = workspace.Scratch.Begin();
        var pitch = Workspace.Rounded(g.OutputWidth);
        float* images = Copy(workspace, x), maps = workspace.Scratch.Next((long)wiring.Outputs * g.OutputHeight * pitch);
        fixed (int* inputs = wiring.Input)
        fixed (int* first = wiring.First)
            Jobs.RunHere(wiring.Outputs, Workspace.Lanes, new RowTiles(
                images, g.Pixels, g.Width, g.Width, 1, w.Block.Address, inputs, first, g.KernelHeight, g.KernelWidth, b.Block.Address, maps, g.OutputHeight, g.OutputWidth, pitch));
        Take(maps, pitch, g.OutputWidth, y);
        Jobs.KeepAlive(x, w, b);
        return y;
    }

    /// <summary>∂L/∂x: [1, C, H, W], or nothing where the zeros around ∂L/∂y could make themselves felt.</summary>
    public static Tensor? InputGradient(Workspace workspace, Tensor dy, Tensor w, Wiring wiring, ConvolutionGeometry g, Shape input)
    {
        if (!Finite.All(w))
            return null;
        var dx = workspace.Batch(input);
        using var scratch = workspace.Scratch.Begin();
        // Each map of ∂L/∂y with zeros around it, so that every pixel has all its taps.
        var (height, width, area, pitch) = (g.Height + g.KernelHeight - 1, g.Width + g.KernelWidth - 1, g.KernelHeight * g.KernelWidth, Workspace.Rounded(g.Width));
        var padded = workspace.Scratch.Next((long)wiring.Outputs * height * width);
        var maps = workspace.Scratch.Next((long)wiring.Inputs * g.Height * pitch);
        var weights = workspace.Scratch.Next((long)wiring.Count * area);
        new Span<float>(padded, wiring.Outputs * height * width).Clear();
        for (var row = 0; row < wiring.Outputs * g.OutputHeight; row++)
            Copy(
                dy.Block.Address + ((long)row * g.OutputWidth),
                padded + ((((row / g.OutputHeight * height) + (row % g.OutputHeight) + g.KernelHeight - 1) * width) + g.KernelWidth - 1),
                g.OutputWidth);
        var outputs = (int*)workspace.Scratch.Next(wiring.Count);
        for (var place = 0; place < wiring.Count; place++)
        {
            outputs[place] = wiring.Output[wiring.ByInput[place]];
            Copy(w.Block.Address + (wiring.ByInput[place] * area), weights + (place * area), area);
        }

        // Tap (0, 0) lies on the window's last corner, (KH − 1, KW − 1) on its first.
        fixed (int* first = wiring.FirstByInput)
            Jobs.RunHere(wiring.Inputs, Workspace.Lanes, new RowTiles(
                padded + ((g.KernelHeight - 1) * width) + g.KernelWidth - 1, height * width, width, -width, -1, weights, outputs, first, g.KernelHeight, g.KernelWidth,
                null, maps, g.Height, g.Width, pitch));
        Take(maps, pitch, g.Width, dx);
        var certain = !Magnitudes.HasZero(new(dx.Block.Address, dx.Count))
            || Magnitudes.Suffices(Magnitudes.Smallest(new(dy.Block.Address, dy.Count)), Magnitudes.Smallest(new(w.Block.Address, w.Count)));
        Jobs.KeepAlive(dy, w);
        return certain ? dx : null;
    }

    /// <summary>∂L/∂w, of the shape that is given, and ∂L/∂b: [O].</summary>
    public static (Tensor Weight, Tensor Bias) ParameterGradients(Workspace workspace, Tensor dy, Tensor x, Wiring wiring, ConvolutionGeometry g, Shape weight)
    {
        var (dw, db) = (workspace.Parameter(weight), workspace.Parameter(Shape.Of(wiring.Outputs)));
        using var scratch = workspace.Scratch.Begin();
        var (outputs, area, pitch) = (wiring.Outputs, g.KernelHeight * g.KernelWidth, Workspace.Rounded(wiring.Outputs));
        var turned = workspace.Scratch.Next((long)g.OutputPixels * pitch);
        var sums = workspace.Scratch.Next((long)wiring.Inputs * area * pitch);
        var bias = workspace.Scratch.Next(pitch);
        Turn(dy.Block.Address, turned, outputs, g.OutputPixels, pitch);
        Jobs.RunHere(wiring.Inputs, Workspace.Lanes, new OutputLanes(x.Block.Address, turned, sums, bias, pitch, g));
        for (var connection = 0; connection < wiring.Count; connection++)
        {
            float* source = sums + ((long)wiring.Input[connection] * area * pitch) + wiring.Output[connection], target = dw.Block.Address + (connection * area);
            for (var tap = 0; tap < area; tap++, source += pitch)
                target[tap] = *source;
        }

        Copy(bias, db.Block.Address, outputs);
        Jobs.KeepAlive(dy, x);
        return (dw, db);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Turn(float* source, float* target, int maps, int pixels, int pitch)
    {
        new Span<float>(target, pixels * pitch).Clear();
        for (var map = 0; map < maps; map++)
        {
            var place = target + map;
            for (var end = source + pixels; source < end; source++, place += pitch)
                *place = *source;
        }
    }

    // In an arena a vector may reach past the end.
    private static float* Copy(Workspace workspace, Tensor x)
    {
        var copy = workspace.Scratch.Next(x.Count);
        Copy(x.Block.Address, copy, x.Count);
        return copy;
    }

    private static void Copy(float* source, float* target, int length) => new ReadOnlySpan<float>(source, length).CopyTo(new(target, length));

    private static void Take(float* maps, int pitch, int columns, Tensor target)
    {
        var place = target.Block.Address;
        for (var end = place + target.Count; place < end; place += columns, maps += pitch)
            Copy(maps, place, columns);
    }
}
