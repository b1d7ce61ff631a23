using System.Text.Json;
using XDistilTorch.Data.Reading;

namespace XDistilTorch.Evaluation.Reading;

/// <summary>One JSON object of many entries, in their order, repeated names included.</summary>
internal static class EntryObject
{
    /// <summary>What becomes of one entry; the reader is at its value and need not be moved.</summary>
    public delegate void Take(string id, ref Utf8JsonReader value);

    /// <exception cref="DataException">It is not valid JSON, or no object.</exception>
    public static void Read(string name, ReadOnlySpan<byte> bytes, string expected, Take take)
    {
        var reader = new Utf8JsonReader(bytes);
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
                throw new DataException($"{name}: holds {Kind(reader.TokenType)}, expected {expected}.");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var id =
                    JsonText.Of(ref reader)
                    ?? throw new DataException($"{name}: an id has half a surrogate pair (\\ud800 to \\udfff), expected whole characters.");
                reader.Read();
                var value = reader;
                take(id, ref value);
                reader.Skip();
            }
            reader.Read(); // what follows the object is an error
        }
        catch (JsonException e)
        {
            throw NotJson(name, e, expected);
        }
    }

    /// <summary>A value's kind with its article, for messages.</summary>
    public static string Kind(JsonTokenType token) =>
        token switch
        {
            JsonTokenType.StartObject => "an object",
            JsonTokenType.StartArray => "an array",
            JsonTokenType.String => "a string",
            JsonTokenType.Number => "a number",
            JsonTokenType.Null => "null",
            _ => "a boolean",
        };

    public static DataException NotJson(string place, JsonException e, string expected, long? line = null)
    {
        var end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var what = end < 0 ? e.Message : e.Message[..end];
        return new(
            FormattableString.Invariant(
                $"{place}: line {line ?? e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: is not valid JSON: {what} Expected {expected}."
            ),
            e
        );
    }
}
