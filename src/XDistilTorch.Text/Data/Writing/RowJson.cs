using System.Text.Json;

namespace XDistilTorch.Data.Writing;

/// <summary>The JSON of questions, as far as all layouts share it.</summary>
internal static class RowJson
{
    private const int FlushAt = 1 << 16;

    public static JsonWriterOptions Options { get; } = new() { Encoder = ReadableJsonEncoder.Instance, SkipValidation = false };

    public static void Flush(Utf8JsonWriter json)
    {
        if (json.BytesPending >= FlushAt)
            json.Flush();
    }

    /// <summary>Writes a text; one that UTF-8 cannot hold is refused, as it would be read back as another.</summary>
    public static void Text(Utf8JsonWriter json, string name, string text, QuestionRow row)
    {
        Check(text, name, row);
        json.WriteString(name, text);
    }

    public static void Check(string text, string name, QuestionRow row)
    {
        for (var i = 0; ; i++)
        {
            var skipped = text.AsSpan(i).IndexOfAnyInRange('\uD800', '\uDFFF');
            if (skipped < 0)
                return;
            i += skipped;
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
                i++;
            else
                throw new DataException(
                    FormattableString.Invariant(
                        $"row \"{row.Id}\": {name} holds half a surrogate pair at UTF-16 unit {i}, which no file can hold. Correct the text."
                    )
                );
        }
    }
}
