using XDistilTorch.Data;
using XDistilTorch.Data.Reading;
using ZstdSharp;

namespace XDistilTorch.Formats.Compression;

/// <summary>The contents of a zstd file, frame after frame.</summary>
internal sealed class ZstdFrames(ByteBuffer source) : ForwardStream
{
    private readonly DecompressionStream frames = new(new BufferStream(source), leaveOpen: false);

    public static bool StartsHere(ByteBuffer bytes) =>
        bytes.Bytes is [0x28, ..] && bytes.FillTo(4) && bytes.Bytes.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]);

    public override int Read(byte[] buffer, int offset, int count)
    {
        try
        {
            return frames.Read(buffer, offset, count);
        }
        catch (EndOfStreamException)
        {
            throw Broken("the compressed data end in the middle");
        }
        catch (ZstdException e)
        {
            throw Broken($"the compressed data are damaged, or followed by something else ({e.Message})");
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            frames.Dispose();
        base.Dispose(disposing);
    }

    private static InputFaultException Broken(string reason) =>
        new(new DataFault(DataFaultCode.ZstdBroken, default, $"{reason}.", "Get the file again, or compress it again with zstd."));
}
