using FunctionalLeNet.Experiments.Data;

namespace FunctionalLeNet.Tests.Data;

/// <summary>A few of the embedded digits as a folder of four IDX files.</summary>
internal static class TinyDigits
{
    /// <summary>70 images to train on and 40 to test with.</summary>
    /// <returns>The file of the training images.</returns>
    public static string Write(TemporaryFolder folder, string name)
    {
        var digits = Digits.Load();
        foreach (var (part, set) in (IEnumerable<(string, ImageSet)>)[("train", digits.Train.Take(70)), ("t10k", digits.Test.Take(40))])
        {
            folder.Write($"{name}/{part}-images-idx3-ubyte", [0, 0, 8, 3, 0, 0, 0, (byte)set.Count, 0, 0, 0, 28, 0, 0, 0, 28, .. set.Pixels.Span]);
            folder.Write($"{name}/{part}-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, (byte)set.Count, .. set.Labels.Span]);
        }

        return Path.Join(folder.Path, name, "train-images-idx3-ubyte");
    }
}
