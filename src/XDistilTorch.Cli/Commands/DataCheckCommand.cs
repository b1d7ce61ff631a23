using System.CommandLine;
using XDistilTorch.Data;

namespace XDistilTorch.Cli.Commands;

/// <summary><c>xdistil data check</c>: everything that is wrong with a question file, and what it is good for.</summary>
internal sealed class DataCheckCommand : Command, IHaveExamples
{
    private readonly Terminal terminal;
    private readonly QuestionInput input;
    private readonly Option<bool> json = SharedOptions.Json("Print one JSON object");

    public DataCheckCommand(Terminal terminal)
        : base("check", "List every problem of a question file; fails when the file is refused for predicting, evaluating or training")
    {
        this.terminal = terminal;
        input = new QuestionInput(
            terminal,
            "The file: SQuAD JSON, rows as JSON, JSON lines, CSV, TSV or Parquet, .gz, .zst; - for standard input"
        );
        input.AddTo(this);
        Add(json);
        SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
    }

    public IReadOnlyList<string> Examples { get; } =
    [
        "xdistil data check questions.jsonl",
        "xdistil data check rows.csv.zst --number-rows --json",
        "generate-questions | xdistil data check -",
    ];

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var builder = new DataReportBuilder(input.Name(parsed));
        foreach (var item in input.Read(parsed, new(), cancellation))
            builder.Add(item);
        var report = builder.Build();
        if (parsed.GetValue(json))
            terminal.Output.WriteLine(DataReportJson.Of(report));
        else
            DataReportPrinter.Print(report, terminal.Output);
        return report.IsRefusedFor(DataUse.Evaluate) || report.IsRefusedFor(DataUse.Train) ? ExitCode.Failure : ExitCode.Success;
    }
}
