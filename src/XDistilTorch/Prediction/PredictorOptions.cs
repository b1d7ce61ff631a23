namespace XDistilTorch.Prediction;

/// <summary>Which rows are answered, and how they are taken together.</summary>
public sealed record PredictorOptions
{
    /// <summary>How many rows a chunk has, if nothing else is said.</summary>
    public const int UsualChunkRows = 128;

    /// <summary>What messages call the data; null: nothing.</summary>
    public string? DataName { get; init; }

    /// <summary>How many rows are computed together. Batches never cross a chunk, so that its scores depend on nothing else.</summary>
    public int ChunkRows { get; init; } = UsualChunkRows;

    /// <summary>Which of the shards this is, from 0: the chunks whose number divided by <see cref="Shards"/> leaves it over.</summary>
    public int Shard { get; init; }

    /// <summary>Into how many shards the data is divided.</summary>
    public int Shards { get; init; } = 1;

    /// <summary>How many rows of the data are taken at most, before it is divided into shards; null = all.</summary>
    public long? Limit { get; init; }

    /// <summary>The numbers, from 1, of the rows that are taken, such as those of a <see cref="RowSample"/>; null: all.</summary>
    public IReadOnlySet<long>? Rows { get; init; }

    /// <summary>How many rows at the start have their answers already: whole chunks.</summary>
    public long RowsDone { get; init; }

    /// <summary>Whether a row that gets no answer stops the run; else it has its error in its place. A repetition of an earlier row never stops it.</summary>
    public bool StopAtErrors { get; init; }

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ChunkRows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Shards, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Shard);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(Shard, Shards);
        ArgumentOutOfRangeException.ThrowIfNegative(RowsDone);
        if (Limit is { } limit)
            ArgumentOutOfRangeException.ThrowIfNegative(limit, nameof(Limit));
    }
}
