using System.Globalization;
using System.Text.Json;

namespace XDistilTorch.Data.Reading;

/// <summary>Makes questions of the JSON of a row or of a paragraph, and judges each.</summary>
internal sealed class RowParser(DataReaderOptions options)
{
    private const string AnswersName = "answers";
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 256 };

    private readonly SeenIds? seen = options.FindRepeatedIds ? new() : null;
    private long number;
    private string lastContext = "";
    private AnswerLocator lastLocator = new("");

    /// <summary>Counts something that takes a row's place, but cannot be read at all.</summary>
    public void CountUnreadable() => number++;

    /// <summary>A flat row.</summary>
    public DataItem ReadRow(ReadOnlyMemory<byte> json, DataPlace place, PackedPlace packed)
    {
        using var document = JsonDocument.Parse(json, Options);
        var draft = new RowDraft(++number, place, packed);
        var fields = new FieldReader(document.RootElement, place, draft.Faults);
        if (fields.IsAmbiguous)
            return new(null, draft.Faults);
        ReadId(fields, draft);
        draft.Title = fields.OptionalText("title");
        draft.Question = fields.Text("question");
        draft.Context = fields.Text("context");
        draft.IsImpossible = fields.OptionalBoolean("is_impossible");
        ReadColumns(fields, draft);
        return Judge(draft, place.Member("context"));
    }

    /// <summary>The questions of a paragraph; an item without a row for what is wrong with the paragraph itself.</summary>
    public List<DataItem> ReadParagraph(ReadOnlyMemory<byte> json, DataPlace place, string? title, Func<int, PackedPlace> packed)
    {
        using var document = JsonDocument.Parse(json, Options);
        var (items, faults) = (new List<DataItem>(), new List<DataFault>());
        var fields = new FieldReader(document.RootElement, place, faults);
        var context = fields.IsAmbiguous ? null : fields.Text("context");
        var questions = fields.IsAmbiguous ? null : fields.Array("qas");
        if (faults.Count > 0)
            items.Add(new(null, faults));

        var index = 0;
        foreach (var question in questions?.EnumerateArray() ?? default)
        {
            var own = place.Member("qas").Item(index);
            var item = ReadQuestion(question, own, packed(index), title, context, place.Member("context"));
            if (item.Row is not null || item.Faults.Count > 0)
                items.Add(item);
            index++;
        }
        return items;
    }

    private DataItem ReadQuestion(
        JsonElement json,
        DataPlace place,
        PackedPlace packed,
        string? title,
        string? context,
        DataPlace contextPlace
    )
    {
        var draft = new RowDraft(++number, place, packed) { Title = title };
        draft.Context = context;
        if (json.ValueKind != JsonValueKind.Object)
            return new(null, [FieldReader.WrongType(place, "object", FieldReader.KindOf(json))]);
        var fields = new FieldReader(json, place, draft.Faults);
        if (fields.IsAmbiguous)
            return new(null, draft.Faults);
        ReadId(fields, draft);
        draft.Question = fields.Text("question");
        draft.IsImpossible = fields.OptionalBoolean("is_impossible");
        ReadList(fields, draft);
        return Judge(draft, contextPlace);
    }

    private void ReadId(FieldReader fields, RowDraft draft)
    {
        draft.Id = options.NumberRows && !fields.Has("id") ? draft.Number.ToString(CultureInfo.InvariantCulture) : fields.Text("id");
    }

    // "answers": [{"text": ..., "answer_start": ...}]
    private void ReadList(FieldReader fields, RowDraft draft)
    {
        if (fields.OptionalArray(AnswersName) is not { } list)
        {
            draft.HasAnswers = false;
            return;
        }
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
                draft.Answers.Add(
                    (parts.Text("text"), parts.Start("answer_start", options.AllowMissingStarts), own.Member("answer_start"))
                );
        }
    }

    // "answers": {"text": [...], "answer_start": [...]}
    private void ReadColumns(FieldReader fields, RowDraft draft)
    {
        if (fields.OptionalObject(AnswersName) is not { } columns)
        {
            draft.HasAnswers = false;
            return;
        }
        var place = draft.Place.Member(AnswersName);
        var parts = new FieldReader(columns, place, draft.Faults);
        if (parts.IsAmbiguous || parts.Array("text") is not { } texts)
            return;
        var isWithoutStarts = options.AllowMissingStarts && !parts.Has("answer_start");
        if (!isWithoutStarts && parts.Array("answer_start") is { } starts)
            ReadPairs(parts, texts, starts, draft);
        else if (isWithoutStarts)
            foreach (var text in texts.EnumerateArray())
                draft.Answers.Add((parts.TextOf(text, place.Member("text").Item(draft.Answers.Count)), null, place.Member("text")));
    }

    private void ReadPairs(FieldReader parts, JsonElement texts, JsonElement starts, RowDraft draft)
    {
        if (texts.GetArrayLength() != starts.GetArrayLength())
        {
            draft.Faults.Add(
                new(
                    DataFaultCode.AnswersOfTwoLengths,
                    parts.Place,
                    FormattableString.Invariant(
                        $"found {texts.GetArrayLength()} texts and {starts.GetArrayLength()} starts, expected as many of one as of the other."
                    ),
                    "Give each text its start."
                )
            );
            return;
        }
        foreach (var (text, start) in texts.EnumerateArray().Zip(starts.EnumerateArray()))
        {
            var index = draft.Answers.Count;
            var place = parts.Place.Member("answer_start").Item(index);
            var isMissing = options.AllowMissingStarts && start.ValueKind == JsonValueKind.Null;
            draft.Answers.Add(
                (parts.TextOf(text, parts.Place.Member("text").Item(index)), isMissing ? null : parts.StartOf(start, place), place)
            );
        }
    }

    private DataItem Judge(RowDraft draft, DataPlace contextPlace)
    {
        var isWhole = draft.Faults.Count == 0 && draft.Context is not null;
        if (draft.Context is { } context)
            Share(context, draft);
        if (draft.Id is { } id && string.IsNullOrWhiteSpace(id))
            draft.Add(
                DataFaultCode.EmptyId,
                draft.Place.Member("id"),
                "the id is blank.",
                "Give the row an id, or leave the field out and number the rows."
            );
        if (draft.Context is not null && string.IsNullOrWhiteSpace(draft.Context))
            draft.Add(
                DataFaultCode.EmptyContext,
                contextPlace,
                "the context is blank: there is nothing to find an answer in.",
                "Write the text, or remove the row."
            );
        if (draft.Question is not null && string.IsNullOrWhiteSpace(draft.Question))
            draft.Add(
                DataFaultCode.EmptyQuestion,
                draft.Place.Member("question"),
                "the question is blank.",
                "Write the question, or remove the row."
            );
        var answers = JudgeAnswers(draft, isWhole);
        if (draft.IsImpossible is { } isImpossible && answers is not null && isImpossible != (answers.Count == 0))
            draft.Add(
                DataFaultCode.IsImpossibleContradictsAnswers,
                draft.Place.Member("is_impossible"),
                FormattableString.Invariant(
                    $"is_impossible is {(isImpossible ? "true" : "false")}, but there are {answers.Count} answers."
                ),
                "The answers decide; correct is_impossible."
            );
        var isRepeated = IsRepeated(draft);
        var isUsable = isWhole && !isRepeated && draft.Faults.All(fault => fault.Evaluating == DataSeverity.Warning);
        return new(isUsable ? draft.ToRow(answers) : null, draft.Faults);
    }

    // Consecutive rows of one text share its string, so that it is prepared once.
    private void Share(string context, RowDraft draft)
    {
        if (context != lastContext)
            (lastContext, lastLocator) = (context, new AnswerLocator(context));
        draft.Context = lastContext;
    }

    private List<GoldAnswer>? JudgeAnswers(RowDraft draft, bool isWhole)
    {
        if (!draft.HasAnswers)
            return null;
        var answers = new List<GoldAnswer>(draft.Answers.Count);
        foreach (var (text, start, place) in draft.Answers)
        {
            if (text is null || draft.Context is null)
                continue;
            if (start is { } given && AnswerCheck.Check(lastLocator, text, given, place) is { } fault)
                draft.Faults.Add(fault with { Id = draft.Id });
            answers.Add(new GoldAnswer(text, start, lastLocator.SpanAt(text, start)));
        }
        return isWhole ? answers : null;
    }

    private bool IsRepeated(RowDraft draft)
    {
        if (seen is null || string.IsNullOrWhiteSpace(draft.Id))
            return false;
        if (!seen.Repeats(draft.Id, draft.ContentHash(), draft.Packed, out var isSame, out var first))
            return false;
        var firstPlace = first.Unpack();
        var where = firstPlace is { } place ? $"at {place}" : "further up";
        draft.Faults.Add(
            isSame
                ? new(
                    DataFaultCode.RepeatedRow,
                    draft.Place.Member("id"),
                    $"the row is the same as the one {where}.",
                    "It counts once; remove one of the two."
                )
                {
                    Id = draft.Id,
                    FirstPlace = firstPlace,
                }
                : new(
                    DataFaultCode.DuplicateId,
                    draft.Place.Member("id"),
                    $"the id \"{draft.Id}\" is also that of the row {where}, which is another one.",
                    "Scores are kept by id: give each question its own."
                )
                {
                    Id = draft.Id,
                    FirstPlace = firstPlace,
                }
        );
        return true;
    }
}
