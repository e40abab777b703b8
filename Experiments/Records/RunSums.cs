using System.Globalization;
using System.Security.Cryptography;
using FunctionalLeNet.Core.Formats;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Experiments.Records;

/// <summary>A file of a run that is not what the run's sums say.</summary>
/// <param name="File">Its name from the run's folder.</param>
/// <param name="Problem">What is wrong with it.</param>
internal sealed record SumDifference(string File, string Problem);

/// <summary><c>SHA256SUMS</c> over all files of a finished run, in the form of <c>sha256sum</c>, which checks it too.</summary>
internal static class RunSums
{
    /// <summary>The file's name.</summary>
    public const string FileName = "SHA256SUMS";

    /// <summary>Writes the sums of all files in a run's folder.</summary>
    /// <param name="folder">The run's folder.</param>
    public static void Write(string folder) =>
        AtomicFile.Write(Path.Combine(folder, FileName), string.Concat(Files(folder).Select(file => $"{Sum(folder, file)}  {file}\n")));

    /// <summary>Writes a file of a finished run again, such as its report, and its sum with it; a run without sums gets none.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="write">Writes the file.</param>
    /// <param name="file">Its name from the run's folder.</param>
    public static void Replace(string folder, string file, Action write)
    {
        var sums = File.Exists(Path.Combine(folder, FileName)) ? Read(folder) : [];
        write();
        if (sums.Count > 0)
            AtomicFile.Write(Path.Combine(folder, FileName), string.Concat(
                sums.Where(line => line.File != file).Append((Sum: Sum(folder, file), File: file)).OrderBy(line => line.File, StringComparer.Ordinal).Select(line => $"{line.Sum}  {line.File}\n")));
    }

    /// <summary>What differs from the sums: files that were changed, are missing, or were added.</summary>
    /// <param name="folder">The run's folder, which has sums.</param>
    /// <exception cref="DataException">The sums themselves make no sense.</exception>
    public static EquatableArray<SumDifference> Differences(string folder)
    {
        var (sums, files) = (Read(folder), Files(folder));
        return
        [
            .. sums.Where(line => !files.Contains(line.File)).Select(line => new SumDifference(line.File, "is missing")),
            .. sums.Where(line => files.Contains(line.File)).Select(line => (line, Found: Sum(folder, line.File))).Where(pair => pair.Found != pair.line.Sum)
                .Select(pair => new SumDifference(pair.line.File, $"was changed: expected SHA-256 {pair.line.Sum}, found {pair.Found}")),
            .. files.Except(sums.Select(line => line.File)).Select(file => new SumDifference(file, $"is not in {FileName}")),
        ];
    }

    private static List<(string Sum, string File)> Read(string folder)
    {
        const int Digits = 2 * SHA256.HashSizeInBytes;
        var path = Path.Combine(folder, FileName);
        return [.. File.ReadAllLines(path).Select((line, i) =>
            line.Length > Digits + 2 && line[..Digits].All(char.IsAsciiHexDigitLower) && line[Digits..(Digits + 2)] is "  " or " *"
                ? (line[..Digits], line[(Digits + 2)..])
                : throw new DataException(path, string.Create(CultureInfo.InvariantCulture, $"line {i + 1} makes no sense"), "64 hexadecimal digits, two spaces and a file's name", line.Length > 100 ? line[..100] : line))];
    }

    private static string Sum(string folder, string file)
    {
        using var stream = File.OpenRead(Path.Combine(folder, file));
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static List<string> Files(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))
            .Where(file => file is not (FileName or RunLock.FileName) && !file.Contains(AtomicFile.Partial, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
}
