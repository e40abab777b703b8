using CsCheck;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Tests.Kernels;

/// <summary>Convolution along a connection table against the naive chains over connected maps alone, bit for bit.</summary>
public sealed class ConnectedConvolutionTests
{
    private const int Cases = 300;

    private static readonly Gen<(ConvolutionCase Case, ConnectionTable Table)> Any =
        from test in Gen.Frequency(
            (2, ConvolutionCase.Any),
            (3, from test in ConvolutionCase.Any
                from height in Gen.OneOf(Gen.Int[1, 5], Gen.Const(7), Gen.Const(10), Gen.Const(14), Gen.Const(28))
                from width in Gen.OneOf(Gen.Int[1, 5], Gen.Const(10), Gen.Const(14), Gen.Const(17), Gen.Const(28))
                from channels in Gen.Int[1, 3]
                from outputs in Gen.OneOf(Gen.Int[1, 3], Gen.Const(17))
                from kernel in Gen.OneOf(Gen.Int[1, 6], Gen.Const(5))
                select test with { Samples = 1, Outputs = outputs, Geometry = Single(channels, height, width, kernel) }))
        from table in Table(test)
        select (test, table);

    [Fact]
    public void Forward_equals_the_naive_chain_over_connected_maps() => Any.Sample(
        c =>
        {
            var (test, table) = c;
            var (g, x, w, b) = (test.Geometry, test.Numbers(0, test.Input.Count), test.Numbers(1, Weight(c).Count), test.Numbers(2, test.Outputs));
            using var workspace = test.Workspace();
            var y = ConnectedConvolution.Forward(
                workspace, ConvolutionTests.Batch(workspace, test.Input, x), Tensor.Parameter(Weight(c), w), Tensor.Parameter([test.Outputs], b), table.Wiring, g, test.Output);
            ConvolutionBits.Equal(NaiveConnected.Forward(x, w, b, g, table, test.Samples), y.ToArray());
        },
        iter: Cases);

    [Fact]
    public void Gradients_equal_the_naive_chains_over_connected_maps() => Any.Sample(
        c =>
        {
            var (test, table) = c;
            var (g, dy, x, w) = (test.Geometry, test.Numbers(0, test.Output.Count), test.Numbers(1, test.Input.Count), test.Numbers(2, Weight(c).Count));
            using var workspace = test.Workspace();
            var gradient = ConvolutionTests.Batch(workspace, test.Output, dy);
            var dx = ConnectedConvolution.InputGradient(workspace, gradient, Tensor.Parameter(Weight(c), w), table.Wiring, g, test.Input);
            var (dw, db) = ConnectedConvolution.ParameterGradients(workspace, gradient, ConvolutionTests.Batch(workspace, test.Input, x), table.Wiring, g);
            ConvolutionBits.Equal(NaiveConnected.InputGradient(dy, w, g, table, test.Samples), dx.ToArray());
            ConvolutionBits.Equal(NaiveConnected.WeightGradient(dy, x, g, table, test.Samples), dw.ToArray());
            ConvolutionBits.Equal(NaiveConvolution.BiasGradient(dy, g, test.Samples, test.Outputs), db.ToArray());
        },
        iter: Cases);

    [Fact]
    public void A_table_that_connects_everything_is_the_ordinary_convolution() => ConvolutionCase.Any.Sample(
        test =>
        {
            var (g, x, w, b) = (test.Geometry, test.Numbers(0, test.Input.Count), test.Numbers(1, test.Weight.Count), test.Numbers(2, test.Outputs));
            using var workspace = test.Workspace();
            var y = ConnectedConvolution.Forward(
                workspace, ConvolutionTests.Batch(workspace, test.Input, x), Tensor.Parameter([test.Outputs * g.Channels, g.KernelHeight, g.KernelWidth], w),
                Tensor.Parameter([test.Outputs], b), Wiring.Full(g.Channels, test.Outputs), g, test.Output);
            ConvolutionBits.Equal(NaiveConvolution.Forward(x, w, b, g, test.Samples), y.ToArray());
        },
        iter: 100);

    [Fact]
    public void A_row_that_is_empty_or_unordered_or_out_of_range_is_refused()
    {
        Assert.Throws<ArgumentException>(() => ConnectionTable.Of(3, [0, 1], []));
        Assert.Throws<ArgumentException>(() => ConnectionTable.Of(3, [1, 0]));
        Assert.Throws<ArgumentException>(() => ConnectionTable.Of(3, [1, 1]));
        Assert.Throws<ArgumentException>(() => ConnectionTable.Of(3, [0, 3]));
        Assert.Equal(ConnectionTable.Of(3, [0, 2], [1]), ConnectionTable.Of(3, [0, 2], [1]));
        Assert.NotEqual(ConnectionTable.Of(3, [0, 2], [1]), ConnectionTable.Of(3, [0, 2], [2]));
    }

    private static Shape Weight((ConvolutionCase Case, ConnectionTable Table) c) => [c.Table.Count, c.Case.Geometry.KernelHeight, c.Case.Geometry.KernelWidth];

    private static ConvolutionGeometry Single(int channels, int height, int width, int kernel) =>
        new(channels, height + kernel - 1, width + kernel - 1, kernel, kernel, 1, 1, 0, 0, height, width);

    private static Gen<ConnectionTable> Table(ConvolutionCase test) =>
        Gen.Bool.Array[test.Geometry.Channels].Array[test.Outputs].Select(rows => ConnectionTable.Of(
            test.Geometry.Channels,
            [.. rows.Select((row, o) => Enumerable.Range(0, row.Length).Where(input => row[input] || input == o % row.Length).ToArray())]));
}
