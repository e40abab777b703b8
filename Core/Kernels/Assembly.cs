using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>Batches of images from the bytes of a data set.</summary>
internal static unsafe class Assembly
{
    /// <summary>A batch [N, 1, H', W']: chosen images, each byte looked up in a table of values, on a background.</summary>
    /// <param name="workspace">Where the batch is made.</param>
    /// <param name="pixels">All images, one after another, row by row.</param>
    /// <param name="height">Rows of an image.</param>
    /// <param name="width">Columns of an image.</param>
    /// <param name="order">Which images, in order.</param>
    /// <param name="table">The 256 values of a byte, such as value / 255.</param>
    /// <param name="top">Rows of background above the image.</param>
    /// <param name="left">Columns of background to the left of the image.</param>
    /// <param name="paddedHeight">H', the rows of a padded image.</param>
    /// <param name="paddedWidth">W', the columns of a padded image.</param>
    /// <param name="background">The value around the image.</param>
    /// <exception cref="ArgumentException">An image does not exist, does not fit, or the table has not 256 values.</exception>
    public static Tensor Images(
        Workspace workspace, ReadOnlyMemory<byte> pixels, int height, int width, ReadOnlySpan<int> order, ReadOnlySpan<float> table,
        int top, int left, int paddedHeight, int paddedWidth, float background)
    {
        if (table.Length != 256)
            throw new ArgumentException($"A byte has 256 values, the table {table.Length}.", nameof(table));
        if (top < 0 || left < 0 || top + height > paddedHeight || left + width > paddedWidth)
            throw new ArgumentException($"An image of {height} × {width} at ({top}, {left}) does not fit {paddedHeight} × {paddedWidth}.", nameof(top));
        var count = pixels.Length / (height * width);
        foreach (var image in order)
            if ((uint)image >= (uint)count)
                throw new ArgumentException($"There is no image {image} among {count}.", nameof(order));

        var batch = workspace.Batch(Shape.Of(order.Length, 1, paddedHeight, paddedWidth));
        using var pinned = pixels.Pin();
        fixed (int* images = order)
        fixed (float* values = table)
            Jobs.RunGroups(workspace, batch.Groups, Workspace.Lanes, new ImageGroups((byte*)pinned.Pointer, images, values, batch.Block.Address)
            {
                Samples = order.Length,
                Lanes = batch.Block.Lanes,
                Image = (height, width),
                Padded = (paddedHeight, paddedWidth),
                Offset = (top, left),
                Background = background,
                Divisor = Divisor(table),
            });
        return batch;
    }

    // d where the table is value / d for all bytes and multiplications find these quotients, else 0.
    private static float Divisor(ReadOnlySpan<float> table)
    {
        var divisor = MathF.Round(1 / table[1]);
        for (var value = 0; value < table.Length; value++)
            if (ImageGroups.Quotient(value, divisor, 1 / divisor) != table[value])
                return 0;
        return divisor;
    }
}
