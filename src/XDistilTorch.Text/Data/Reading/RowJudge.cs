namespace XDistilTorch.Data.Reading;

/// <summary>What makes a row a question or refuses it, the same for every format: its texts, its answers, its id among the others.</summary>
internal sealed class RowJudge(DataReaderOptions options)
{
    private readonly SeenIds? seen = options.FindRepeatedIds ? new() : null;
    private long number;
    private string lastContext = "";
    private AnswerLocator lastLocator = new("");

    /// <summary>Counts something that takes a row's place, but cannot be read at all.</summary>
    public void CountUnreadable() => number++;

    /// <summary>The next row, still to be filled.</summary>
    public RowDraft Begin(DataPlace place, PackedPlace packed) => new(++number, place, packed);

    /// <summary>Says what is wrong with a row as a whole; the question, if it may be used.</summary>
    public DataItem Judge(RowDraft draft, DataPlace contextPlace)
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
