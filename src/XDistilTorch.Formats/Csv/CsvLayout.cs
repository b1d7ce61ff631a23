using System.Buffers;
using System.Text;
using System.Text.Json;
using CsvHelper;
using XDistilTorch.Data;
using XDistilTorch.Data.Writing;

namespace XDistilTorch.Formats.Csv;

/// <summary>
/// The columns <c>id, title, context, question, answers, is_impossible</c>; answers as the JSON of flat rows. What a row does not have is an empty cell, an
/// empty text is a pair of quotes.
/// </summary>
internal sealed class CsvLayout(Stream output, char delimiter)
{
    private static readonly string[] Columns = ["id", "title", "context", "question", "answers", "is_impossible"];

    public void Write(IEnumerable<QuestionRow> rows)
    {
        var options = new CsvWriterOptions { Separator = delimiter, NewLine = "\n" };
        using var csv = CsvWriter.Create(output, options, leaveOpen: true);
        foreach (var name in Columns)
            csv.WriteField(name);
        csv.EndRecord();
        foreach (var row in rows)
        {
            Write(csv, row.Id, "id", row);
            Write(csv, row.Title, "title", row);
            Write(csv, row.Context, "context", row);
            Write(csv, row.Question, "question", row);
            csv.WriteField(row.Answers is { } answers ? Json(answers, row) : null);
            csv.WriteField(
                row.IsImpossible switch
                {
                    null => null,
                    true => "true",
                    false => "false",
                }
            );
            csv.EndRecord();
        }
    }

    private static void Write(CsvWriter csv, string? text, string name, QuestionRow row)
    {
        if (text is null)
        {
            csv.WriteField((string?)null);
            return;
        }
        RowJson.Check(text, name, row);
        csv.WriteField(text, text.Length == 0 ? CsvQuoting.Always : CsvQuoting.WhenNeeded);
    }

    private static string Json(IReadOnlyList<GoldAnswer> answers, QuestionRow row)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text, RowJson.Options))
            RowLayout.WriteAnswers(json, answers, row);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }
}
