namespace FunctionalLeNet.Core.Layers;

/// <summary>A height and a width: of a kernel, a window or a stride.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct Size(int Height, int Width)
{
    /// <summary>A square.</summary>
    /// <param name="side">Rows and columns.</param>
    public static implicit operator Size(int side) => new(side, side);

    /// <summary><c>5</c> for a square, else <c>5x3</c>.</summary>
    public override string ToString() => Height == Width ? $"{Height}" : $"{Height}x{Width}";
}

/// <summary>Zeros around an image. Taps of a convolution that fall on them are skipped, which gives the same numbers.</summary>
/// <param name="Top">Rows above.</param>
/// <param name="Bottom">Rows below.</param>
/// <param name="Left">Columns to the left.</param>
/// <param name="Right">Columns to the right.</param>
public readonly record struct Padding(int Top, int Bottom, int Left, int Right)
{
    /// <summary>
    /// As much as makes ⌈H / stride⌉ rows and ⌈W / stride⌉ columns, TensorFlow's <c>SAME</c>: in all max((OH − 1)·stride + kernel − H, 0) rows,
    /// of which the odd one stands below, and columns likewise, the odd one to the right.
    /// </summary>
    public static Padding Same { get; } = new() { IsSame = true };

    /// <summary>Whether this is <see cref="Same"/>, whose numbers follow from the image's size.</summary>
    public bool IsSame { get; private init; }

    /// <summary>The same on all four sides.</summary>
    /// <param name="side">Rows and columns on each side.</param>
    public static implicit operator Padding(int side) => new(side, side, side, side);

    /// <summary><c>2</c> for the same on all sides, <c>same</c>, else the four numbers.</summary>
    public override string ToString() => IsSame ? "same" : Top == Bottom && Left == Right && Top == Left ? $"{Top}" : $"{Top},{Bottom},{Left},{Right}";
}
