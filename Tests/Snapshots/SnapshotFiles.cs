using System.Reflection;

namespace FunctionalLeNet.Tests.Snapshots;

/// <summary>
/// The names of snapshots, in Verify's convention: <c>Class.Method_parameter=value.verified.txt</c>. A class is named as its file is, and takes its snapshots
/// under the trait <c>Category=Snapshots</c>; each of its tests takes one, for all of its parameters.
/// </summary>
internal static class SnapshotFiles
{
    /// <summary>The folder of all snapshots, as seen from a test's source.</summary>
    public const string Folder = "../../snapshots";

    /// <summary>Whether differences become the new snapshots, and orphans go: <c>LENET_ACCEPT=1</c>.</summary>
    public static bool Accepting => Environment.GetEnvironmentVariable("LENET_ACCEPT") is "1" or "true";

    /// <summary>A snapshot's name without <c>.verified.txt</c>.</summary>
    public static string Name(MethodInfo method, IEnumerable<object?> arguments) =>
        $"{method.DeclaringType!.Name}.{method.Name}"
        + string.Concat(method.GetParameters().Zip(arguments, (parameter, argument) => $"_{parameter.Name}={argument}"))
            .Select(letter => Path.GetInvalidFileNameChars().Append(':').Contains(letter) ? '-' : letter).Aggregate("", (text, letter) => text + letter);

    /// <summary>A test by its class and its own name.</summary>
    public static MethodInfo Method(string type, string method) =>
        typeof(SnapshotFiles).Assembly.GetTypes().Single(candidate => candidate.Name == type && candidate.IsPublic).GetMethod(method)!;
}
