using System.Text.Json;

namespace XDistilTorch.Data.Writing;

/// <summary>
/// SQuAD's nesting. Consecutive rows of one title make an article and of one context a paragraph; rows are never moved, so that a title that comes
/// again later makes another article.
/// </summary>
internal sealed class SquadLayout(Stream output)
{
    private QuestionRow? last;

    public void Write(IEnumerable<QuestionRow> rows)
    {
        using var json = new Utf8JsonWriter(output, RowJson.Options);
        json.WriteStartObject();
        json.WriteString("version", "v2.0");
        json.WriteStartArray("data");
        foreach (var row in rows)
        {
            Open(json, row);
            Write(json, row);
            RowJson.Flush(json);
            last = row;
        }
        Close(json, alsoArticle: true);
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    private void Open(Utf8JsonWriter json, QuestionRow row)
    {
        var isNewArticle = last is null || last.Title != row.Title;
        if (!isNewArticle && last!.Context == row.Context)
            return;
        Close(json, isNewArticle);
        if (isNewArticle)
        {
            json.WriteStartObject();
            if (row.Title is { } title)
                RowJson.Text(json, "title", title, row);
            json.WriteStartArray("paragraphs");
        }
        json.WriteStartObject();
        RowJson.Text(json, "context", row.Context, row);
        json.WriteStartArray("qas");
    }

    private void Close(Utf8JsonWriter json, bool alsoArticle)
    {
        if (last is null)
            return;
        json.WriteEndArray();
        json.WriteEndObject();
        if (!alsoArticle)
            return;
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, QuestionRow row)
    {
        json.WriteStartObject();
        RowJson.Text(json, "id", row.Id, row);
        RowJson.Text(json, "question", row.Question, row);
        if (row.Answers is { } answers)
            Write(json, answers, row);
        if (row.IsImpossible is { } isImpossible)
            json.WriteBoolean("is_impossible", isImpossible);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<GoldAnswer> answers, QuestionRow row)
    {
        json.WriteStartArray("answers");
        foreach (var answer in answers)
        {
            json.WriteStartObject();
            RowJson.Text(json, "text", answer.Text, row);
            if (answer.Start is { } start)
                json.WriteNumber("answer_start", start);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
