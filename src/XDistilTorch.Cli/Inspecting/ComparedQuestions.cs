using System.CommandLine;
using XDistilTorch.Cli.Commands;
using XDistilTorch.Data;
using XDistilTorch.Formats;

namespace XDistilTorch.Cli.Inspecting;

/// <summary>What <c>xdistil inspect compare</c> asks both models: one question, or those of a file, read as they are needed.</summary>
internal sealed class ComparedQuestions
{
    private readonly OneQuestion one;
    private readonly Option<string?> data = new("--data")
    {
        Description = "Questions: SQuAD JSON, rows as JSON, JSON lines, CSV or Parquet; also .gz or .zst",
        HelpName = "FILE",
    };
    private readonly Option<bool> numberRows = SharedOptions.NumberRows();
    private readonly Option<int?> limit = SharedOptions.OptionalCount("--limit", "Take the first N questions only", 1);

    public ComparedQuestions(Terminal terminal) => one = new OneQuestion(terminal);

    public void AddTo(Command command)
    {
        one.AddTo(command);
        foreach (var option in new Option[] { data, numberRows, limit })
            command.Add(option);
    }

    /// <summary>What reports call them.</summary>
    public string Name(ParseResult parsed) => parsed.GetValue(data) is { } file ? Path.GetFileName(file) : "one question";

    /// <summary>The questions, one by one.</summary>
    /// <exception cref="UsageException">None are given, or both kinds; at once.</exception>
    /// <exception cref="DataException">There is no such file, at once; it has a fault, when that is met.</exception>
    public IEnumerable<QuestionRow> Read(ParseResult parsed)
    {
        var file = parsed.GetValue(data);
        if (file is not null && one.IsGiven(parsed))
            throw new UsageException("--data and a question of its own (--question, --context, --context-file) exclude each other.");
        if (file is null && !one.IsGiven(parsed))
            throw new UsageException("give --question with a text, or --data.");
        foreach (var option in new Option[] { numberRows, limit })
            if (file is null && parsed.GetResult(option) is { Implicit: false })
                throw new UsageException($"{option.Name} needs --data.");
        if (file is null)
            return
            [
                new QuestionRow
                {
                    Id = "question",
                    Question = one.Asked(parsed),
                    Context = one.Text(parsed),
                },
            ];
        FileCheck.Readable(file);
        return Rows(file, new DataReaderOptions { NumberRows = parsed.GetValue(numberRows) }).Take(parsed.GetValue(limit) ?? int.MaxValue);
    }

    private static IEnumerable<QuestionRow> Rows(string file, DataReaderOptions options)
    {
        foreach (var item in QuestionFile.Read(file, options))
        {
            if (item.Faults.FirstOrDefault(fault => fault.Evaluating == DataSeverity.Error) is { } fault)
                throw new DataException($"{file}: {fault} `xdistil data check` lists all problems.");
            if (item.Row is { } row)
                yield return row;
        }
    }
}
