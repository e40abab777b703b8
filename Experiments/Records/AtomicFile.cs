using System.Text;

namespace FunctionalLeNet.Experiments.Records;

/// <summary>Files that are there whole or not at all, whatever happens to the process or to the machine.</summary>
internal static class AtomicFile
{
    /// <summary>Stands between a file's name and its writer's number while the file is not whole.</summary>
    public const string Partial = ".partial-";

    /// <summary>Writes text under a temporary name beside the file, flushes it to the disk, then renames it: a reader sees the old file or the new one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="text">Its content, written as UTF-8.</param>
    public static void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    /// <summary>The same for bytes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bytes">Its content.</param>
    public static void Write(string path, byte[] bytes)
    {
        var partial = $"{path}{Partial}{Environment.ProcessId}";
        try
        {
            using (var stream = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0))
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }

            File.Move(partial, path, overwrite: true);
            Posix.FlushFolder(Path.GetDirectoryName(path) ?? ".");
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }

    /// <summary>Removes what writers that died left of files in a folder that nobody else writes to.</summary>
    /// <param name="folder">The folder, with all under it.</param>
    public static void RemovePartial(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, $"*{Partial}*", SearchOption.AllDirectories))
            File.Delete(file);
    }
}
