using System.Text.Json;

namespace XDistilTorch.Data.Reading;

/// <summary>The tokens of one JSON value in a buffer, read on as needed. What stands after a mark stays in the buffer until it is lifted.</summary>
internal sealed class JsonCursor(ByteBuffer buffer, long firstLine, bool isLine)
{
    private const int MaxDepth = 64;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 2 * MaxDepth };

    private JsonReaderState state = new(Options);
    private int tokenStart,
        next;
    private int? mark;
    private int depth;

    public JsonTokenType Token { get; private set; }

    /// <summary>The kind of the current value, in JSON's words; numbers without fraction and exponent are integers.</summary>
    public string Kind =>
        Token switch
        {
            JsonTokenType.StartObject => "object",
            JsonTokenType.StartArray => "array",
            JsonTokenType.String => "string",
            JsonTokenType.Number => Raw.ContainsAny(".eE"u8) ? "number" : "integer",
            JsonTokenType.Null => "null",
            _ => "boolean",
        };

    private ReadOnlySpan<byte> Raw => buffer.Bytes[tokenStart..next];

    /// <summary>The next token; false at the end.</summary>
    /// <exception cref="InputFaultException">A syntax error, too many levels, or a fault of the input.</exception>
    public bool Read() => Advance(stopAtDepth: int.MaxValue);

    /// <summary>Goes on to the end of the object or array that the cursor is at; stays at any other value.</summary>
    public void Skip()
    {
        if (Token is JsonTokenType.StartObject or JsonTokenType.StartArray)
            Advance(depth);
    }

    /// <summary>The current string or name; null when it has half a surrogate pair.</summary>
    public string? Text()
    {
        var reader = new Utf8JsonReader(Token == JsonTokenType.PropertyName ? Raw[..(Raw.LastIndexOf((byte)'"') + 1)] : Raw);
        reader.Read();
        return JsonText.Of(ref reader);
    }

    /// <summary>Keeps everything from the current token on.</summary>
    public void Mark() => mark = tokenStart;

    public void Unmark() => mark = null;

    /// <summary>From the mark to the end of the current token; valid until the next <see cref="Read"/>.</summary>
    public ReadOnlyMemory<byte> Marked => buffer.Slice(mark ?? tokenStart, next);

    private bool Advance(int stopAtDepth)
    {
        try
        {
            while (true)
            {
                var reader = new Utf8JsonReader(buffer.Bytes[next..], buffer.IsEnd, state);
                var isThere = Advance(ref reader, stopAtDepth);
                tokenStart = next + (int)reader.TokenStartIndex;
                next += (int)reader.BytesConsumed;
                state = reader.CurrentState;
                if (isThere)
                    return true;
                if (buffer.IsEnd)
                    return false;
                Refill();
            }
        }
        catch (JsonException e)
        {
            throw NotJson(e);
        }
    }

    private bool Advance(ref Utf8JsonReader reader, int stopAtDepth)
    {
        while (reader.Read())
        {
            Token = reader.TokenType;
            depth = reader.CurrentDepth;
            if (depth >= MaxDepth && Token is (JsonTokenType.StartArray or JsonTokenType.StartObject))
                throw TooDeep();
            if (stopAtDepth == int.MaxValue || (depth == stopAtDepth && Token is (JsonTokenType.EndArray or JsonTokenType.EndObject)))
                return true;
        }
        return false;
    }

    private void Refill()
    {
        var consumed = mark ?? next;
        buffer.Consume(consumed);
        next -= consumed;
        tokenStart -= consumed;
        mark -= consumed;
        buffer.Fill();
    }

    private InputFaultException NotJson(JsonException e)
    {
        // The place is said by ours, which counts from 1 and knows the line of a row.
        var message = e.Message;
        var end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var line = isLine ? firstLine : firstLine + (e.LineNumber ?? 0);
        return new(
            new DataFault(
                DataFaultCode.NotJson,
                new DataPlace(line, null),
                FormattableString.Invariant(
                    $"is not valid JSON (byte {(e.BytePositionInLine ?? 0) + 1} of the line): {(end < 0 ? message : message[..end])}"
                ),
                isLine
                    ? "Correct or remove the line; JSON lines hold one whole object a line."
                    : "Correct the file, or write it again as JSON."
            )
        );
    }

    private InputFaultException TooDeep() =>
        new(
            new DataFault(
                DataFaultCode.TooDeep,
                new DataPlace(isLine ? firstLine : null, null),
                FormattableString.Invariant($"objects and arrays are nested deeper than {MaxDepth} levels."),
                "Question files need fewer than ten; remove the field that is nested so deeply."
            )
        );
}
