using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
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
        header = Header(metadata);
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
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header.Span);
        foreach (var item in items)
            WriteData(stream, item.Tensor);
    }

    private static void WriteData(Stream stream, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var elements = tensor.detach().cpu().contiguous().view(-1);
        for (var start = 0L; start < elements.numel(); start += ElementsPerPiece)
        {
            using var piece = elements.narrow(0, start, Math.Min(ElementsPerPiece, elements.numel() - start));
            stream.Write(piece.bytes);
        }
    }

    private ReadOnlyMemory<byte> Header(IEnumerable<KeyValuePair<string, string>> metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            WriteMetadata(json, metadata);
            var end = 0L;
            foreach (var item in items)
            {
                json.WriteStartObject(item.Name);
                json.WriteString("dtype", item.DType.FileName());
                json.WriteStartArray("shape");
                foreach (var size in item.Tensor.shape)
                    json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(end);
                json.WriteNumberValue(end += item.DType.ByteLength(item.Tensor.shape)!.Value);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        while (buffer.Length % 8 != 0) // the data starts aligned
            buffer.WriteByte((byte)' ');
        if (buffer.Length > SafeTensorsHeader.LongestHeader)
            throw new ArgumentException(
                $"The header would be {buffer.Length:N0} bytes, at most {SafeTensorsHeader.LongestHeader:N0} are allowed."
            );
        return buffer.ToArray();
    }

    private static void WriteMetadata(Utf8JsonWriter json, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, value) in metadata)
        {
            if (seen.Count == 0)
                json.WriteStartObject(SafeTensorsHeader.MetadataKey);
            if (!seen.Add(key))
                throw new ArgumentException($"The metadata has {Wording.Show(key)} twice.", nameof(metadata));
            RefuseHalfCharacters(key);
            RefuseHalfCharacters(value);
            json.WriteString(key, value);
        }
        if (seen.Count > 0)
            json.WriteEndObject();
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
                RefuseHalfCharacters(item.Name);
    }

    // The JSON writer would put a replacement character in their place, and the name would be another one.
    private static void RefuseHalfCharacters(string text)
    {
        for (var rest = text.AsSpan(); rest.Length > 0; )
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var length) != OperationStatus.Done)
                throw new ArgumentException($"{Wording.Show(text)} is no Unicode text: half of a surrogate pair stands alone.");
            rest = rest[length..];
        }
    }
}
