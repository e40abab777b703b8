#if USE_VERIFY
using System.Runtime.CompilerServices;

namespace FunctionalLeNet.Tests.Snapshots;

internal static class Verifier
{
    [ModuleInitializer]
    internal static void Begin()
    {
        if (SnapshotFiles.Accepting)
            VerifierSettings.AutoVerify();
    }
}
#else
using System.Runtime.CompilerServices;
using System.Text;
using DiffEngine;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Tests.Snapshots;

/// <summary>
/// What this project uses of Verify (https://github.com/VerifyTests/Verify), under its names, on its files: <c>await Verify(text).UseDirectory(…).UseParameters(…)</c>.
/// <c>dotnet test -p:UseVerify=true</c> takes Verify.Xunit in its place.
/// </summary>
internal static class Verifier
{
    private static readonly UTF8Encoding WithMark = new(encoderShouldEmitUTF8Identifier: true);

    public static SettingsTask Verify(string target, [CallerFilePath] string sourceFile = "", [CallerMemberName] string method = "") =>
        new(target.ReplaceLineEndings("\n"), sourceFile, method, ".", []);

    internal static async Task Compare(SettingsTask task)
    {
        var method = SnapshotFiles.Method(Path.GetFileNameWithoutExtension(task.SourceFile), task.Method);
        var path = Path.GetFullPath(task.Directory, Path.GetDirectoryName(task.SourceFile)!);
        var name = Path.Join(path, SnapshotFiles.Name(method, task.Parameters));
        var (verified, received) = ($"{name}.verified.txt", $"{name}.received.txt");
        var before = File.Exists(verified) ? (await File.ReadAllTextAsync(verified)).ReplaceLineEndings("\n") : "";
        if (before == task.Target)
        {
            File.Delete(received);
            DiffRunner.Kill(received, verified);
            return;
        }

        System.IO.Directory.CreateDirectory(path);
        await File.WriteAllTextAsync(SnapshotFiles.Accepting ? verified : received, task.Target, WithMark);
        if (SnapshotFiles.Accepting)
            return;
        if (!DiffRunner.Disabled && !BuildServerDetector.Detected && Environment.GetEnvironmentVariable("CI") is null or "" or "false")
            await DiffRunner.LaunchAsync(received, verified);
        Assert.Fail(SnapshotDifference.Explain(before, task.Target, received, verified));
    }
}

/// <summary>A comparison that is made when it is awaited.</summary>
internal sealed record SettingsTask(string Target, string SourceFile, string Method, string Directory, EquatableArray<object> Parameters)
{
    /// <summary>Where the snapshot lies, from the folder of the test's source.</summary>
    public SettingsTask UseDirectory(string directory) => this with { Directory = directory };

    /// <summary>The test's arguments, which stand in the snapshot's name.</summary>
    public SettingsTask UseParameters(params object[] parameters) => this with { Parameters = parameters.ToEquatableArray() };

    public TaskAwaiter GetAwaiter() => Verifier.Compare(this).GetAwaiter();
}
#endif
