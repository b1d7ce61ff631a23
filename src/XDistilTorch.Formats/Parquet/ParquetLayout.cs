using Parquet;
using Parquet.Schema;
using XDistilTorch.Data;
using XDistilTorch.Data.Writing;

namespace XDistilTorch.Formats.Parquet;

/// <summary>Writes rows with the columns of Hugging Face's <c>squad_v2</c>, and <c>is_impossible</c>; compressed inside (Snappy).</summary>
internal sealed class ParquetLayout
{
    private const int RowsInGroup = 10_000;
    private const long CharactersInGroup = 32 << 20;

    private static readonly DataField Id = new("id", typeof(string), isNullable: false);
    private static readonly DataField Title = new("title", typeof(string), isNullable: true);
    private static readonly DataField Context = new("context", typeof(string), isNullable: false);
    private static readonly DataField Question = new("question", typeof(string), isNullable: false);
    private static readonly DataField AnswerText = new(ListField.ElementName, typeof(string), isNullable: true);
    private static readonly DataField AnswerStart = new(ListField.ElementName, typeof(int), isNullable: true);
    private static readonly DataField IsImpossible = new("is_impossible", typeof(bool), isNullable: true);

    private static readonly ParquetSchema Schema = new(
        Id,
        Title,
        Context,
        Question,
        new StructField("answers", new ListField("text", AnswerText), new ListField("answer_start", AnswerStart)),
        IsImpossible
    );

    /// <summary>Writes to a stream that can seek, and leaves it open.</summary>
    public static void Write(Stream output, IEnumerable<QuestionRow> rows) => WriteAsync(output, rows).GetAwaiter().GetResult();

    private static async Task WriteAsync(Stream output, IEnumerable<QuestionRow> rows)
    {
        await using var writer = await ParquetWriter.CreateAsync(Schema, output).ConfigureAwait(false);
        var group = new List<QuestionRow>();
        var characters = 0L;
        foreach (var row in rows)
        {
            Check(row);
            group.Add(row);
            characters += row.Context.Length + row.Question.Length;
            if (group.Count < RowsInGroup && characters < CharactersInGroup)
                continue;
            await WriteGroup(writer, group).ConfigureAwait(false);
            group.Clear();
            characters = 0;
        }
        if (group.Count > 0)
            await WriteGroup(writer, group).ConfigureAwait(false);
    }

    private static async Task WriteGroup(ParquetWriter writer, List<QuestionRow> rows)
    {
        using var group = writer.CreateRowGroup();
        await group.WriteAsync(Id, [.. rows.Select(row => row.Id)]).ConfigureAwait(false);
        await group.WriteAsync(Title, [.. rows.Select(row => row.Title!)]).ConfigureAwait(false);
        await group.WriteAsync(Context, [.. rows.Select(row => row.Context)]).ConfigureAwait(false);
        await group.WriteAsync(Question, [.. rows.Select(row => row.Question)]).ConfigureAwait(false);
        await WriteList<ReadOnlyMemory<char>>(group, AnswerText, rows, answer => answer.Text.AsMemory()).ConfigureAwait(false);
        await WriteList<int>(group, AnswerStart, rows, answer => (int?)answer.Start).ConfigureAwait(false);
        await group.WriteAsync<bool>(IsImpossible, rows.Select(row => row.IsImpossible).ToArray()).ConfigureAwait(false);
        group.CompleteValidate();
    }

    // The levels that say what is null, what is empty and where a row begins.
    private static async Task WriteList<T>(ParquetRowGroupWriter group, DataField item, List<QuestionRow> rows, Func<GoldAnswer, T?> value)
        where T : struct
    {
        var (values, definitions, repetitions) = (new List<T>(), new List<int>(), new List<int>());
        foreach (var row in rows)
        {
            if (row.Answers is not { Count: > 0 } answers)
            {
                definitions.Add(row.Answers is null ? 0 : item.MaxDefinitionLevel - 2);
                repetitions.Add(0);
                continue;
            }
            for (var i = 0; i < answers.Count; i++)
            {
                if (value(answers[i]) is { } there)
                    values.Add(there);
                definitions.Add(value(answers[i]) is null ? item.MaxDefinitionLevel - 1 : item.MaxDefinitionLevel);
                repetitions.Add(i == 0 ? 0 : 1);
            }
        }
        await group
            .WriteAllPartsAsync<T>(item, values.ToArray(), definitions.ToArray(), repetitions.ToArray(), CancellationToken.None)
            .ConfigureAwait(false);
    }

    private static void Check(QuestionRow row)
    {
        RowJson.Check(row.Id, "id", row);
        RowJson.Check(row.Title ?? "", "title", row);
        RowJson.Check(row.Context, "context", row);
        RowJson.Check(row.Question, "question", row);
        foreach (var answer in row.Answers ?? [])
        {
            RowJson.Check(answer.Text, "an answer", row);
            if (answer.Start is < int.MinValue or > int.MaxValue)
                throw new DataException(
                    FormattableString.Invariant(
                        $"row \"{row.Id}\": the start {answer.Start} of an answer does not fit the 32 bits that Parquet files of questions have for it. Correct it, or write another format."
                    )
                );
        }
    }
}
