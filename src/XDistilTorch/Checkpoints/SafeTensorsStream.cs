using static TorchSharp.torch;

namespace XDistilTorch.Checkpoints;

/// <summary>
/// A safetensors file that is written tensor by tensor, so that they need not be in memory together. The header, which stands before the data, gets its room at the
/// start, for all tensors that were announced, and is written at the end, for those that came. The file appears under its name when it is complete.
/// </summary>
internal sealed class SafeTensorsStream : IDisposable
{
    private readonly string path,
        temporary;
    private readonly IReadOnlyList<KeyValuePair<string, string>> metadata;
    private readonly Dictionary<string, (DType DType, long[] Shape)> announced;
    private readonly List<(string Name, DType DType, long[] Shape)> written = [];
    private readonly long room;
    private readonly FileStream file;

    /// <param name="path">The file; replaced when it is there.</param>
    /// <param name="tensors">All that may come, larger types first, so that the data is aligned.</param>
    /// <param name="metadata">The file's notes.</param>
    /// <exception cref="ArgumentException">The header would be longer than the format allows.</exception>
    /// <exception cref="CheckpointException">The file cannot be written.</exception>
    public SafeTensorsStream(
        string path,
        IReadOnlyList<(string Name, DType DType, long[] Shape)> tensors,
        IReadOnlyList<KeyValuePair<string, string>> metadata
    )
    {
        (this.path, this.metadata, temporary) = (path, metadata, $"{path}.{Guid.NewGuid():N}.tmp");
        announced = tensors.ToDictionary(tensor => tensor.Name, tensor => (tensor.DType, tensor.Shape), StringComparer.Ordinal);
        var header = SafeTensorsLayout.Header(tensors, metadata);
        room = header.Length;
        file = Guarded(() => new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 17));
        try
        {
            Write(() => SafeTensorsLayout.WriteHeader(file, header));
        }
        catch
        {
            Dispose(); // nobody else has it yet
            throw;
        }
    }

    /// <summary>Writes a tensor, which stays the caller's.</summary>
    /// <exception cref="ArgumentException">It was not announced like this, or comes a second time.</exception>
    /// <exception cref="CheckpointException">The file cannot be written.</exception>
    public void Add(string name, Tensor tensor)
    {
        if (
            !announced.Remove(name, out var planned)
            || !DTypes.TryFrom(tensor.dtype, out var dtype)
            || dtype != planned.DType
            || !tensor.shape.AsSpan().SequenceEqual(planned.Shape)
        )
            throw new ArgumentException(
                $"{Wording.Show(name)}, {tensor.dtype} [{string.Join(", ", tensor.shape)}], was not announced, or was written already."
            );
        Write(() => SafeTensorsWriter.WriteData(file, tensor));
        written.Add((name, planned.DType, planned.Shape));
    }

    /// <summary>Completes the file and gives it its name.</summary>
    /// <exception cref="CheckpointException">The file cannot be written.</exception>
    public void Commit() =>
        Write(() =>
        {
            file.Position = 0;
            SafeTensorsLayout.WriteHeader(file, SafeTensorsLayout.Header(written, metadata, room));
            file.Flush(flushToDisk: true);
            file.Dispose();
            File.Move(temporary, path, overwrite: true);
        });

    private void Write(Action action) =>
        Guarded(() =>
        {
            action();
            return true;
        });

    private T Guarded<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{path} cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Removes what was not committed.</summary>
    public void Dispose()
    {
        try
        {
            file.Dispose();
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
