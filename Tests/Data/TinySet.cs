using System.Security.Cryptography;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Data;

namespace FunctionalLeNet.Tests.Data;

/// <summary>A known set of a few images, so that tests need neither a network nor much time.</summary>
internal static class TinySet
{
    public static EquatableArray<byte[]> Files { get; } =
    [
        IdxBytes.Images(3, 4, 4),
        IdxBytes.Labels(1, 2, 3),
        IdxBytes.Images(2, 4, 4),
        IdxBytes.Labels(4, 5),
    ];

    public static KnownSet Known(params string[] mirrors) => new(
        "tiny",
        "A tiny set",
        IdxFolder.Names.Zip(Files, (name, content) => new KnownFile(name, new(content.Length, Convert.ToHexStringLower(SHA256.HashData(content))))).ToEquatableArray(),
        mirrors.ToEquatableArray(),
        "");

    public static DataLocations Locations(TemporaryFolder folder, params string[] mirrors) => new(
        [new("first", Path.Join(folder.Path, "first")), new("the user's cache", Path.Join(folder.Path, "cache"))],
        Path.Join(folder.Path, "cache"),
        [Known(mirrors)],
        new(Connect: TimeSpan.FromMinutes(1), Stall: TimeSpan.FromMinutes(1), Whole: TimeSpan.FromMinutes(2)));

    /// <summary>Writes the four files, each under a name made from its usual one, with content made from its usual one.</summary>
    public static void Write(TemporaryFolder folder, string under, Func<string, string> name, Func<byte[], byte[]> content)
    {
        foreach (var (usual, bytes) in IdxFolder.Names.Zip(Files))
            folder.Write(Path.Join(under, name(usual)), content(bytes));
    }
}
