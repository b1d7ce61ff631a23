using XDistilTorch.Data.Reading;

namespace XDistilTorch.Formats.Compression;

/// <summary>What is left of a buffer, as a stream.</summary>
internal sealed class BufferStream(ByteBuffer buffer) : ForwardStream
{
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> target)
    {
        while (buffer.Ready.IsEmpty)
            if (!buffer.Fill())
                return 0;
        var count = Math.Min(target.Length, buffer.Ready.Length);
        buffer.Ready[..count].CopyTo(target);
        buffer.Consume(count);
        return count;
    }
}
