using System.Text.Json;

namespace XDistilTorch.Prediction;

/// <summary>Makes the files of the SQuAD benchmark of lines that <see cref="PredictionLine"/> wrote: predictions, n-best lists, null odds. Streams.</summary>
internal static class SquadFiles
{
    private static readonly JsonWriterOptions Indented = new()
    {
        Encoder = ReadableJsonEncoder.Instance,
        Indented = true,
        IndentSize = 4,
    };

    /// <summary>What is put behind the prediction file's name.</summary>
    public const string NBest = ".nbest.json",
        NullOdds = ".null_odds.json";

    /// <summary>Writes the three files; errors have no entry. The prediction file comes last.</summary>
    /// <param name="lines">The lines; read once.</param>
    /// <param name="output">The prediction file.</param>
    /// <param name="withNullOdds">Whether no answer was allowed; otherwise there is no third file.</param>
    public static IReadOnlyList<WrittenFile> Write(IEnumerable<ReadOnlyMemory<byte>> lines, string output, bool withNullOdds)
    {
        using var predictions = new HashedFile(output);
        using var lists = new HashedFile(output + NBest);
        using var odds = withNullOdds ? new HashedFile(output + NullOdds) : null;
        using (var predictionJson = new Utf8JsonWriter(predictions, Indented))
        using (var listJson = new Utf8JsonWriter(lists, Indented))
        using (var oddsJson = new Utf8JsonWriter(odds ?? Stream.Null, Indented))
        {
            predictionJson.WriteStartObject();
            listJson.WriteStartObject();
            oddsJson.WriteStartObject();
            foreach (var line in lines)
            {
                using var document = JsonDocument.Parse(line);
                WriteRow(document.RootElement, predictionJson, listJson, oddsJson);
            }
            predictionJson.WriteEndObject();
            listJson.WriteEndObject();
            oddsJson.WriteEndObject();
        }
        List<WrittenFile> written = [lists.Finish()];
        if (odds is not null)
            written.Add(odds.Finish());
        written.Add(predictions.Finish());
        return written;
    }

    private static void WriteRow(JsonElement line, Utf8JsonWriter predictions, Utf8JsonWriter lists, Utf8JsonWriter odds)
    {
        if (line.TryGetProperty("error", out _))
            return;
        var id = line.GetProperty("id").GetString()!;
        predictions.WriteString(id, line.GetProperty("prediction").GetString());
        lists.WritePropertyName(id);
        line.GetProperty("nbest").WriteTo(lists);
        if (line.TryGetProperty("null_odds", out var value))
        {
            odds.WritePropertyName(id);
            value.WriteTo(odds);
        }
        foreach (var json in (Utf8JsonWriter[])[predictions, lists, odds])
            if (json.BytesPending > 1 << 16)
                json.Flush();
    }
}
