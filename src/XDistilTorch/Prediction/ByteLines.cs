namespace XDistilTorch.Prediction;

/// <summary>Lines of bytes, each ended by LF; a file of millions of them is never held.</summary>
/// <param name="stream">Read from where it stands; stays the caller's.</param>
internal sealed class ByteLines(Stream stream)
{
    private byte[] buffer = new byte[1 << 16];
    private int start,
        end;

    /// <summary>The lines without their LF; each valid until the next.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Read()
    {
        while (true)
        {
            var length = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (length >= 0)
            {
                yield return buffer.AsMemory(start, length);
                start += length + 1;
            }
            else if (!Fill())
                break;
        }
        if (end > start)
            yield return buffer.AsMemory(start, end - start);
    }

    private bool Fill()
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }
        if (end == buffer.Length)
            Array.Resize(ref buffer, buffer.Length * 2);
        var read = stream.Read(buffer, end, buffer.Length - end);
        end += read;
        return read > 0;
    }
}
