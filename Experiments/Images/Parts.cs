namespace FunctionalLeNet.Experiments.Images;

/// <summary>Ink that hangs together.</summary>
/// <param name="Label">Its number.</param>
/// <param name="Box">The box around it.</param>
/// <param name="Amount">The sum of its pixels.</param>
internal readonly record struct Part(int Label, Box Box, long Amount);

/// <summary>A picture's ink, taken apart.</summary>
/// <param name="Ink">The ink.</param>
/// <param name="Labels">For each pixel the number of the part that it belongs to, from 1; 0 where there is none.</param>
/// <param name="All">The parts, each with at least one pixel of a stroke.</param>
internal sealed record Parts(GreyImage Ink, int[] Labels, IReadOnlyList<Part> All)
{
    /// <summary>Ink that belongs together: pixels with ink that touch, also at a corner.</summary>
    /// <param name="ink">The ink.</param>
    public static Parts Of(Ink ink)
    {
        var (image, labels, parts) = (ink.Image, new int[ink.Image.Pixels.Length], new List<Part>());
        for (var start = 0; start < labels.Length; start++)
            if (labels[start] == 0 && image.Pixels.Span[start] >= Images.Ink.Strong)
                parts.Add(Fill(image, labels, start, parts.Count + 1, ink.Least));
        return new(image, labels, parts);
    }

    /// <summary>The ink of some parts within a box; that of others is left out, what belongs to none stays.</summary>
    /// <param name="parts">Which.</param>
    /// <param name="box">The box.</param>
    public GreyImage Only(IEnumerable<Part> parts, Box box)
    {
        var kept = parts.Select(part => part.Label).Append(0).ToHashSet();
        return GreyImage.Of(box.Width, box.Height, (x, y) => kept.Contains(Labels[((box.Top + y) * Ink.Width) + box.Left + x]) ? Ink[box.Left + x, box.Top + y] : (byte)0);
    }

    private static Part Fill(GreyImage image, int[] labels, int start, int label, byte least)
    {
        var pixels = image.Pixels.Span;
        var amount = 0L;
        var (left, right, top, bottom) = (int.MaxValue, 0, int.MaxValue, 0);
        var waiting = new Stack<int>([start]);
        labels[start] = label;
        while (waiting.TryPop(out var place))
        {
            var (y, x) = Math.DivRem(place, image.Width);
            amount += pixels[place];
            (left, right, top, bottom) = (Math.Min(left, x), Math.Max(right, x), Math.Min(top, y), Math.Max(bottom, y));
            for (var row = Math.Max(0, y - 1); row <= Math.Min(image.Height - 1, y + 1); row++)
                for (var column = Math.Max(0, x - 1); column <= Math.Min(image.Width - 1, x + 1); column++)
                {
                    var next = (row * image.Width) + column;
                    if (labels[next] != 0 || pixels[next] <= least)
                        continue;
                    labels[next] = label;
                    waiting.Push(next);
                }
        }

        return new(label, new(left, top, right - left + 1, bottom - top + 1), amount);
    }
}
