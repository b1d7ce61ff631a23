namespace XDistilTorch.Data;

/// <summary>One question of a data file, whatever the file's format: what predicting, evaluating and training read.</summary>
public sealed record QuestionRow
{
    /// <summary>The question's id, unique in its file.</summary>
    public required string Id { get; init; }

    /// <summary>The title of the article that the context is from; null where the file has none.</summary>
    public string? Title { get; init; }

    /// <summary>The question; may be blank (the check warns).</summary>
    public required string Question { get; init; }

    /// <summary>The text; never blank. Consecutive questions about the same text share one string.</summary>
    public required string Context { get; init; }

    /// <summary>The answers; empty when the question has none, null when the file does not say.</summary>
    public IReadOnlyList<GoldAnswer>? Answers { get; init; }

    /// <summary>The file's <c>is_impossible</c>; null where it has none. Where it contradicts <see cref="Answers"/>, those decide, as in the official metric.</summary>
    public bool? IsImpossible { get; init; }

    /// <summary>Where in the file the question stands.</summary>
    public DataPlace Place { get; init; }
}
