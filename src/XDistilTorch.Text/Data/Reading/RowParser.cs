using System.Text.Json;

namespace XDistilTorch.Data.Reading;

/// <summary>Makes questions of the JSON of a row or of a paragraph, and has each judged.</summary>
internal sealed class RowParser(DataReaderOptions options)
{
    private const string AnswersName = "answers";
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 256 };
    private static readonly string[] RowNames = ["id", "title", "question", "context", "is_impossible", AnswersName];
    private static readonly string[] QuestionNames = ["id", "question", "is_impossible", AnswersName];
    private static readonly string[] ParagraphNames = ["context", "qas"];

    private readonly RowJudge judge = new(options);
    private readonly AnswerReader answers = new(options.AllowMissingStarts);

    /// <summary>Counts something that takes a row's place, but cannot be read at all.</summary>
    public void CountUnreadable() => judge.CountUnreadable();

    /// <summary>Notes the names of fields that are not read.</summary>
    public void NoteLeftOut(IEnumerable<string> names, string[] read)
    {
        if (options.LeftOut is { } leftOut)
            leftOut.UnionWith(names.Except(read));
    }

    /// <summary>A flat row.</summary>
    public DataItem ReadRow(ReadOnlyMemory<byte> json, DataPlace place, PackedPlace packed)
    {
        using var document = JsonDocument.Parse(json, Options);
        var draft = judge.Begin(place, packed);
        var fields = new FieldReader(document.RootElement, place, draft.Faults);
        if (fields.IsAmbiguous)
            return new(null, draft.Faults);
        ReadId(fields, draft);
        draft.Title = fields.OptionalText("title");
        draft.Question = fields.Text("question");
        draft.Context = fields.Text("context");
        draft.IsImpossible = fields.OptionalBoolean("is_impossible");
        draft.HasAnswers = fields.OptionalObject(AnswersName) is { } columns && answers.ReadColumns(columns, draft);
        NoteLeftOut(fields.Names, RowNames);
        return judge.Judge(draft, place.Member("context"));
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
        NoteLeftOut(fields.Names, ParagraphNames);

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
        var draft = judge.Begin(place, packed);
        (draft.Title, draft.Context) = (title, context);
        if (json.ValueKind != JsonValueKind.Object)
            return new(null, [FieldReader.WrongType(place, "object", FieldReader.KindOf(json))]);
        var fields = new FieldReader(json, place, draft.Faults);
        if (fields.IsAmbiguous)
            return new(null, draft.Faults);
        ReadId(fields, draft);
        draft.Question = fields.Text("question");
        draft.IsImpossible = fields.OptionalBoolean("is_impossible");
        draft.HasAnswers = fields.OptionalArray(AnswersName) is { } list && answers.ReadList(list, draft);
        NoteLeftOut(fields.Names, QuestionNames);
        return judge.Judge(draft, contextPlace);
    }

    private void ReadId(FieldReader fields, RowDraft draft) =>
        draft.Id = options.NumberRows && !fields.Has("id") ? draft.NumberAsId : fields.Text("id");
}
