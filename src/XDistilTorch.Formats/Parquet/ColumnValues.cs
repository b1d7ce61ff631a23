using Parquet;
using Parquet.Schema;

namespace XDistilTorch.Formats.Parquet;

/// <summary>A column of one row group, taken row by row.</summary>
internal sealed class ColumnValues<T>
    where T : struct
{
    private const int MostValues = 1 << 27;

    private readonly T[] values;
    private readonly int[]? definitions,
        repetitions;
    private readonly int definedAt,
        listedAt;
    private int nextValue,
        nextLevel;

    private ColumnValues(DataField field, int listedAt, int count)
    {
        values = new T[count];
        definitions = field.MaxDefinitionLevel > 0 ? new int[count] : null;
        repetitions = field.MaxRepetitionLevel > 0 ? new int[count] : null;
        definedAt = field.MaxDefinitionLevel;
        this.listedAt = listedAt;
    }

    /// <summary>Reads a column of lists; null where the file does not have it.</summary>
    public static async Task<ColumnValues<T>?> Read(ParquetRowGroupReader group, ListedField? field) =>
        field is null ? null : await Read(group, field.Item, field.ListedAt).ConfigureAwait(false);

    /// <summary>Reads a column; null where the file does not have it.</summary>
    public static async Task<ColumnValues<T>?> Read(ParquetRowGroupReader group, DataField? field) =>
        field is null ? null : await Read(group, field, listedAt: 0).ConfigureAwait(false);

    private static async Task<ColumnValues<T>> Read(ParquetRowGroupReader group, DataField field, int listedAt)
    {
        var count = group.GetMetadata(field)?.MetaData?.NumValues ?? 0;
        if (count is < 0 or > MostValues)
            throw ParquetGuard.Broken(FormattableString.Invariant($"has a row group with {count} values in one column; expected less."));
        var column = new ColumnValues<T>(field, listedAt, (int)count);
        if (count > 0)
            await group
                .ReadRawAsync<T>(field, column.values, Levels(column.definitions), Levels(column.repetitions), CancellationToken.None)
                .ConfigureAwait(false);
        column.CheckRows(group.RowCount);
        return column;
    }

    /// <summary>The next row's value; null when it has none.</summary>
    public T? Next()
    {
        var isThere = definitions is null || definitions[nextLevel] == definedAt;
        nextLevel++;
        return isThere ? values[nextValue++] : null;
    }

    /// <summary>The next row's list; false when the row does not have one.</summary>
    public bool NextList(List<T?> items)
    {
        items.Clear();
        var isThere = definitions![nextLevel] >= listedAt - 1;
        do
        {
            if (definitions[nextLevel] >= listedAt)
                items.Add(definitions[nextLevel] == definedAt ? values[nextValue++] : null);
            nextLevel++;
        } while (nextLevel < repetitions!.Length && repetitions[nextLevel] > 0);
        return isThere;
    }

    // A null array would become an empty memory, which is another thing than none.
    private static Memory<int>? Levels(int[]? levels) => levels is null ? (Memory<int>?)null : levels.AsMemory();

    private void CheckRows(long rows)
    {
        var found = repetitions is null ? values.Length : repetitions.Count(level => level == 0);
        var defined = definitions is null ? values.Length : definitions.Count(level => level == definedAt);
        if (found != rows || defined > values.Length || repetitions is [> 0, ..])
            throw ParquetGuard.Broken(FormattableString.Invariant($"has a row group of {rows} rows with {found} values in a column."));
    }
}
