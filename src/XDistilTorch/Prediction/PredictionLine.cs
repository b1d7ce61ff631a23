using System.Buffers;
using System.Text.Json;
using XDistilTorch.Decoding;

namespace XDistilTorch.Prediction;

/// <summary>Writes what became of a row as one line of JSON. For one thread.</summary>
public sealed class PredictionLine : IDisposable
{
    private static readonly JsonWriterOptions OneLine = new() { Encoder = ReadableJsonEncoder.Instance };

    private readonly PredictionFormat format;
    private readonly ArrayBufferWriter<byte> buffer = new(1 << 12);
    private readonly Utf8JsonWriter json;

    /// <summary>Creates the writer.</summary>
    /// <param name="format">
    /// <see cref="PredictionFormat.Jsonl"/>: answer records; <see cref="PredictionFormat.Squad"/>: what <see cref="SquadFiles"/> makes the three files of.
    /// </param>
    public PredictionLine(PredictionFormat format)
    {
        this.format = format;
        json = new Utf8JsonWriter(buffer, OneLine);
    }

    /// <summary>The line with its LF; valid until the next call.</summary>
    public ReadOnlySpan<byte> Of(RowPrediction row)
    {
        ArgumentNullException.ThrowIfNull(row);
        buffer.ResetWrittenCount();
        json.Reset(buffer);
        if (row.Error is { } error)
            WriteError(row, error);
        else if (format == PredictionFormat.Squad)
            WriteSquad(row, row.Answer!);
        else
            JsonSerializer.Serialize(json, row.Answer!, AnswerJsonContext.OneLine.Answer);
        json.Flush();
        buffer.Write("\n"u8);
        return buffer.WrittenSpan;
    }

    private void WriteError(RowPrediction row, RowError error)
    {
        json.WriteStartObject();
        json.WriteString("id", row.Id);
        if (row.Line is { } line)
            json.WriteNumber("line", line);
        else
            json.WriteNull("line");
        json.WriteStartObject("error");
        json.WriteString("code", error.Code);
        json.WriteString("message", error.Message);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteSquad(RowPrediction row, Answer answer)
    {
        json.WriteStartObject();
        json.WriteString("id", row.Id);
        json.WriteString("prediction", Text(row, answer));
        if (answer.NullScore is not null)
            json.WriteNumber("null_odds", (float)(row.NullOdds ?? float.MaxValue)); // without any span nothing speaks against no answer
        json.WriteStartArray("nbest");
        if (row.Squad is { } squad)
            foreach (var entry in squad.NBest)
                WriteEntry(entry, row.Row!.Context);
        else
            WriteList(answer);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    // The reference's made-up "empty" stays in a prediction file, and there only.
    private static string Text(RowPrediction row, Answer answer) =>
        row.Squad is { } squad ? squad.Prediction?.TextIn(row.Row!.Context) ?? "" : answer.Text;

    private void WriteEntry(SquadEntry entry, string context)
    {
        json.WriteStartObject();
        json.WriteString("text", entry.TextIn(context));
        json.WriteNumber("probability", entry.Probability);
        json.WriteNumber("start_logit", entry.StartLogit);
        json.WriteNumber("end_logit", entry.EndLogit);
        json.WriteEndObject();
    }

    private void WriteList(Answer answer)
    {
        foreach (var span in answer.Answers)
        {
            json.WriteStartObject();
            json.WriteString("text", span.Text);
            json.WriteNumber("probability", span.Probability);
            json.WriteNumber("score", span.Score);
            json.WriteEndObject();
        }
    }

    /// <summary>Frees the buffer.</summary>
    public void Dispose() => json.Dispose();
}
