using System.Runtime.InteropServices;

namespace XDistilTorch.Hub;

/// <summary>
/// The right to fetch one content, held against threads and processes, Python's among them: both lock the same file by <c>flock</c>. The system takes the lock back
/// when its holder dies. The file stays, as removing it would let two hold it.
/// </summary>
internal sealed class CacheLock : IDisposable
{
    private const int HeldOnLinux = 11, // EWOULDBLOCK
        HeldOnMac = 35,
        HeldOnWindows = unchecked((int)0x80070020);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    private readonly FileStream file;

    private CacheLock(FileStream file) => this.file = file;

    /// <summary>Waits for the lock and takes it.</summary>
    /// <param name="path">The file that stands for it.</param>
    /// <param name="waiting">Called while somebody else holds it.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public static async Task<CacheLock> TakeAsync(string path, Action waiting, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (TryTake(path) is { } taken)
                return taken;
            waiting();
            await Task.Delay(BetweenLooks, cancellation);
        }
    }

    public void Dispose() => file.Dispose();

    private static CacheLock? TryTake(string path)
    {
        try
        {
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            if (File.Exists(path))
                return new CacheLock(file);
            file.Dispose(); // removed between opening and locking, as some versions of Python's client do: another file counts now
            return null;
        }
        catch (IOException e) when (e.HResult == Held)
        {
            return null;
        }
    }

    private static int Held =>
        OperatingSystem.IsWindows() ? HeldOnWindows
        : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? HeldOnMac
        : HeldOnLinux;
}
