using Parquet;

namespace XDistilTorch.Formats.Parquet;

/// <summary>The columns of one row group that questions are made of; null where the file does not have one.</summary>
internal sealed record RowGroup(
    int Count,
    ColumnValues<ReadOnlyMemory<char>>? Id,
    ColumnValues<ReadOnlyMemory<char>>? Title,
    ColumnValues<ReadOnlyMemory<char>> Context,
    ColumnValues<ReadOnlyMemory<char>> Question,
    ColumnValues<bool>? IsImpossible,
    ColumnValues<ReadOnlyMemory<char>>? AnswerText,
    ColumnValues<int>? AnswerStart,
    ColumnValues<long>? LongAnswerStart
)
{
    public static async ValueTask<RowGroup> Read(ParquetReader file, int index, ParquetColumns columns)
    {
        using var group = file.OpenRowGroupReader(index);
        var rows = group.RowCount;
        var starts = columns.AnswerStart;
        return new(
            checked((int)rows),
            await ColumnValues<ReadOnlyMemory<char>>.Read(group, columns.Id).ConfigureAwait(false),
            await ColumnValues<ReadOnlyMemory<char>>.Read(group, columns.Title).ConfigureAwait(false),
            (await ColumnValues<ReadOnlyMemory<char>>.Read(group, columns.Context).ConfigureAwait(false))!,
            (await ColumnValues<ReadOnlyMemory<char>>.Read(group, columns.Question).ConfigureAwait(false))!,
            await ColumnValues<bool>.Read(group, columns.IsImpossible).ConfigureAwait(false),
            await ColumnValues<ReadOnlyMemory<char>>.Read(group, columns.AnswerText).ConfigureAwait(false),
            await ColumnValues<int>.Read(group, starts?.Item.ClrType == typeof(int) ? starts : null).ConfigureAwait(false),
            await ColumnValues<long>.Read(group, starts?.Item.ClrType == typeof(long) ? starts : null).ConfigureAwait(false)
        );
    }
}
