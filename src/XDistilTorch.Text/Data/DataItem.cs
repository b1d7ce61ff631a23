namespace XDistilTorch.Data;

/// <summary>What a reader meets next: a question, with what is odd about it, or the faults that make it unusable.</summary>
/// <param name="Row">The question; null when a fault forbids its use, and for an exact repetition of an earlier row.</param>
/// <param name="Faults">Errors where there is no row, else warnings; those of the file as a whole come without a row.</param>
public sealed record DataItem(QuestionRow? Row, IReadOnlyList<DataFault> Faults)
{
    /// <summary>The row's id, also where a fault forbids its use; null where it could not be read.</summary>
    public string? Id
    {
        get => field ?? Row?.Id;
        init;
    }

    /// <summary>Whether it stands for a row of the data, be it a faulty one; else it tells of the file as a whole.</summary>
    public bool IsRow => Row is not null || Faults.Any(fault => fault.Place != default);

    /// <summary>Whether nothing more can be read of the file after this fault.</summary>
    public bool EndsReading { get; init; }
}
