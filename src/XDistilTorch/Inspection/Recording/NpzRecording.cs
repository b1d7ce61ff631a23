using System.Globalization;
using System.IO.Compression;
using System.Text;
using static TorchSharp.torch;

namespace XDistilTorch.Inspection.Recording;

/// <summary>
/// Recordings as <c>.npz</c>, which NumPy reads: window by window, so that memory is bounded by one. Arrays are <c>window.0/layer.3.Query</c> and so on, by
/// the window's number; <c>window.0/tokens.json</c> says what the tokens are.
/// </summary>
/// <remarks>The file appears under its name when it is complete.</remarks>
public sealed class NpzRecording : IRecordingFile
{
    private readonly string path,
        temporary;
    private readonly FileStream file;
    private readonly ZipArchive archive;
    private bool closed;

    /// <summary>Begins a file.</summary>
    /// <param name="path">Its name; replaced when it is there.</param>
    /// <exception cref="InspectionException">It cannot be written.</exception>
    public NpzRecording(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        this.path = path;
        temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        file = Guarded(path, () => new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 17));
        archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true);
    }

    /// <inheritdoc/>
    /// <exception cref="InspectionException">It cannot be written, or a tensor's type is none of NumPy's.</exception>
    public void Add(WindowRecording recording)
    {
        ArgumentNullException.ThrowIfNull(recording);
        Guarded(
            path,
            () =>
            {
                foreach (var (name, tensor) in recording.Tensors)
                    Write(RecordingPlan.NameOf(recording.Window, name) + ".npy", stream => WriteArray(stream, tensor));
                Write(
                    RecordingPlan.NameOf(recording.Window, "tokens.json"),
                    stream => stream.Write(Encoding.UTF8.GetBytes(RecordingText.Json(recording.Window)))
                );
                return true;
            }
        );
    }

    /// <inheritdoc/>
    public void Commit() =>
        Guarded(
            path,
            () =>
            {
                Close();
                File.Move(temporary, path, overwrite: true);
                return true;
            }
        );

    private void Close()
    {
        closed = true;
        archive.Dispose(); // writes the directory
        file.Flush(flushToDisk: true);
        file.Dispose();
    }

    private void Write(string name, Action<Stream> write)
    {
        using var entry = archive.CreateEntry(name, CompressionLevel.Fastest).Open();
        write(entry);
    }

    // NumPy's format 1.0: magic, version, length of the header, the header as a Python literal padded to 64 bytes, the numbers in C order.
    private static void WriteArray(Stream stream, Tensor tensor)
    {
        using var numbers = tensor.cpu().contiguous();
        var shape = string.Concat(numbers.shape.Select(size => string.Create(CultureInfo.InvariantCulture, $"{size}, ")));
        var header = $"{{'descr': '{TypeOf(numbers)}', 'fortran_order': False, 'shape': ({shape.TrimEnd(' ')}), }}";
        header = header.PadRight(((10 + header.Length + 1 + 63) / 64 * 64) - 11) + "\n";
        stream.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, (byte)(header.Length >> 8)]);
        stream.Write(Encoding.ASCII.GetBytes(header));
        stream.Write(numbers.bytes);
    }

    private static string TypeOf(Tensor tensor) =>
        tensor.dtype switch
        {
            ScalarType.Float64 => "<f8",
            ScalarType.Float32 => "<f4",
            ScalarType.Float16 => "<f2",
            var other => throw new InspectionException($"NumPy has no {other}; expected a model in Float16, Float32 or Float64."),
        };

    private static T Guarded<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InspectionException($"{path}: cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Removes what was not committed.</summary>
    public void Dispose()
    {
        try
        {
            if (!closed)
                Close();
        }
        catch (IOException)
        {
            // A full disk: told where something was written.
        }
        finally
        {
            File.Delete(temporary); // gone already where all went well
        }
    }
}
