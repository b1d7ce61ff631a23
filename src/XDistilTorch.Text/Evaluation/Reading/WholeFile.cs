using XDistilTorch.Data.Reading;

namespace XDistilTorch.Evaluation.Reading;

/// <summary>A file's text as checked UTF-8, decompressed where it is gzip, without a byte order mark.</summary>
internal static class WholeFile
{
    /// <exception cref="DataException">The file cannot be read, is damaged, empty or not UTF-8.</exception>
    public static ReadOnlyMemory<byte> Read(string path)
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            return Checked(path, GzipMembers.StartsHere(bytes) ? Decompressed(bytes) : bytes);
        }
        catch (InputFaultException e)
        {
            throw new DataException($"{path}: {e.Fault}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    private static ReadOnlyMemory<byte> Decompressed(byte[] bytes)
    {
        using var text = new MemoryStream();
        using var members = new GzipMembers(new ByteBuffer(new MemoryStream(bytes)));
        members.CopyTo(text);
        return text.GetBuffer().AsMemory(0, (int)text.Length);
    }

    private static ReadOnlyMemory<byte> Checked(string path, ReadOnlyMemory<byte> bytes)
    {
        var text = bytes.Span.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
        if (text.Span.IndexOfAnyExcept(" \t\r\n"u8) < 0)
            throw new DataException($"{path}: is empty, expected JSON.");
        return ByteBuffer.IsUtf8(text.Span, isEnd: true, out var valid)
            ? text
            : throw new DataException(
                FormattableString.Invariant(
                    $"{path}: line {1 + text.Span[..valid].Count((byte)'\n')}: byte 0x{text.Span[valid]:x2} is not UTF-8. Convert the file, for example with: iconv -f latin1 -t utf-8"
                )
            );
    }
}
