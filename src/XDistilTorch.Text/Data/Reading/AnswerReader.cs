using System.Text.Json;

namespace XDistilTorch.Data.Reading;

/// <summary>The answers of a row as JSON has them.</summary>
internal sealed class AnswerReader(bool allowMissingStarts)
{
    private const string AnswersName = "answers";

    /// <summary><c>[{"text": ..., "answer_start": ...}]</c>; true, as there are answers, if only faulty ones.</summary>
    public bool ReadList(JsonElement list, RowDraft draft)
    {
        var place = draft.Place.Member(AnswersName);
        var index = 0;
        foreach (var answer in list.EnumerateArray())
        {
            var own = place.Item(index++);
            if (answer.ValueKind != JsonValueKind.Object)
            {
                draft.Faults.Add(FieldReader.WrongType(own, "object", FieldReader.KindOf(answer)));
                continue;
            }
            var parts = new FieldReader(answer, own, draft.Faults);
            if (!parts.IsAmbiguous)
                draft.Answers.Add((parts.Text("text"), parts.Start("answer_start", allowMissingStarts), own.Member("answer_start")));
        }
        return true;
    }

    /// <summary><c>{"text": [...], "answer_start": [...]}</c>; true, as there are answers, if only faulty ones.</summary>
    public bool ReadColumns(JsonElement columns, RowDraft draft)
    {
        var place = draft.Place.Member(AnswersName);
        var parts = new FieldReader(columns, place, draft.Faults);
        if (parts.IsAmbiguous || parts.Array("text") is not { } texts)
            return true;
        var isWithoutStarts = allowMissingStarts && !parts.Has("answer_start");
        if (!isWithoutStarts && parts.Array("answer_start") is { } starts)
            ReadPairs(parts, texts, starts, draft);
        else if (isWithoutStarts)
            foreach (var text in texts.EnumerateArray())
                draft.Answers.Add((parts.TextOf(text, place.Member("text").Item(draft.Answers.Count)), null, place.Member("text")));
        return true;
    }

    /// <summary>As many texts as starts are expected.</summary>
    public static DataFault OfTwoLengths(DataPlace place, int texts, int starts) =>
        new(
            DataFaultCode.AnswersOfTwoLengths,
            place,
            FormattableString.Invariant($"found {texts} texts and {starts} starts, expected as many of one as of the other."),
            "Give each text its start."
        );

    private void ReadPairs(FieldReader parts, JsonElement texts, JsonElement starts, RowDraft draft)
    {
        if (texts.GetArrayLength() != starts.GetArrayLength())
        {
            draft.Faults.Add(OfTwoLengths(parts.Place, texts.GetArrayLength(), starts.GetArrayLength()));
            return;
        }
        foreach (var (text, start) in texts.EnumerateArray().Zip(starts.EnumerateArray()))
        {
            var index = draft.Answers.Count;
            var place = parts.Place.Member("answer_start").Item(index);
            var isMissing = allowMissingStarts && start.ValueKind == JsonValueKind.Null;
            draft.Answers.Add(
                (parts.TextOf(text, parts.Place.Member("text").Item(index)), isMissing ? null : parts.StartOf(start, place), place)
            );
        }
    }
}
