using System.Text.Json;
using XDistilTorch.Data.Reading;

namespace XDistilTorch.Evaluation.Reading;

/// <summary>Predictions as they stand in a file: <c>{id: text}</c> or answer records, one a line.</summary>
internal static class PredictionFile
{
    private const string Expected = "{\"id\": \"answer\", ...} as SQuAD prediction files have it, or answer records, one a line";

    /// <summary>Ids (null where a failed record has none) with their predictions; null for error records.</summary>
    /// <exception cref="DataException">The file cannot be read or used.</exception>
    public static List<(string? Id, PredictedAnswer? Answer)> Read(string path)
    {
        var bytes = WholeFile.Read(path);
        var faults = new EntryFaults(path);
        var entries = IsRecords(bytes.Span) ? ReadRecords(path, bytes, faults) : ReadObject(path, bytes.Span, faults);
        faults.ThrowIfAny();
        return entries;
    }

    private static List<(string?, PredictedAnswer?)> ReadObject(string path, ReadOnlySpan<byte> bytes, EntryFaults faults)
    {
        var entries = new List<(string?, PredictedAnswer?)>();
        EntryObject.Read(
            path,
            bytes,
            Expected,
            (string id, ref Utf8JsonReader value) =>
            {
                if (value.TokenType != JsonTokenType.String)
                    faults.Add(
                        $"the prediction for '{id}' is {EntryObject.Kind(value.TokenType)}, expected the answer's text (\"\" for no answer)."
                    );
                else if (JsonText.Of(ref value) is { } text)
                    entries.Add((id, new(id, text)));
                else
                    faults.Add($"the prediction for '{id}' has half a surrogate pair (\\ud800 to \\udfff), expected whole characters.");
            }
        );
        return entries;
    }

    private static List<(string?, PredictedAnswer?)> ReadRecords(string path, ReadOnlyMemory<byte> bytes, EntryFaults faults)
    {
        var entries = new List<(string?, PredictedAnswer?)>();
        for (var (number, start) = (1, 0); start < bytes.Length; number++)
        {
            var length = bytes.Span[start..].IndexOf((byte)'\n');
            var line = bytes.Slice(start, length < 0 ? bytes.Length - start : length);
            start += line.Length + 1;
            if (line.Span.IndexOfAnyExcept(" \t\r"u8) < 0)
                continue;
            try
            {
                using var record = JsonDocument.Parse(line);
                entries.Add(AnswerLine.Read(record.RootElement));
            }
            catch (JsonException e)
            {
                throw EntryObject.NotJson(path, e, "an answer record, whole on one line", number);
            }
            catch (DataException e)
            {
                faults.Add(FormattableString.Invariant($"line {number}: {e.Message}"));
            }
        }
        return entries;
    }

    /// <summary>Whether the first line is an answer record: an object with an id and more than texts.</summary>
    private static bool IsRecords(ReadOnlySpan<byte> bytes)
    {
        var start = bytes.IndexOfAnyExcept(" \t\r\n"u8);
        var end = bytes[start..].IndexOf((byte)'\n');
        var reader = new Utf8JsonReader(end < 0 ? bytes[start..] : bytes.Slice(start, end));
        var (hasId, hasAnswer, isOnlyTexts) = (false, false, true);
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth != 1)
                    continue;
                if (reader.TokenType != JsonTokenType.PropertyName)
                    isOnlyTexts &= reader.TokenType == JsonTokenType.String;
                else if (reader.ValueTextEquals("id"u8))
                    hasId = true;
                else
                    hasAnswer |= reader.ValueTextEquals("answer"u8) || reader.ValueTextEquals("error"u8);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false; // a document goes on after its first line; a name that is no text is told by who reads it
        }
        return hasId && hasAnswer && (!isOnlyTexts || bytes[start..].IndexOf("\n{"u8) >= 0);
    }
}
