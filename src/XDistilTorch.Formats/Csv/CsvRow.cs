using System.Globalization;
using System.Text.Json;
using CsvHelper;
using XDistilTorch.Data;
using XDistilTorch.Data.Reading;

namespace XDistilTorch.Formats.Csv;

/// <summary>
/// Makes questions of rows of CSV. A cell with nothing in it, not even quotes, counts as an absent field; an absent <c>answers</c> says nothing,
/// an absent <c>answer</c> that there is none.
/// </summary>
internal sealed class CsvRow(CsvColumns columns, DataReaderOptions options)
{
    private readonly RowJudge judge = new(options);
    private readonly AnswerReader answers = new(options.AllowMissingStarts);

    public DataItem Unreadable(DataFault fault)
    {
        judge.CountUnreadable();
        return new(null, [fault]);
    }

    public DataItem Read(CsvReader csv)
    {
        var place = new DataPlace(csv.LineNumber, "$");
        if (csv.FieldCount != columns.Count)
            return Unreadable(OfOtherLength(place, csv.FieldCount));
        var draft = judge.Begin(place, PackedPlace.OfLine(csv.LineNumber));
        draft.Id = Optional(csv, columns.Id) ?? (options.NumberRows ? draft.NumberAsId : "");
        draft.Title = Optional(csv, columns.Title);
        draft.Question = Text(csv, columns.Question);
        draft.Context = Text(csv, columns.Context);
        draft.IsImpossible = Boolean(csv, draft);
        draft.HasAnswers = columns.Answers is { } all
            ? ReadAll(csv, all, draft)
            : columns.AnswerText is { } one && ReadOne(csv, one, draft);
        return judge.Judge(draft, place.Member("context"));
    }

    private static string? Optional(CsvReader csv, int? column) =>
        column is { } at && !csv.GetRawSpan(at).IsEmpty ? csv.GetString(at) : null;

    private static string Text(CsvReader csv, int? column) => csv.GetString(column!.Value);

    private bool? Boolean(CsvReader csv, RowDraft draft)
    {
        if (Optional(csv, columns.IsImpossible)?.Trim() is not { Length: > 0 } text)
            return null;
        if (bool.TryParse(text, out var value))
            return value;
        draft.Faults.Add(FieldReader.WrongType(draft.Place.Member("is_impossible"), "boolean", KindOf(text)));
        return null;
    }

    private bool ReadAll(CsvReader csv, int column, RowDraft draft)
    {
        if (string.IsNullOrWhiteSpace(csv.GetString(column)))
            return false;
        var place = draft.Place.Member("answers");
        try
        {
            using var json = JsonDocument.Parse(csv.GetSpan(column).ToArray());
            return json.RootElement.ValueKind switch
            {
                JsonValueKind.Object => answers.ReadColumns(json.RootElement, draft),
                JsonValueKind.Array => answers.ReadList(json.RootElement, draft),
                _ => Refused(draft, FieldReader.WrongType(place, "object", FieldReader.KindOf(json.RootElement))),
            };
        }
        catch (JsonException)
        {
            return Refused(
                draft,
                new(
                    DataFaultCode.NotJson,
                    place,
                    "is not valid JSON.",
                    "Write {\"text\": [...], \"answer_start\": [...]} as JSON, or the one answer in the columns answer and answer_start."
                )
            );
        }
    }

    private bool ReadOne(CsvReader csv, int column, RowDraft draft)
    {
        var text = csv.GetString(column);
        if (text.Length > 0)
        {
            var place = draft.Place.Member("answer_start");
            draft.Answers.Add((text, Start(Optional(csv, columns.AnswerStart)?.Trim(), place, draft), place));
        }
        return true;
    }

    private long? Start(string? text, DataPlace place, RowDraft draft)
    {
        if (string.IsNullOrEmpty(text))
        {
            if (!options.AllowMissingStarts)
                draft.Faults.Add(FieldReader.Missing(place, "Say where the answer starts, in code points."));
            return null;
        }
        if (KindOf(text) == "integer")
            return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var start) ? start
                : text[0] == '-' ? long.MinValue
                : long.MaxValue;
        draft.Faults.Add(FieldReader.WrongType(place, "integer", KindOf(text)));
        return null;
    }

    private static bool Refused(RowDraft draft, DataFault fault)
    {
        draft.Faults.Add(fault);
        return false;
    }

    private static string KindOf(string text)
    {
        var digits = text.AsSpan(text[0] is '-' or '+' ? 1 : 0);
        return !digits.IsEmpty && !digits.ContainsAnyExceptInRange('0', '9') ? "integer"
            : double.TryParse(text, CultureInfo.InvariantCulture, out _) ? "number"
            : "string";
    }

    private DataFault OfOtherLength(DataPlace place, int found) =>
        new(
            DataFaultCode.RowOfOtherLength,
            place,
            FormattableString.Invariant($"has {found} cells, expected {columns.Count} as in the first line."),
            "Put cells that hold the delimiter or line ends in quotes."
        );
}
