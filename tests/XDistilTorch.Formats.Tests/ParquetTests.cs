using Parquet;
using Parquet.Schema;
using XDistilTorch.Data;

namespace XDistilTorch.Formats;

public class ParquetTests
{
    [Fact]
    public async Task Missing_columns_and_other_types_are_told_all_at_once()
    {
        var id = new DataField<long>("id");
        var context = new DataField("context", typeof(string), false);
        var answers = new DataField("answers", typeof(string), true);
        var bytes = await Write(
            [id, context, answers],
            async group =>
            {
                await group.WriteAsync<long>(id, new long[] { 1 });
                await group.WriteAsync(context, ["Ada"]);
                await group.WriteAsync(answers, ["Ada"]);
            }
        );

        var report = Written.Inspect(bytes);

        report
            .Faults.Select(fault => $"{fault.Place} {fault.Code.Name()}")
            .Should()
            .BeEquivalentTo("$.id wrong-type", "$.question missing-field", "$.answers wrong-type");
    }

    [Fact]
    public async Task Missing_values_are_told_by_row()
    {
        var (id, question, context) = (Text("id"), Text("question"), Text("context"));
        var bytes = await Write(
            [id, question, context],
            async group =>
            {
                await group.WriteAsync(id, ["1", null!, "3"]);
                await group.WriteAsync(question, ["Who?", "Who?", "Who?"]);
                await group.WriteAsync(context, ["Ada", "Ada", null!]);
            }
        );

        var report = Written.Inspect(bytes);

        report.Faults.Select(fault => fault.Place.ToString()).Should().Equal("row 2, $.id", "row 3, $.context");
        Written.Rows(bytes, new() { NumberRows = true }).Select(row => row.Id).Should().Equal("1", "2");
    }

    [Fact]
    public async Task Answers_may_be_a_list_of_pairs_with_long_starts()
    {
        var (id, question, context, text) = (Text("id"), Text("question"), Text("context"), Text("text"));
        var start = new DataField("answer_start", typeof(long), true);
        var answers = new ListField("answers", new StructField("element", text, start));
        var bytes = await Write(
            [id, question, context, answers],
            async group =>
            {
                await group.WriteAsync(id, ["1", "2", "3"]);
                await group.WriteAsync(question, ["Who?", "Who?", "Who?"]);
                await group.WriteAsync(context, ["Ada and Bo", "Ada and Bo", "Ada and Bo"]);
                int[] levels = [text.MaxDefinitionLevel, text.MaxDefinitionLevel, 0, answers.MaxDefinitionLevel - 1];
                int[] repetitions = [0, 1, 0, 0];
                await group.WriteAllPartsAsync<ReadOnlyMemory<char>>(
                    text,
                    new[] { "Ada".AsMemory(), "Bo".AsMemory() },
                    levels,
                    repetitions,
                    default
                );
                await group.WriteAllPartsAsync<long>(start, (long[])[0, 8], levels, repetitions, default);
            }
        );

        var rows = Written.Rows(bytes);

        rows[0].Answers.Should().Equal(new GoldAnswer("Ada", 0, new(0, 3)), new GoldAnswer("Bo", 8, new(8, 10)));
        rows[1].Answers.Should().BeNull();
        rows[2].Answers.Should().BeEmpty();
        rows[2].Place.ToString().Should().Be("row 3");
    }

    [Fact]
    public void Repeated_ids_are_found_across_row_groups()
    {
        var row = new QuestionRow
        {
            Id = "same",
            Question = "Who?",
            Context = "Ada",
        };
        var others = Enumerable.Range(0, 10_000).Select(i => row with { Id = $"{i}" });

        var report = Written.Inspect(Written.As(QuestionFormat.Parquet, [row, .. others, row with { Context = "Bo" }]));

        var fault = report.Faults.Should().ContainSingle().Subject;
        fault.ToString().Should().StartWith("row 10002, $.id").And.Contain("row 1,");
    }

    [Fact]
    public void From_a_pipe_it_is_read_as_well()
    {
        var rows = Enumerable
            .Range(0, 30)
            .Select(i => new QuestionRow
            {
                Id = $"{i}",
                Question = "Who?",
                Context = "Ada",
            })
            .ToList();
        using var pipe = new SlowStream(Written.As(QuestionFormat.Parquet, rows), 100);

        QuestionFile.Read(pipe, "pipe").Select(item => item.Row!).ToList().ShouldEqual(rows);
    }

    private static DataField Text(string name) => new(name, typeof(string), true);

    private static async Task<byte[]> Write(Field[] fields, Func<ParquetRowGroupWriter, Task> write)
    {
        using var output = new MemoryStream();
        await using (var file = await ParquetWriter.CreateAsync(new ParquetSchema(fields), output))
        {
            using var group = file.CreateRowGroup();
            await write(group);
        }
        return output.ToArray();
    }
}
