using FunctionalLeNet.Core.Formats;

namespace FunctionalLeNet.Experiments.Images;

/// <summary>Which parts of a picture's ink are its digit.</summary>
internal static class SingleDigit
{
    private const int SpecksShare = 50;
    private const int MostParts = 200;
    private const int Apart = 5;
    private const double AlsoADigit = 0.4;
    private const double Widest = 2;
    private const double AsHigh = 0.8;
    private const int Overlap = 5;

    /// <summary>
    /// The parts of the one digit: specks are left out, and what runs into the picture's edge while something else does not, such as the edge of the sheet; what lies close together is one figure.
    /// </summary>
    /// <param name="parts">The picture's ink.</param>
    /// <param name="file">The picture's name, for the error.</param>
    /// <returns>The digit's parts, and how many marks were left out.</returns>
    /// <exception cref="DataException">There is none, or there are several.</exception>
    public static (IReadOnlyList<Part> Digit, int Marks) Of(Parts parts, string file)
    {
        if (parts.All.Count == 0)
            throw new DataException(file, "there is no digit in this picture: nothing stands out from the paper");
        var largest = parts.All.Max(part => part.Amount);
        var large = parts.All.Where(part => part.Amount * SpecksShare >= largest).ToList();
        var inside = large.Where(part => !Touches(part.Box, parts.Ink)).ToList();
        var candidates = inside.Any(part => 4 * part.Amount >= largest) ? inside : large;
        if (candidates.Count > MostParts)
            throw new DataException(file, "there is more than a digit in this picture", "one digit on plain paper", $"{candidates.Count} marks");
        var figures = Joined(candidates);
        var digits = figures.Where(figure => figure.Box.Longer >= AlsoADigit * figures.Max(other => other.Box.Longer)).ToList();
        if (digits.Count > 1)
            throw new DataException(file, $"there are {digits.Count} figures in this picture", "one digit", advice: "Cut it so that each digit has a picture of its own.");
        var (box, digit) = digits[0];
        return box.Width <= Widest * box.Height
            ? (digit, parts.All.Count - digit.Count)
            : throw new DataException(file, $"what is in this picture is {(double)box.Width / box.Height:F1} times as wide as it is high: several digits that touch, or none", "one digit", advice: "Cut it so that each digit has a picture of its own.");
    }

    private static bool Touches(Box box, GreyImage picture) => box.Left == 0 || box.Top == 0 || box.Left + box.Width == picture.Width || box.Top + box.Height == picture.Height;

    /// <summary>
    /// Parts whose boxes are closer than a fifth of the larger one's side, as the bar of a 5 is to its bow, are one figure; but not two that stand beside each other and are
    /// both about as high as the whole, as the digits of 42 are.
    /// </summary>
    private static List<(Box Box, IReadOnlyList<Part> Parts)> Joined(IReadOnlyList<Part> parts)
    {
        var figures = parts.Select(part => (part.Box, Parts: (IReadOnlyList<Part>)[part])).ToList();
        while (Close(figures) is var (one, other))
        {
            var (first, second) = (figures[one], figures[other]);
            figures.RemoveAt(other);
            figures[one] = (first.Box.Around(second.Box), [.. first.Parts, .. second.Parts]);
        }

        return figures;
    }

    private static (int One, int Other)? Close(List<(Box Box, IReadOnlyList<Part> Parts)> figures) =>
        (from one in Enumerable.Range(0, figures.Count)
         from other in Enumerable.Range(one + 1, figures.Count - one - 1)
         where figures[one].Box.Gap(figures[other].Box) * Apart <= Math.Max(figures[one].Box.Longer, figures[other].Box.Longer)
         where !AreNeighbours(figures[one].Box, figures[other].Box)
         select ((int, int)?)(one, other)).FirstOrDefault();

    private static bool AreNeighbours(Box one, Box other)
    {
        var whole = one.Around(other);
        var shared = one.Width + other.Width - whole.Width;
        return Math.Min(one.Height, other.Height) >= AsHigh * whole.Height && shared * Overlap <= Math.Min(one.Width, other.Width);
    }
}
