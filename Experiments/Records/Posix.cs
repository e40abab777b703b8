using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FunctionalLeNet.Experiments.Records;

/// <summary>Two things that .NET does not do: it opens no folder, so it cannot flush one; and it opens no file without asking for a lock on it.</summary>
internal static partial class Posix
{
    private const int ReadOnly = 0;

    /// <summary>Makes a folder's names last: a rename is on the disk only when its folder is.</summary>
    /// <param name="path">The folder.</param>
    /// <remarks>Windows writes names through by itself; a file system that cannot flush a folder is left as it is.</remarks>
    public static void FlushFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        using var folder = new SafeFileHandle(Open(path, ReadOnly), ownsHandle: true);
        if (!folder.IsInvalid)
            _ = Flush(folder);
    }

    /// <summary>A file's bytes, whoever has locked it; empty where it cannot be opened.</summary>
    /// <param name="path">The file.</param>
    public static byte[] ReadLocked(string path)
    {
        if (OperatingSystem.IsWindows())
            return File.Exists(path) ? Read(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)) : [];
        using var handle = new SafeFileHandle(Open(path, ReadOnly), ownsHandle: true);
        return handle.IsInvalid ? [] : Read(new FileStream(handle, FileAccess.Read, bufferSize: 0));
    }

    private static byte[] Read(FileStream stream)
    {
        using (stream)
        {
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return bytes.ToArray();
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Flush(SafeFileHandle file);
}
