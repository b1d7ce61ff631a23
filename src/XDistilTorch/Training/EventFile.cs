using System.Buffers.Binary;
using System.Numerics;
using Google.Protobuf;
using Tensorboard;

namespace XDistilTorch.Training;

/// <summary>A file of TensorBoard's events. One record each: length, its checksum, the event as protobuf, its checksum.</summary>
/// <remarks>TorchSharp's own writer opens and closes the file for every value, and writes ticks where TensorBoard expects seconds.</remarks>
internal sealed class EventFile : IDisposable
{
    private readonly FileStream stream;

    private EventFile(string path, FileStream stream) => (Path, this.stream) = (path, stream);

    public string Path { get; }

    /// <summary>A new file in a folder that is made where there is none; one of that name is replaced.</summary>
    /// <exception cref="TrainingException">It cannot be written.</exception>
    public static EventFile Create(string path)
    {
        var file = new EventFile(path, Try(path, () => Open(path)));
        file.Write(new Event { FileVersion = "brain.Event:2" });
        file.Flush();
        return file;
    }

    /// <summary>Adds an event, with the time it is now.</summary>
    /// <exception cref="TrainingException">It cannot be written.</exception>
    public void Write(Event entry)
    {
        entry.WallTime = (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds;
        var data = entry.ToByteArray();
        var record = new byte[16 + data.Length];
        BinaryPrimitives.WriteInt64LittleEndian(record, data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), MaskedChecksum(record.AsSpan(0, 8)));
        data.CopyTo(record, 12);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(12 + data.Length), MaskedChecksum(data));
        Try(() => stream.Write(record));
    }

    /// <exception cref="TrainingException">It cannot be written.</exception>
    public void Flush() => Try(stream.Flush);

    /// <exception cref="TrainingException">What was not flushed yet cannot be written.</exception>
    public void Dispose() => Try(stream.Dispose);

    private static FileStream Open(string path)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
        return new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read | FileShare.Delete, 1 << 16);
    }

    // CRC-32C, rotated and shifted, as TFRecord has it: a checksum of data that hold checksums is a weak one.
    private static uint MaskedChecksum(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
            crc = BitOperations.Crc32C(crc, value);
        return BitOperations.RotateRight(~crc, 15) + 0xa282ead8;
    }

    private void Try(Action action) =>
        Try(
            Path,
            () =>
            {
                action();
                return true;
            }
        );

    private static T Try<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"{path}: cannot be written: {e.Message}", e);
        }
    }
}
