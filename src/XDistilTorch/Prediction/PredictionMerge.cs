namespace XDistilTorch.Prediction;

/// <summary>Puts the finished shards of a run together, after proof that they are all there and whole: the bytes are those of the run without shards.</summary>
public static class PredictionMerge
{
    /// <summary>Merges shards.</summary>
    /// <param name="shards">The outputs of all shards, in any order; each with its <c>.run.json</c> beside it.</param>
    /// <param name="output">The output; appears when it is whole.</param>
    /// <param name="overwrite">Whether an output that is there is replaced; otherwise it is an error.</param>
    /// <param name="cancellation">Looked at at every chunk; nothing is left behind.</param>
    /// <returns>The record of the whole run.</returns>
    /// <exception cref="DataException">A shard is missing, unfinished, changed, given twice or of another run; or something cannot be read or written.</exception>
    public static RunRecord Merge(
        IReadOnlyList<string> shards,
        string output,
        bool overwrite = false,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(shards);
        PredictionRun.Check(output, overwrite ? ExistingOutput.Overwrite : ExistingOutput.Refuse);
        if (shards.FirstOrDefault(shard => Path.GetFullPath(shard) == Path.GetFullPath(output)) is { } itself)
            throw new DataException($"{itself}: is a shard and the output at once. Give the output another name.");
        var ordered = InOrder([.. shards.Select(shard => (shard, ReadRecord(shard)))]);
        CheckSizes(ordered);
        var whole = Whole([.. ordered.Select(shard => shard.Record)]);
        try
        {
            var files = whole.IsOfLines ? WriteLines(ordered, output, cancellation) : WriteSquad(ordered, whole, output, cancellation);
            whole = whole with { Files = files };
            RunRecordFile.Write(new RunFiles(output).Record, whole);
            return whole;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{output}: cannot be written: {e.Message}", e);
        }
    }

    private static RunRecord ReadRecord(string shard)
    {
        var files = new RunFiles(shard);
        if (files.IsUnderWay)
            throw new DataException(
                $"{shard}: is not finished ({Path.GetFileName(files.PartialRecord)} is there). Finish it with --resume."
            );
        if (!File.Exists(files.Record))
            throw new DataException($"{shard}: has no {Path.GetFileName(files.Record)} beside it, which says of what run it is.");
        return RunRecordFile.Read(files.Record);
    }

    private static List<(string Path, RunRecord Record)> InOrder(List<(string Path, RunRecord Record)> shards)
    {
        if (shards.Count == 0)
            throw new DataException("there is no shard to merge; expected the outputs of all of them.");
        var (firstPath, first) = shards[0];
        foreach (var (path, record) in shards)
        {
            var differences = first.Differences(record, sameShard: false).ToList();
            if (record.RowsTotal != first.RowsTotal)
                differences.Add(FormattableString.Invariant($"the number of rows was {first.RowsTotal}, is {record.RowsTotal}"));
            if (differences.Count > 0)
                throw new DataException($"{path}: is of another run than {firstPath}: {string.Join("; ", differences)}.");
        }
        if (shards.GroupBy(shard => shard.Record.Shard).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new DataException($"shard {twice.Key} is there twice: {string.Join(", ", twice.Select(shard => shard.Path))}.");
        var missing = Enumerable.Range(0, first.Shards).Except(shards.Select(shard => shard.Record.Shard)).ToList();
        if (missing.Count > 0)
            throw new DataException($"{missing.Count} of {first.Shards} shards are missing: {string.Join(", ", missing)}.");
        return [.. shards.OrderBy(shard => shard.Record.Shard)];
    }

    // How many rows a shard must have follows from the number of all rows.
    private static void CheckSizes(List<(string Path, RunRecord Record)> shards)
    {
        foreach (var (path, record) in shards)
        {
            var expected = RowsOf(record.Shard, record);
            if (record.RowsWritten != expected)
                throw new DataException(
                    $"{path}: its record tells of {record.RowsWritten} rows, expected {expected} of {record.RowsTotal}."
                );
        }
    }

    private static long RowsOf(int shard, RunRecord run)
    {
        var (total, chunk) = (run.RowsTotal.GetValueOrDefault(), run.ChunkRows);
        var fullChunks = total / chunk;
        var own = (fullChunks / run.Shards * chunk) + (fullChunks % run.Shards > shard ? chunk : 0);
        return own + (fullChunks % run.Shards == shard ? total % chunk : 0);
    }

    private static RunRecord Whole(IReadOnlyList<RunRecord> shards) =>
        shards[0] with
        {
            Shard = 0,
            Shards = 1,
            RowsDone = shards[0].RowsTotal.GetValueOrDefault(),
            RowsWritten = shards.Sum(shard => shard.RowsWritten),
            Errors = shards.Sum(shard => shard.Errors),
            Repetitions = shards.Sum(shard => shard.Repetitions),
            Windows = shards.Sum(shard => shard.Windows),
            Bytes = shards.Sum(shard => shard.Bytes),
        };

    private static IReadOnlyList<WrittenFile> WriteLines(
        List<(string Path, RunRecord Record)> shards,
        string output,
        CancellationToken cancellation
    )
    {
        using var file = new HashedFile(output);
        foreach (var line in new ShardLines(shards).Read(cancellation))
        {
            file.Write(line.Span);
            file.Write("\n"u8);
        }
        return [file.Finish()];
    }

    private static IReadOnlyList<WrittenFile> WriteSquad(
        List<(string Path, RunRecord Record)> shards,
        RunRecord whole,
        string output,
        CancellationToken cancellation
    )
    {
        return SquadFiles.Write(new ShardLines(shards).Read(cancellation), output, !whole.Settings.AlwaysAnswer);
    }
}
