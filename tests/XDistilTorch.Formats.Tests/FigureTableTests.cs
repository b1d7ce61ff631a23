using Parquet;
using Parquet.Schema;

namespace XDistilTorch.Formats;

public class FigureTableTests
{
    private static readonly string[] Columns =
    [
        "id",
        "row",
        "measure",
        "figure",
        "method",
        "layer",
        "head",
        "group",
        "token",
        "text",
        "value",
    ];

    private static async Task<List<Dictionary<string, object?>>> Read(byte[] bytes)
    {
        await using var reader = await ParquetReader.CreateAsync(new MemoryStream(bytes));
        reader.Schema.Fields.Select(field => field.Name).Should().Equal(Columns);
        List<Dictionary<string, object?>> rows = [];
        for (var i = 0; i < reader.RowGroupCount; i++)
        {
            using var group = reader.OpenRowGroupReader(i);
            var first = rows.Count;
            rows.AddRange(Enumerable.Range(0, (int)group.RowCount).Select(_ => new Dictionary<string, object?>()));
            foreach (var field in reader.Schema.DataFields)
            {
                var values = await Values(group, field);
                for (var row = 0; row < values.Count; row++)
                    rows[first + row][field.Name] = values[row];
            }
        }
        return rows;
    }

    private static async Task<List<object?>> Values(ParquetRowGroupReader group, DataField field) =>
        field.Name switch
        {
            "row" => await Numbers<long>(group, field),
            "layer" or "head" or "token" => await Numbers<int>(group, field),
            "value" => await Numbers<double>(group, field),
            _ => [.. (await Numbers<ReadOnlyMemory<char>>(group, field)).Select(text => text?.ToString())],
        };

    private static async Task<List<object?>> Numbers<T>(ParquetRowGroupReader group, DataField field)
        where T : struct
    {
        var (values, levels) = (new T[group.RowCount], new int[group.RowCount]);
        await group.ReadRawAsync<T>(
            field,
            values,
            field.MaxDefinitionLevel > 0 ? (Memory<int>?)levels : null,
            null,
            CancellationToken.None
        );
        var next = 0;
        return [.. levels.Select(level => level == field.MaxDefinitionLevel ? (object?)values[next++] : null)];
    }

    [Fact]
    public async Task What_is_written_can_be_read_column_by_column()
    {
        using var output = new MemoryStream();
        using (var table = new FigureTable(output))
        {
            table.Add(
                new FigureRow("q1", 1, "attention", "entropy", 1.25)
                {
                    Layer = 3,
                    Head = 11,
                    Group = "question",
                }
            );
            table.Add(
                new FigureRow("q1", 1, "attribution", "value", -0.5)
                {
                    Method = "occlusion",
                    Token = 7,
                    Text = "##ère 🍵",
                }
            );
            table.Add(new FigureRow(null, 2, "attention", "error", null) { Text = "empty-context: line 2" });
        }

        var rows = await Read(output.ToArray());

        rows.Should().HaveCount(3);
        Columns
            .Select(column => rows[0][column])
            .Should()
            .Equal("q1", 1L, "attention", "entropy", null, 3, 11, "question", null, null, 1.25);
        Columns
            .Select(column => rows[1][column])
            .Should()
            .Equal("q1", 1L, "attribution", "value", "occlusion", null, null, null, 7, "##ère 🍵", -0.5);
        Columns
            .Select(column => rows[2][column])
            .Should()
            .Equal(null, 2L, "attention", "error", null, null, null, null, null, "empty-context: line 2", null);
    }

    [Fact]
    public async Task Long_tables_are_written_group_by_group()
    {
        const int Count = 300_000;
        using var output = new MemoryStream();
        using (var table = new FigureTable(output))
        {
            for (var i = 0; i < Count; i++)
            {
                table.Add(new FigureRow("q", i, "m", "f", i / 2.0));
                if (i == 140_000)
                    output.Length.Should().BeGreaterThan(100_000, "the first group is written while the table grows");
            }
        }

        var rows = await Read(output.ToArray());

        rows.Should().HaveCount(Count);
        rows[^1]["value"].Should().Be((Count - 1) / 2.0);
        (rows[200_000]["row"]).Should().Be(200_000L);
    }

    [Fact]
    public async Task A_table_without_rows_has_its_columns()
    {
        using var output = new MemoryStream();
        new FigureTable(output).Dispose();

        (await Read(output.ToArray())).Should().BeEmpty();
    }
}
