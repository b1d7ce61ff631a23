using System.Globalization;

namespace XDistilTorch.Data.Reading;

/// <summary>A row while it is read: whatever of it could be understood, and what is wrong with the rest.</summary>
internal sealed class RowDraft(long number, DataPlace place, PackedPlace packed)
{
    /// <summary>The id of a row that has none.</summary>
    public string NumberAsId => number.ToString(CultureInfo.InvariantCulture);
    public DataPlace Place => place;
    public PackedPlace Packed => packed;
    public List<DataFault> Faults { get; } = [];
    public string? Id { get; set; }
    public string? Title { get; set; }
    public string? Question { get; set; }
    public string? Context { get; set; }
    public bool? IsImpossible { get; set; }
    public bool HasAnswers { get; set; } = true;
    public List<(string? Text, long? Start, DataPlace StartPlace)> Answers { get; } = [];

    public void Add(DataFaultCode code, DataPlace where, string reason, string remedy) =>
        Faults.Add(new(code, where, reason, remedy) { Id = Id });

    public ulong ContentHash()
    {
        var hash = SeenIds.Hash(Context ?? "", SeenIds.Hash(Question ?? "", HasAnswers ? 1UL : 0));
        foreach (var (text, start, _) in Answers)
            hash = SeenIds.Hash(text ?? "", hash ^ unchecked((ulong)(start ?? -1)));
        return hash;
    }

    public QuestionRow ToRow(IReadOnlyList<GoldAnswer>? answers) =>
        new()
        {
            Id = Id!,
            Title = Title,
            Question = Question!,
            Context = Context!,
            Answers = answers,
            IsImpossible = IsImpossible,
            Place = place,
        };
}
