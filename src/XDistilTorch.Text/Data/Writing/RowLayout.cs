using System.Text.Json;

namespace XDistilTorch.Data.Writing;

/// <summary>Flat rows: <c>id, title, context, question, answers {text, answer_start}, is_impossible</c>; what a row does not have is left out.</summary>
internal sealed class RowLayout(Stream output)
{
    public void WriteLines(IEnumerable<QuestionRow> rows)
    {
        using var json = new Utf8JsonWriter(output, RowJson.Options);
        foreach (var row in rows)
        {
            Write(json, row);
            json.Flush();
            output.WriteByte((byte)'\n');
            json.Reset();
        }
    }

    public void WriteArray(IEnumerable<QuestionRow> rows)
    {
        using var json = new Utf8JsonWriter(output, RowJson.Options);
        json.WriteStartArray();
        foreach (var row in rows)
        {
            Write(json, row);
            RowJson.Flush(json);
        }
        json.WriteEndArray();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    private static void Write(Utf8JsonWriter json, QuestionRow row)
    {
        json.WriteStartObject();
        RowJson.Text(json, "id", row.Id, row);
        if (row.Title is { } title)
            RowJson.Text(json, "title", title, row);
        RowJson.Text(json, "context", row.Context, row);
        RowJson.Text(json, "question", row.Question, row);
        if (row.Answers is { } answers)
        {
            json.WritePropertyName("answers");
            WriteAnswers(json, answers, row);
        }
        if (row.IsImpossible is { } isImpossible)
            json.WriteBoolean("is_impossible", isImpossible);
        json.WriteEndObject();
    }

    /// <summary><c>{"text": [...], "answer_start": [...]}</c></summary>
    public static void WriteAnswers(Utf8JsonWriter json, IReadOnlyList<GoldAnswer> answers, QuestionRow row)
    {
        json.WriteStartObject();
        json.WriteStartArray("text");
        foreach (var answer in answers)
        {
            RowJson.Check(answer.Text, "an answer", row);
            json.WriteStringValue(answer.Text);
        }
        json.WriteEndArray();
        json.WriteStartArray("answer_start");
        foreach (var answer in answers)
            if (answer.Start is { } start)
                json.WriteNumberValue(start);
            else
                json.WriteNullValue();
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
