using System.Buffers.Binary;
using System.IO.Hashing;
using ICSharpCode.SharpZipLib.Zip.Compression;

namespace XDistilTorch.Data.Reading;

/// <summary>
/// The contents of a gzip file, member after member, that ends only where all is well: the runtime's own stream keeps silent about
/// what follows a member and does not tell a wrong check sum from broken data.
/// </summary>
internal sealed class GzipMembers(ByteBuffer source) : ForwardStream
{
    private const int Chunk = 1 << 16;

    private readonly Inflater inflater = new(noHeader: true);
    private readonly byte[] input = new byte[Chunk];
    private readonly Crc32 checksum = new();
    private uint length;
    private bool isInside,
        isAfterFirst;

    public static bool StartsHere(ReadOnlySpan<byte> bytes) => bytes.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]);

    public override int Read(byte[] buffer, int offset, int count)
    {
        while (count > 0)
        {
            if (isInside && inflater.IsFinished)
                CloseMember();
            if (!isInside && !OpenMember())
                return 0;
            var got = Inflate(buffer, offset, count);
            checksum.Append(buffer.AsSpan(offset, got));
            length += (uint)got;
            if (got > 0)
                return got; // what there is comes before what is wrong with it
        }
        return 0;
    }

    private int Inflate(byte[] buffer, int offset, int count)
    {
        while (true)
        {
            var got = InflateFed(buffer, offset, count);
            if (got > 0 || inflater.IsFinished)
                return got;
            if (inflater.IsNeedingDictionary || !inflater.IsNeedingInput)
                throw Broken("the compressed data are damaged");
            Feed();
        }
    }

    private int InflateFed(byte[] buffer, int offset, int count)
    {
        try
        {
            return inflater.Inflate(buffer, offset, count);
        }
        // Damaged data end in whatever arithmetic or array access fails first, not only in the library's own exception.
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw Broken("the compressed data are damaged");
        }
    }

    private void Feed()
    {
        Need(1);
        var bytes = source.Bytes[..Math.Min(Chunk, source.Bytes.Length)];
        bytes.CopyTo(input);
        inflater.SetInput(input, 0, bytes.Length);
        // Nothing is read from the source before the next call: what is given too much can be taken back.
        source.Consume(bytes.Length);
    }

    private bool OpenMember()
    {
        if (isAfterFirst)
            SkipPadding();
        if (!source.FillTo(1))
            return false;
        source.FillTo(2);
        if (!StartsHere(source.Bytes))
            throw Fault(
                DataFaultCode.GzipTrailingGarbage,
                "bytes that are not gzip follow the compressed data.",
                "Decompress with gzip -dc, which leaves them out, and look whether something is missing."
            );
        SkipHeader();
        inflater.Reset();
        checksum.Reset();
        length = 0;
        isAfterFirst = isInside = true;
        return true;
    }

    // Tapes and disks fill up with zeros; gzip itself leaves them out.
    private void SkipPadding()
    {
        while (source.FillTo(1))
        {
            var zeros = source.Bytes.IndexOfAnyExcept((byte)0);
            source.Consume(zeros < 0 ? source.Bytes.Length : zeros);
            if (zeros >= 0)
                return;
        }
    }

    private void SkipHeader()
    {
        Need(10);
        if (source.Bytes[2] != 8)
            throw Broken("the compression is of an unknown kind");
        var flags = source.Bytes[3];
        source.Consume(10);
        if ((flags & 4) != 0) // extra field
        {
            Need(2);
            var extra = 2 + source.Bytes[0] + (source.Bytes[1] << 8);
            Need(extra);
            source.Consume(extra);
        }
        if ((flags & 8) != 0) // file name
            SkipText();
        if ((flags & 16) != 0) // comment
            SkipText();
        if ((flags & 2) == 0)
            return;
        Need(2); // the header's check sum, which gzip does not look at either
        source.Consume(2);
    }

    private void SkipText()
    {
        for (var letter = -1; letter != 0; source.Consume(1))
        {
            Need(1);
            letter = source.Bytes[0];
        }
    }

    private void CloseMember()
    {
        source.Consume(-inflater.RemainingInput); // what the inflater was given too much
        Need(8);
        var tail = source.Bytes;
        var (sum, size) = (BinaryPrimitives.ReadUInt32LittleEndian(tail), BinaryPrimitives.ReadUInt32LittleEndian(tail[4..]));
        if (sum != checksum.GetCurrentHashAsUInt32() || size != length)
            throw Fault(
                DataFaultCode.GzipChecksum,
                "the contents do not fit the check sum of the compressed file.",
                "The file is damaged: copy or download it again."
            );
        source.Consume(8);
        isInside = false;
    }

    private void Need(int count)
    {
        if (!source.FillTo(count))
            throw Broken("the compressed file is cut off");
    }

    private static InputFaultException Broken(string what) =>
        Fault(DataFaultCode.GzipBroken, what + ".", "Copy or download the file again.");

    private static InputFaultException Fault(DataFaultCode code, string reason, string remedy) =>
        new(new DataFault(code, default, reason, remedy));
}
