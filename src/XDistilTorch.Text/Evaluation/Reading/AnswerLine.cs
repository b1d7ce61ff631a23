using System.Text.Json;
using XDistilTorch.Data.Reading;

namespace XDistilTorch.Evaluation.Reading;

/// <summary>One answer record of a prediction file; only what evaluating needs is looked at.</summary>
internal static class AnswerLine
{
    /// <exception cref="DataException">The record is faulty; the message says how, without the place.</exception>
    public static (string? Id, PredictedAnswer? Answer) Read(JsonElement record)
    {
        if (record.ValueKind != JsonValueKind.Object)
            throw new DataException($"holds a JSON {record.ValueKind}, expected an answer record.");
        if (record.TryGetProperty("error", out var error) && error.ValueKind != JsonValueKind.Null)
            return (Text(record, "id"), null);
        var id = Text(record, "id") ?? throw new DataException("the record has no id, expected the question's.");
        var text =
            Text(record, "answer")
            ?? throw new DataException($"the record of '{id}' has no \"answer\", expected a text (\"\" for no answer).");
        return (
            id,
            new PredictedAnswer(id, text)
            {
                NoAnswerScore = Number(record, "null_score") - BestSpanScore(record),
                Probability = Number(record, "probability"),
            }
        );
    }

    private static double? BestSpanScore(JsonElement record) =>
        record.TryGetProperty("answers", out var answers)
        && answers.ValueKind == JsonValueKind.Array
        && answers.GetArrayLength() > 0
        && answers[0].ValueKind == JsonValueKind.Object
            ? Number(answers[0], "score")
            : null;

    private static string? Text(JsonElement record, string field)
    {
        if (!record.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.ValueKind != JsonValueKind.String)
            throw new DataException($"\"{field}\" is a JSON {value.ValueKind}, expected a text.");
        return JsonText.Of(value) ?? throw new DataException($"\"{field}\" has half a surrogate pair, expected whole characters.");
    }

    private static double? Number(JsonElement record, string field)
    {
        if (!record.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return value.ValueKind == JsonValueKind.Number && value.GetDouble() is var number && double.IsFinite(number)
            ? number
            : throw new DataException($"\"{field}\" is {value.GetRawText()}, expected a finite number.");
    }
}
