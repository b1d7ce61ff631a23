using XDistilTorch.Data.Reading;
using XDistilTorch.Formats.Compression;

namespace XDistilTorch.Formats.Csv;

/// <summary>The bytes of CSV up to a fault, which is kept for later: the parser reads ahead, and the rows before the fault come first.</summary>
internal sealed class CsvSource(ByteBuffer bytes) : ForwardStream
{
    private readonly BufferStream inner = new(bytes);

    /// <summary>What ended the bytes before their time.</summary>
    public InputFaultException? Fault { get; private set; }

    /// <summary>How many bytes were handed out.</summary>
    public long Given { get; private set; }

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (Fault is not null)
            return 0;
        try
        {
            var got = inner.Read(buffer, offset, count);
            Given += got;
            return got;
        }
        catch (InputFaultException e)
        {
            Fault = e;
            return 0;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
