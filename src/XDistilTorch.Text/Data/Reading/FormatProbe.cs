using System.Text.Json;

namespace XDistilTorch.Data.Reading;

/// <summary>Tells from the first bytes whether an input is one JSON document or JSON lines. Consumes only a byte order mark and blank lines.</summary>
internal sealed class FormatProbe(ByteBuffer buffer)
{
    private const int EnoughForLines = 1 << 20;
    private const int Enough = 8 << 20;
    private const int TextProbe = 1 << 16;

    private static readonly string?[] RowFields = ["id", "question", "context", "answers", "paragraphs"];

    private bool looksLikeRow,
        hasData;

    /// <summary>Whether there is one value a line.</summary>
    /// <exception cref="InputFaultException">Nothing is there, or it is no kind of JSON.</exception>
    public bool IsLines(bool assumeLines)
    {
        // No more than is needed: in a pipe, nothing may follow the first line before it is answered.
        buffer.FillTo(2);
        if (buffer.Bytes is [0xEF, ..])
            buffer.FillTo(3);
        RefuseUtf16();
        if (buffer.Bytes.StartsWith("\uFEFF"u8))
            buffer.Consume(3);
        SkipBlank();
        if (assumeLines)
            return true;
        return buffer.Bytes[0] switch
        {
            (byte)'[' => false,
            (byte)'{' => IsLinesOfObjects(),
            _ => IsLinesOfOthers(),
        };
    }

    private void RefuseUtf16()
    {
        var bytes = buffer.Bytes;
        var hasMark = bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]);
        if (hasMark || (bytes.Length > 1 && (bytes[0] == 0) != (bytes[1] == 0) && (bytes[0] | bytes[1]) is (byte)'{' or (byte)'['))
            throw Fault(
                DataFaultCode.Utf16,
                "is encoded as UTF-16, expected UTF-8.",
                "Convert it, for example with: iconv -f utf-16 -t utf-8"
            );
    }

    private void SkipBlank()
    {
        while (true)
        {
            var blank = buffer.Bytes.IndexOfAnyExcept(" \t\r\n"u8);
            buffer.Consume(blank < 0 ? buffer.Bytes.Length : blank);
            if (blank >= 0)
                return;
            if (!buffer.Fill())
                throw Fault(DataFaultCode.NoContent, "is empty.", "Expected questions as JSON or JSON lines.");
        }
    }

    private bool IsLinesOfObjects()
    {
        while (true)
        {
            if (DecideObject() is { } isLines)
                return isLines;
            if (looksLikeRow && buffer.Bytes.Length >= EnoughForLines && !buffer.Bytes.Contains((byte)'\n'))
                return true;
            if (buffer.Bytes.Length >= Enough)
                return false;
            if (!buffer.Fill())
                return DecideObject() ?? false;
        }
    }

    /// <summary>Null when more must be seen.</summary>
    private bool? DecideObject()
    {
        var reader = new Utf8JsonReader(buffer.Bytes, buffer.IsEnd, default);
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth == 0 && reader.TokenType == JsonTokenType.EndObject)
                    return DecideWhole(buffer.Bytes[..(int)reader.BytesConsumed], buffer.Bytes[(int)reader.BytesConsumed..]);
                if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName)
                    continue;
                var name = JsonText.Of(ref reader);
                looksLikeRow |= RowFields.Contains(name);
                if (name != "data")
                    continue;
                hasData = true;
                if (reader.Read() && reader.TokenType == JsonTokenType.StartArray)
                    return false;
            }
            return null;
        }
        catch (JsonException e)
        {
            // A broken first row of JSON lines breaks in its line, or where the next line begins; a document breaks anywhere.
            var isInFirstRow = e.LineNumber == 0 || (e.LineNumber == 1 && e.BytePositionInLine == 0);
            return isInFirstRow && ALaterLineIsAnObject();
        }
    }

    private bool DecideWhole(ReadOnlySpan<byte> value, ReadOnlySpan<byte> rest)
    {
        if (value.Contains((byte)'\n'))
            return false;
        if (looksLikeRow || hasData)
            return looksLikeRow;
        return !IsBlankToEnd(buffer.Bytes.Length - rest.Length);
    }

    private bool IsLinesOfOthers()
    {
        var hasLine = FillToLineEnd(out var end);
        if (IsJson(buffer.Bytes[..end]))
            return hasLine && !IsBlankToEnd(end);
        if (ALaterLineIsAnObject())
            return true;
        throw Fault(
            DataFaultCode.UnknownFormat,
            $"is neither JSON nor JSON lines{Guess()}.",
            "Expected SQuAD JSON, or rows with id, question and context as a JSON array or as JSON lines."
        );
    }

    private string Guess()
    {
        var bytes = buffer.Bytes;
        return bytes.StartsWith("PAR1"u8) ? "; it looks like Parquet"
            : bytes.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]) ? "; it looks like zstd"
            : bytes.StartsWith("PK"u8) ? "; it looks like a zip file"
            : bytes.StartsWith("BZh"u8) ? "; it looks like bzip2"
            : bytes.StartsWith((ReadOnlySpan<byte>)[0xFD, 0x37, 0x7A, 0x58, 0x5A]) ? "; it looks like xz"
            : bytes.StartsWith((ReadOnlySpan<byte>)[0x37, 0x7A, 0xBC, 0xAF]) ? "; it looks like a 7z file"
            : bytes.StartsWith("<"u8) ? "; it looks like HTML or XML"
            : bytes[..Math.Max(0, bytes.IndexOf((byte)'\n'))].ContainsAny(",\t;"u8) ? "; it looks like CSV"
            : "";
    }

    private bool FillToLineEnd(out int end)
    {
        while ((end = buffer.Bytes.IndexOf((byte)'\n')) < 0 && buffer.Bytes.Length < TextProbe && buffer.Fill()) { }
        var isThere = end >= 0;
        end = isThere ? end : buffer.Bytes.Length;
        return isThere;
    }

    private bool ALaterLineIsAnObject()
    {
        buffer.FillTo(TextProbe);
        return buffer.Bytes.IndexOf("\n{"u8) >= 0;
    }

    private bool IsBlankToEnd(int from)
    {
        while (buffer.Bytes[from..].IndexOfAnyExcept(" \t\r\n"u8) < 0)
            if (buffer.Bytes.Length >= Enough || !buffer.Fill())
                return true;
        return false;
    }

    private static bool IsJson(ReadOnlySpan<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes);
        try
        {
            while (reader.Read()) { }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static InputFaultException Fault(DataFaultCode code, string reason, string remedy) =>
        new(new DataFault(code, default, reason, remedy));
}
