namespace FunctionalLeNet.Tests.Reliability;

/// <summary>A disk of a few megabytes in memory (tmpfs), which can be filled, emptied, and made read-only. Root may make one.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    /// <summary>Makes one, or skips the test by name where that is not allowed.</summary>
    public static SmallDisk Mounted(string path, int megabytes)
    {
        Directory.CreateDirectory(path);
        Skip.IfNot(OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", path), "Skipped: mounting a small tmpfs needs Linux and root.");
        return new(path);
    }

    /// <summary>Fills it but for some kilobytes.</summary>
    public void Fill(int free)
    {
        var ballast = (int)Math.Max(0, new DriveInfo(Path).AvailableFreeSpace - (free * 1024L));
        File.WriteAllBytes(System.IO.Path.Join(Path, "ballast"), new byte[ballast]);
    }

    public void Empty() => File.Delete(System.IO.Path.Join(Path, "ballast"));

    public void SetReadOnly(bool isReadOnly) => Assert.True(Run("mount", "-o", $"remount,{(isReadOnly ? "ro" : "rw")}", Path));

    public void Dispose() => Assert.True(Run("umount", Path));

    private static bool Run(string program, params string[] arguments) => Programs.Find(program).Length > 0 && Programs.Run(program, arguments).Code == 0;
}
