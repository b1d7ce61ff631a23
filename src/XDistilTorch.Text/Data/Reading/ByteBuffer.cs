using System.Buffers;
using System.Text.Unicode;

namespace XDistilTorch.Data.Reading;

/// <summary>
/// The part of an input that is being looked at. Grows as long as nothing is consumed, so that a row or paragraph can be seen whole; what was
/// consumed makes room at the next <see cref="Fill"/>. Positions count from the first byte that is not consumed.
/// </summary>
internal sealed class ByteBuffer
{
    private const int FirstSize = 1 << 16;
    private const int MaxSize = 1 << 28;

    private readonly Stream? source;
    private byte[] data;
    private int start,
        end,
        checkedTo;
    private long dropped;
    private long droppedLines;
    private bool checksUtf8;
    private DataFault? atEnd;

    /// <summary>Reads a stream as far as asked for.</summary>
    public ByteBuffer(Stream source)
    {
        this.source = source;
        data = new byte[FirstSize];
    }

    /// <summary>Part of another buffer that is there as a whole.</summary>
    private ByteBuffer(byte[] data, int start, int end)
    {
        this.data = data;
        this.start = start;
        this.end = end;
        IsEnd = true;
    }

    /// <summary>Whether nothing more comes after what is here.</summary>
    public bool IsEnd { get; private set; }

    public ReadOnlySpan<byte> Bytes => data.AsSpan(start, end - start);

    /// <summary>What of <see cref="Bytes"/> may be handed on: whole characters where they are checked.</summary>
    public ReadOnlySpan<byte> Ready => checksUtf8 ? data.AsSpan(start, checkedTo - start) : Bytes;

    public ReadOnlyMemory<byte> Slice(int from, int to) => data.AsMemory(start + from, to - from);

    public ByteBuffer Part(int from, int to) => new(data, start + from, start + to);

    /// <summary>The position in the input, counted from 0.</summary>
    public long PositionOf(int at) => dropped + start + at;

    /// <summary>The line in the input, counted from 1; time linear in what is here.</summary>
    public long LineOf(int at) => 1 + droppedLines + data.AsSpan(0, start + at).Count((byte)'\n');

    public void Consume(int count) => start += count;

    /// <summary>Reads more; false, and <see cref="IsEnd"/> from now on, when there is no more.</summary>
    /// <exception cref="InputFaultException">Compressed data are broken, the next byte is not UTF-8, or what must be seen at once is too long.</exception>
    public bool Fill()
    {
        if (atEnd is { } fault)
            throw new InputFaultException(fault);
        if (source is null || IsEnd)
            return false;
        MakeRoom();
        var count = source.Read(data, end, data.Length - end);
        if (count == 0)
            IsEnd = true;
        end += count;
        if (checksUtf8)
            CheckNext();
        return count > 0 || atEnd is not null;
    }

    /// <summary>Reads on until so many bytes are here or the input ends.</summary>
    public bool FillTo(int count)
    {
        while (Bytes.Length < count && Fill()) { }
        return Bytes.Length >= count;
    }

    /// <summary>From now on every byte is checked, those here included.</summary>
    public void CheckUtf8()
    {
        checksUtf8 = true;
        checkedTo = start;
        CheckNext();
    }

    public DataFault NotUtf8(int at, long? line = null) =>
        new(
            DataFaultCode.NotUtf8,
            new DataPlace(line ?? LineOf(at), null),
            FormattableString.Invariant($"byte {PositionOf(at)} (0x{Bytes[at]:x2}) is not UTF-8."),
            "Convert the file, for example with: iconv -f latin1 -t utf-8"
        )
        {
            Byte = PositionOf(at),
        };

    /// <summary>How many bytes at the start are whole characters; false when what follows them is not UTF-8, whatever may come.</summary>
    public static bool IsUtf8(ReadOnlySpan<byte> bytes, bool isEnd, out int valid)
    {
        valid = bytes.Length;
        if (Utf8.IsValid(bytes))
            return true;
        var scratch = new char[bytes.Length];
        var status = Utf8.ToUtf16(bytes, scratch, out valid, out _, replaceInvalidSequences: false, isFinalBlock: isEnd);
        return status is OperationStatus.Done or OperationStatus.NeedMoreData;
    }

    private void CheckNext()
    {
        var isUtf8 = IsUtf8(data.AsSpan(checkedTo, end - checkedTo), IsEnd, out var valid);
        checkedTo += valid;
        if (isUtf8)
            return;
        atEnd = NotUtf8(checkedTo - start);
        end = checkedTo;
        IsEnd = false; // the next Fill says what is wrong
    }

    private void MakeRoom()
    {
        if (start > 0)
        {
            droppedLines += data.AsSpan(0, start).Count((byte)'\n');
            dropped += start;
            data.AsSpan(start, end - start).CopyTo(data);
            end -= start;
            checkedTo -= start;
            start = 0;
        }
        if (end < data.Length)
            return;
        if (data.Length >= MaxSize)
            throw new InputFaultException(TooLong());
        Array.Resize(ref data, data.Length * 2);
    }

    private DataFault TooLong() =>
        new(
            DataFaultCode.TooLong,
            new DataPlace(LineOf(0), null),
            $"a row or paragraph is larger than {MaxSize >> 20} MiB.",
            "Split the text; one question is about one text of moderate size."
        );
}
