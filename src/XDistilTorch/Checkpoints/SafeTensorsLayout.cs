using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace XDistilTorch.Checkpoints;

/// <summary>The header of a safetensors file that is to be: which tensors, in the order of their data.</summary>
internal static class SafeTensorsLayout
{
    /// <summary>The header's bytes, filled up with spaces so that the data starts aligned.</summary>
    /// <param name="tensors">The tensors, one after the other.</param>
    /// <param name="metadata">The file's notes.</param>
    /// <param name="length">Fill up to so many bytes, a multiple of 8; 0: to as few as there must be.</param>
    /// <exception cref="ArgumentException">It would be too long, or something is no Unicode.</exception>
    public static ReadOnlyMemory<byte> Header(
        IEnumerable<(string Name, DType DType, long[] Shape)> tensors,
        IEnumerable<KeyValuePair<string, string>> metadata,
        long length = 0
    )
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            WriteMetadata(json, metadata);
            var end = 0L;
            foreach (var (name, dtype, shape) in tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", dtype.FileName());
                json.WriteStartArray("shape");
                foreach (var size in shape)
                    json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(end);
                json.WriteNumberValue(end += dtype.ByteLength(shape)!.Value);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        while (buffer.Length % 8 != 0 || buffer.Length < length)
            buffer.WriteByte((byte)' ');
        if (buffer.Length > SafeTensorsHeader.LongestHeader)
            throw new ArgumentException(
                $"The header would be {buffer.Length:N0} bytes, at most {SafeTensorsHeader.LongestHeader:N0} are allowed."
            );
        return buffer.ToArray();
    }

    /// <summary>The start of a file: the header's length, then the header.</summary>
    public static void WriteHeader(Stream stream, ReadOnlyMemory<byte> header)
    {
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header.Span);
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

    // The JSON writer would put a replacement character in their place, and the name would be another one.
    public static void RefuseHalfCharacters(string text)
    {
        for (var rest = text.AsSpan(); rest.Length > 0; )
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var length) != OperationStatus.Done)
                throw new ArgumentException($"{Wording.Show(text)} is no Unicode text: half of a surrogate pair stands alone.");
            rest = rest[length..];
        }
    }
}
