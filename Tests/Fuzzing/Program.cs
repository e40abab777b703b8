using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using FunctionalLeNet.Fuzzing;

// dotnet run -c Release --project Tests/Fuzzing -- [TARGET…] [--count N] [--seed N] [--from N]
// Reads N inputs in all, shared among the targets; what was found is written to artifacts/fuzzing. An input that ends the process has the number that was said last, or one of the next thousand.
const long Step = 1_000;
var numbers = args.Index().Where(word => word.Item.StartsWith("--", StringComparison.Ordinal)).ToDictionary(
    word => word.Item, word => word.Index + 1 < args.Length && long.TryParse(args[word.Index + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : -1);
var names = args.Where((word, i) => !word.StartsWith("--", StringComparison.Ordinal) && (i == 0 || !args[i - 1].StartsWith("--", StringComparison.Ordinal))).ToList();
if (numbers.Keys.Except(["--count", "--seed", "--from"]).Any() || numbers.Values.Any(value => value < 0) || names.Except(Target.All.Select(target => target.Name)).Any())
{
    Console.Error.WriteLine($"usage: [{string.Join('|', Target.All.Select(target => target.Name))}]… [--count N] [--seed N] [--from N]");
    return 2;
}

var targets = Target.All.Where(target => names.Count == 0 || names.Contains(target.Name)).ToList();
var (count, seed, from) = (numbers.GetValueOrDefault("--count", 1_000_000), numbers.GetValueOrDefault("--seed"), numbers.GetValueOrDefault("--from"));
var watch = new Watch();
var (inputs, past, found) = (0L, 0L, 0);
Console.WriteLine($"{"",-12} {"inputs",9} {"past header",12} {"accepted",9} {"slowest ms",10} {"most bytes",11} {"s",6} {"found",6}");
foreach (var target in targets)
{
    var start = Stopwatch.GetTimestamp();
    var report = Fuzzer.Run(target, seed, from, count * target.Share / targets.Sum(other => other.Share), number => watch.At(target.Name, number, Step));
    Console.WriteLine(FormattableString.Invariant(
        $"{target.Name,-12} {report.Inputs,9:N0} {report.PastHeader,12:N0} {report.Accepted,9:N0} {report.Slowest.TotalMilliseconds,10:F0} {report.MostAllocated,11:N0} {Stopwatch.GetElapsedTime(start).TotalSeconds,6:F0} {report.Findings.Count,6}"));
    (inputs, past, found) = (inputs + report.Inputs, past + report.PastHeader, found + report.Findings.Count);
    foreach (var finding in report.Findings.DistinctBy(finding => finding.Problem).Take(20))
    {
        var file = Path.Join("artifacts", "fuzzing", $"{target.Name}-{Convert.ToHexStringLower(SHA256.HashData(finding.Input))[..12]}");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, finding.Input);
        Console.WriteLine($"  input {finding.Number}, {file}: {finding.Problem}");
    }
}

Console.WriteLine(FormattableString.Invariant($"{"all",-12} {inputs,9:N0} {past,12:N0} ({(double)past / inputs:P0})"));
return found == 0 ? 0 : 1;

/// <summary>Says where the fuzzer is, and ends the process where it is stuck.</summary>
internal sealed class Watch
{
    private static readonly TimeSpan Stuck = TimeSpan.FromMinutes(2);
    private long _since = Stopwatch.GetTimestamp();
    private string _at = "";

    public Watch() => new Thread(() =>
    {
        while (Stopwatch.GetElapsedTime(Interlocked.Read(ref _since)) < Stuck)
            Thread.Sleep(1_000);
        Console.Error.WriteLine($"{_at} has been read for {Stuck.TotalSeconds} s.");
        Environment.Exit(1);
    })
    { IsBackground = true }.Start();

    public void At(string target, long number, long step)
    {
        Interlocked.Exchange(ref _since, Stopwatch.GetTimestamp());
        _at = $"{target} {number}";
        if (number % step == 0 && !Console.IsErrorRedirected)
            Console.Error.Write($"\r{_at} ");
    }
}
