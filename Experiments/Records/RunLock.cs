using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using FunctionalLeNet.Core.Formats;

namespace FunctionalLeNet.Experiments.Records;

/// <summary>A process that writes a run.</summary>
/// <param name="Process">Its number.</param>
/// <param name="Host">The machine's name.</param>
/// <param name="Started">When it was started, in a form that two processes of one number do not share.</param>
/// <param name="Since">When it took the run, for people.</param>
internal sealed record RunOwner(int Process, string Host, string Started, DateTimeOffset Since)
{
    /// <summary>This process.</summary>
    /// <param name="since">When it takes the run.</param>
    public static RunOwner Here(DateTimeOffset since) => new(Environment.ProcessId, Environment.MachineName, StartOf(Environment.ProcessId), since);

    /// <summary>Whether it lives on this machine. A number that another process has by now is no sign of life.</summary>
    public bool LivesHere => Host == Environment.MachineName && Started.Length > 0 && Started == StartOf(Process);

    /// <summary>For a message: <c>process 1234 on host since 2026-01-02 03:04:05 UTC</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"process {Process} on {Host} since {Since.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");

    /// <summary>A process's start; empty where there is no such process.</summary>
    private static string StartOf(int process)
    {
        try
        {
            // Linux counts from the boot, whatever the clock does: field 22 of /proc/PID/stat, the twentieth after the name in parentheses, which may hold spaces.
            if (OperatingSystem.IsLinux())
                return $"{File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()}/{File.ReadAllText($"/proc/{process}/stat").Split(") ")[^1].Split(' ')[19]}";
            using var running = System.Diagnostics.Process.GetProcessById(process);
            return running.StartTime.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or ArgumentException or InvalidOperationException or UnauthorizedAccessException or System.ComponentModel.Win32Exception or IndexOutOfRangeException)
        {
            return "";
        }
    }
}

/// <summary>
/// The right to write a run, as the file <c>lock</c> in its folder, held open and locked. The system gives the lock back when its process dies, however it dies,
/// so a lock that is left behind never has to be removed by hand.
/// </summary>
internal sealed class RunLock : IDisposable
{
    /// <summary>The file's name.</summary>
    public const string FileName = "lock";

    // What FileStream reports where a lock is held: EWOULDBLOCK, or a sharing violation.
    private const int LockedOnLinux = 11;
    private const int LockedOnMacOS = 35;
    private const int LockedOnWindows = unchecked((int)0x80070020);

    private readonly FileStream _file;
    private readonly string _folder;

    private RunLock(FileStream file, string folder, RunOwner? stale) => (_file, _folder, Stale) = (file, folder, stale);

    /// <summary>Who held the lock before and died with it; null where nobody did.</summary>
    public RunOwner? Stale { get; }

    /// <summary>Takes the lock, or fails where a living process has it.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="now">The time, for the record.</param>
    /// <exception cref="DataException">Another process writes this run.</exception>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public static RunLock Take(string folder, DateTimeOffset now)
    {
        var path = Path.Combine(folder, FileName);
        var me = JsonSerializer.SerializeToUtf8Bytes(RunOwner.Here(now), RunOwnerJson.Default.RunOwner);
        while (true)
        {
            var before = Read(path);
            FileStream file;
            try
            {
                file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, OperatingSystem.IsWindows() ? FileShare.Read : FileShare.None, bufferSize: 0);
            }
            catch (IOException e) when (e.HResult is LockedOnLinux or LockedOnMacOS or LockedOnWindows)
            {
                throw Taken(folder, before);
            }

            // Where the file system knows no locks the owner's life decides.
            if (before is { LivesHere: true } && before.Process != Environment.ProcessId)
            {
                file.Dispose();
                throw Taken(folder, before);
            }

            var taken = new RunLock(file, folder, before);
            try
            {
                file.SetLength(0);
                file.Write(me);
            }
            catch
            {
                taken.Dispose();
                throw;
            }

            // The owner before may have removed the file between our opening and our locking it: then we hold a file without a name.
            if (Posix.ReadLocked(path).AsSpan().SequenceEqual(me))
                return taken;
            file.Dispose();
        }
    }

    /// <summary>Who writes a run on this machine; null where nobody does.</summary>
    /// <param name="folder">The run's folder.</param>
    public static RunOwner? Owner(string folder) => Read(Path.Combine(folder, FileName)) is { LivesHere: true } owner ? owner : null;

    /// <summary>Whether the process of this machine that last wrote a folder is dead.</summary>
    /// <param name="folder">The folder.</param>
    public static bool IsAbandoned(string folder) => Read(Path.Combine(folder, FileName)) is { LivesHere: false } owner && owner.Host == Environment.MachineName;

    /// <summary>The same lock after its folder was renamed.</summary>
    /// <param name="folder">The folder's new name.</param>
    public RunLock MovedTo(string folder) => new(_file, folder, Stale);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_file.CanWrite)
            return;
        // Removed while it is still held: whoever opened it meanwhile finds it without a name. Windows removes no file that is open.
        if (!OperatingSystem.IsWindows())
            Remove();
        _file.Dispose();
        if (OperatingSystem.IsWindows())
            Remove();
    }

    private void Remove()
    {
        try
        {
            File.Delete(Path.Combine(_folder, FileName));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A file that is left behind is stale, and known to be.
        }
    }

    private static RunOwner? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(Posix.ReadLocked(path), RunOwnerJson.Default.RunOwner);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static DataException Taken(string folder, RunOwner? owner) =>
        new(folder, "another process writes this run", found: owner?.ToString() ?? "one that is just taking it", advice: "Wait for it, or stop it, then try again.");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RunOwner))]
internal sealed partial class RunOwnerJson : JsonSerializerContext;
