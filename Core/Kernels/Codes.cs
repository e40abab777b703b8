namespace FunctionalLeNet.Core.Kernels;

/// <summary>Fixed targets laid out for kernels: [K][F], and [F][K] with whole vectors of K.</summary>
internal sealed class Codes
{
    /// <summary>The layouts of targets.</summary>
    /// <param name="rows">K targets of F numbers.</param>
    public Codes(float[][] rows)
    {
        (Count, Features, Pitch) = (rows.Length, rows[0].Length, Workspace.Rounded(rows.Length));
        ByClass = [.. rows.SelectMany(row => row)];
        ByFeature = [.. Enumerable.Range(0, Features).SelectMany(feature => Enumerable.Range(0, Pitch).Select(k => k < Count ? rows[k][feature] : 0))];
    }

    /// <summary>K.</summary>
    public int Count { get; }

    /// <summary>F.</summary>
    public int Features { get; }

    /// <summary>From one feature to the next in <see cref="ByFeature"/>: K rounded up to whole vectors.</summary>
    public int Pitch { get; }

    /// <summary>[K][F].</summary>
    public float[] ByClass { get; }

    /// <summary>[F][<see cref="Pitch"/>], zeros beyond K.</summary>
    public float[] ByFeature { get; }
}
