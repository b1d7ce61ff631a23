using static TorchSharp.torch;

namespace XDistilTorch.Checkpoints;

/// <summary>Lays tensors out as a safetensors file and writes it whole or not at all.</summary>
internal sealed class SafeTensorsWriter
{
    // Larger pieces gain nothing; a span ends at 2 GB.
    private const long ElementsPerPiece = 1 << 20;

    private sealed record Item(string Name, DType DType, Tensor Tensor);

    private readonly Item[] items;
    private readonly ReadOnlyMemory<byte> header;

    /// <exception cref="ArgumentException">Something that the format cannot hold.</exception>
    public SafeTensorsWriter(IEnumerable<KeyValuePair<string, Tensor>> tensors, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        items =
        [
            .. tensors
                .Select(pair => new Item(pair.Key, TypeOf(pair), pair.Value))
                .OrderByDescending(item => item.DType.Bits())
                .ThenBy(item => item.Name, StringComparer.Ordinal),
        ];
        RefuseNames();
        header = SafeTensorsLayout.Header(items.Select(item => (item.Name, item.DType, item.Tensor.shape)), metadata);
    }

    /// <exception cref="CheckpointException">The file cannot be written; nothing is left of it.</exception>
    public void Write(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                WriteTo(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{path} cannot be written: {e.Message}", e);
        }
        finally
        {
            if (File.Exists(temporary)) // not renamed: something went wrong
                File.Delete(temporary);
        }
    }

    private void WriteTo(Stream stream)
    {
        SafeTensorsLayout.WriteHeader(stream, header);
        foreach (var item in items)
            WriteData(stream, item.Tensor);
    }

    /// <summary>A tensor's data as the format has it, from any device and with any strides.</summary>
    public static void WriteData(Stream stream, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var elements = tensor.detach().cpu().contiguous().view(-1);
        for (var start = 0L; start < elements.numel(); start += ElementsPerPiece)
        {
            using var piece = elements.narrow(0, start, Math.Min(ElementsPerPiece, elements.numel() - start));
            stream.Write(piece.bytes);
        }
    }

    private static DType TypeOf(KeyValuePair<string, Tensor> pair) =>
        DTypes.TryFrom(pair.Value.dtype, out var dtype)
            ? dtype
            : throw new ArgumentException(
                $"{Wording.Show(pair.Key)} is {pair.Value.dtype}, which safetensors files do not hold; they hold {DTypes.Readable}."
            );

    private void RefuseNames()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in items)
            if (item.Name == SafeTensorsHeader.MetadataKey)
                throw new ArgumentException($"{item.Name} is the format's own name for notes, not one for a tensor.");
            else if (!seen.Add(item.Name))
                throw new ArgumentException($"The tensor {Wording.Show(item.Name)} is given twice.");
            else
                SafeTensorsLayout.RefuseHalfCharacters(item.Name);
    }
}
