using FunctionalLeNet.Experiments.Data;

namespace FunctionalLeNet.Experiments.Images;

/// <summary>A grey picture: a byte for each pixel, row by row.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Pixels"><paramref name="Width"/> · <paramref name="Height"/> bytes. Of a picture as it was read, 0 is black and 255 white; of ink, 0 is none and 255 the most.</param>
/// <remarks>Equal when all bytes are equal.</remarks>
internal sealed record GreyImage(int Width, int Height, ReadOnlyMemory<byte> Pixels)
{
    /// <summary>A picture whose pixels are computed one by one.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="pixel">From column and row to the byte.</param>
    public static GreyImage Of(int width, int height, Func<int, int, byte> pixel)
    {
        var pixels = new byte[checked(width * height)];
        for (var (row, i) = (0, 0); row < height; row++)
            for (var column = 0; column < width; column++, i++)
                pixels[i] = pixel(column, row);
        return new(width, height, pixels);
    }

    /// <summary>An image of a set.</summary>
    /// <param name="image">One image.</param>
    public static GreyImage Of(ImageSet image) => new(image.Width, image.Height, image.Pixels);

    /// <summary>The image as bytes for a network, without a class.</summary>
    public ImageSet ToImageSet() => new(Height, Width, Pixels, new byte[1]);

    /// <summary>A pixel.</summary>
    /// <param name="column">From 0, the left.</param>
    /// <param name="row">From 0, the top.</param>
    public byte this[int column, int row] => Pixels.Span[(row * Width) + column];

    /// <summary>A part of the picture.</summary>
    /// <param name="box">Which, within it.</param>
    public GreyImage Crop(Box box)
    {
        var pixels = new byte[box.Width * box.Height];
        for (var row = 0; row < box.Height; row++)
            Pixels.Span.Slice(((box.Top + row) * Width) + box.Left, box.Width).CopyTo(pixels.AsSpan(row * box.Width));
        return new(box.Width, box.Height, pixels);
    }

    /// <summary>The smallest box around all pixels that are strong enough; null where there are none.</summary>
    /// <param name="least">From which byte on one is, at least 1.</param>
    public Box? Around(byte least)
    {
        var rows = Enumerable.Range(0, Height).Where(row => Pixels.Span.Slice(row * Width, Width).ContainsAnyInRange(least, byte.MaxValue)).ToList();
        if (rows.Count == 0)
            return null;
        var columns = Enumerable.Range(0, Width).Where(column => rows.Any(row => this[column, row] >= least)).ToList();
        return new(columns[0], rows[0], columns[^1] - columns[0] + 1, rows[^1] - rows[0] + 1);
    }

    /// <summary>Whether the other picture has the same size and bytes.</summary>
    /// <param name="other">The other.</param>
    public bool Equals(GreyImage? other) => other is not null && (Width, Height) == (other.Width, other.Height) && Pixels.Span.SequenceEqual(other.Pixels.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Width, Height);

    /// <summary>Its size: <c>640×480</c>.</summary>
    public override string ToString() => $"{Width}×{Height}";
}

/// <summary>A rectangle of pixels.</summary>
/// <param name="Left">Its first column.</param>
/// <param name="Top">Its first row.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
internal readonly record struct Box(int Left, int Top, int Width, int Height)
{
    /// <summary>The longer of its sides.</summary>
    public int Longer => Math.Max(Width, Height);

    private int Right => Left + Width;

    private int Bottom => Top + Height;

    /// <summary>The smallest box around two.</summary>
    /// <param name="other">The other.</param>
    public Box Around(Box other)
    {
        var (left, top) = (Math.Min(Left, other.Left), Math.Min(Top, other.Top));
        return new(left, top, Math.Max(Right, other.Right) - left, Math.Max(Bottom, other.Bottom) - top);
    }

    /// <summary>How many columns or rows lie between two boxes, whichever are more; 0 where they touch or overlap.</summary>
    /// <param name="other">The other.</param>
    public int Gap(Box other) => Math.Max(
        Math.Max(0, Math.Max(Left, other.Left) - Math.Min(Right, other.Right)),
        Math.Max(0, Math.Max(Top, other.Top) - Math.Min(Bottom, other.Bottom)));
}
