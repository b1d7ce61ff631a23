using System.CommandLine;
using System.Text;
using XDistilTorch.Cli.Inspecting;
using XDistilTorch.Data;
using XDistilTorch.Inspection.Comparison;
using XDistilTorch.Reports;

namespace XDistilTorch.Cli.Commands;

/// <summary><c>xdistil inspect compare</c>: two checkpoints side by side, before and after fine-tuning.</summary>
internal sealed class InspectCompareCommand : Command, IHaveExamples
{
    private readonly Terminal terminal;
    private readonly Option<string> with = new("--with")
    {
        Description = "The model to compare with (after); --model is the one before",
        HelpName = "DIR",
        Required = true,
    };
    private readonly ComparedQuestions questions;
    private readonly AnsweringOptions answering = new(DecoderKind.Squad);
    private readonly Option<bool> json = SharedOptions.Json("Print the summary as one JSON object");
    private readonly Option<string?> output = new("--output")
    {
        Description = "JSON lines: one for each question, the summary last",
        HelpName = "F.jsonl",
    };
    private readonly Option<string?> html = new("--html") { Description = "Write one HTML page with plots", HelpName = "F.html" };
    private readonly Option<bool> overwrite = SharedOptions.Overwrite();

    public InspectCompareCommand(Terminal terminal)
        : base("compare", "Hold two checkpoints side by side: what moved inside, and which answers changed")
    {
        this.terminal = terminal;
        questions = new ComparedQuestions(terminal);
        Add(with);
        questions.AddTo(this);
        foreach (var option in new Option[] { json, output, html, overwrite })
            Add(option);
        answering.AddTo(this, withTopK: false);
        SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
    }

    public IReadOnlyList<string> Examples { get; } =
    [
        "xdistil inspect compare --with my-model --question \"Who repaired the clock?\" --context-file clock.txt",
        "xdistil inspect compare --model before --with after --data questions.json --html compare.html",
        "xdistil inspect compare --with my-model --data questions.jsonl --limit 500 --output compare.jsonl --json",
    ];

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var options = answering.Read(parsed);
        var rows = questions.Read(parsed);
        var folder = ModelFolders.Named(parsed.GetValue(with)!, "--with", terminal, cancellation);
        if (parsed.GetValue(output) is { } path)
            FileCheck.Writable(path, parsed.GetValue(overwrite));
        using var page = parsed.GetValue(html) is { } report ? ReportFile.Create(report, parsed.GetValue(overwrite)) : null;
        using var before = answering.Load(parsed, terminal);
        using var after = QuestionAnswerer.FromPretrained(folder, new LoadingOptions { Device = answering.Device(parsed) });
        var pair = new CheckpointPair(before, after);
        var comparison = new CheckpointComparison(pair, options);

        var summary = Compare(comparison, pair, rows, parsed.GetValue(output), cancellation);

        page?.Commit(CheckpointComparisonPage.Render(summary, before.Folder, folder, questions.Name(parsed)));
        if (parsed.GetValue(json))
        {
            using var line = new ComparisonJson();
            terminal.Output.Write(Encoding.UTF8.GetString(line.Of(summary, pair)));
        }
        else
            ComparisonPrinter.Print(terminal.Pretty, summary, pair);
        return ExitCode.Success;
    }

    private ComparisonSummary Compare(
        CheckpointComparison comparison,
        CheckpointPair pair,
        IEnumerable<QuestionRow> rows,
        string? path,
        CancellationToken cancellation
    )
    {
        using var file = path is null ? null : new ComparisonFile(path);
        var builder = new ComparisonSummaryBuilder(ParameterMovement.Of(pair.Before.Model, pair.After.Model));
        ProgressDisplay.During(
            terminal,
            0,
            () => null,
            progress =>
            {
                var (done, windows) = (0L, 0L);
                foreach (var row in rows)
                {
                    var question = comparison.Compare(row, cancellation);
                    file?.Add(question);
                    builder.Add(question);
                    progress.Report(++done, windows += question.Windows);
                }
            }
        );
        var summary = builder.Build();
        file?.Commit(summary, pair);
        return summary;
    }
}
