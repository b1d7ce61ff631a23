using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace XDistilTorch.Checkpoints;

/// <summary>A whole file mapped into memory, to read: pages are loaded when touched and belong to the system, not to this process's heap.</summary>
internal sealed unsafe partial class MappedFile : IDisposable
{
    private static ReadOnlySpan<byte> LfsPointer => "version https://git-lfs"u8;

    private readonly MemoryMappedFile map;
    private readonly MemoryMappedViewAccessor view;

    private MappedFile(string path, long length, MemoryMappedFile map)
    {
        Path = path;
        Length = length;
        this.map = map;
        view = map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
    }

    /// <summary>The path that was given.</summary>
    public string Path { get; }

    /// <summary>The size of the file, bytes. The map may be longer, by zeros up to the end of the page.</summary>
    public long Length { get; }

    /// <exception cref="CheckpointException">The file is absent, unreadable, empty, or a git-lfs pointer that stands for the weights.</exception>
    public static MappedFile Open(string path)
    {
        if (Directory.Exists(path))
            throw new CheckpointException($"{path} is a folder, expected a file of weights.");
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
            var length = file.Length;
            if (length == 0) // cannot be mapped
                throw new CheckpointException(
                    $"{path} is empty (0 bytes), expected weights; the copy or download may have been cut short."
                );

            var map = MemoryMappedFile.CreateFromFile(
                file,
                null,
                0,
                MemoryMappedFileAccess.Read,
                HandleInheritability.None,
                leaveOpen: false
            );
            var mapped = new MappedFile(path, length, map);
            mapped.RefuseLfsPointer();
            return mapped;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CheckpointException($"{path}: there is no such file.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>A piece of the file, valid until this is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    public ReadOnlySpan<byte> Bytes(long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - length);
        using var pin = new Pin(this);
        return new ReadOnlySpan<byte>((byte*)pin.Start + offset, length);
    }

    /// <summary>A piece of the file as a stream of its own, which may outlive this object.</summary>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    public Stream OpenStream(long offset, long length)
    {
        ObjectDisposedException.ThrowIf(view.SafeMemoryMappedViewHandle.IsClosed, this);
        // A view of length 0 would mean: up to the end of the file.
        return length == 0 ? new MemoryStream([], writable: false) : map.CreateViewStream(offset, length, MemoryMappedFileAccess.Read);
    }

    /// <summary>
    /// Takes pages that were read out of this process's memory, on Linux; they are read again when touched. A file that is read once would else be held by its readers twice: as it is, and as
    /// what they made of it.
    /// </summary>
    public void Forget(long offset, long length)
    {
        const int NotNeeded = 4; // MADV_DONTNEED
        if (!OperatingSystem.IsLinux())
            return;
        using var pin = new Pin(this);
        long page = Environment.SystemPageSize,
            first = (pin.Start + offset + page - 1) / page * page,
            last = (pin.Start + offset + length) / page * page;
        if (first < last)
            _ = Advise((nint)first, (nuint)(last - first), NotNeeded);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint start, nuint length, int advice);

    public void Dispose()
    {
        view.Dispose();
        map.Dispose();
    }

    private void RefuseLfsPointer()
    {
        if (Length > 1024 || Length < LfsPointer.Length || !Bytes(0, LfsPointer.Length).SequenceEqual(LfsPointer))
            return;
        Dispose();
        throw new CheckpointException(
            $"{Path} is a git-lfs pointer of {Length} bytes, not the weights it stands for: run `git lfs pull` in its folder, or download the file itself."
        );
    }

    /// <summary>Keeps the map in place while somebody reads from its address, even if the file is disposed on another thread meanwhile.</summary>
    public readonly ref struct Pin : IDisposable
    {
        private readonly MappedFile file;

        /// <exception cref="ObjectDisposedException">The file is closed.</exception>
        public Pin(MappedFile file)
        {
            this.file = file;
            byte* start = null;
            file.view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
            Start = (nint)(start + file.view.PointerOffset);
        }

        /// <summary>The address of the file's first byte.</summary>
        public nint Start { get; }

        public void Dispose() => file.view.SafeMemoryMappedViewHandle.ReleasePointer();
    }
}
