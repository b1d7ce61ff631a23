using System.CommandLine;
using XDistilTorch.Data;
using XDistilTorch.Formats;

namespace XDistilTorch.Cli.Commands;

/// <summary><c>xdistil data convert</c>: questions from one format into another.</summary>
internal sealed class DataConvertCommand : Command, IHaveExamples
{
    private const string StandardOutput = "-";

    private readonly Terminal terminal;
    private readonly QuestionInput input;
    private readonly Argument<string> output = new("OUT")
    {
        Description = "The file to write, compressed if it ends in .gz or .zst; - for standard output",
    };
    private readonly Option<string?> to = new("--to")
    {
        Description = "The format to write [default: as OUT's name says; .json is squad]",
        HelpName = "FORMAT",
    };
    private readonly Option<bool> locate = new("--locate-answers")
    {
        Description = "Fill in the starts of answers that lack them, where the text stands at one place only; list the others",
    };
    private readonly Option<bool> overwrite = SharedOptions.Overwrite();

    public DataConvertCommand(Terminal terminal)
        : base("convert", "Write a question file in another format; nothing is written when the file has errors")
    {
        this.terminal = terminal;
        input = new QuestionInput(terminal, "The file to read; - for standard input");
        to.AcceptOnlyFromAmong([.. FormatNames.All]);
        input.AddTo(this);
        Add(output);
        foreach (var option in new Option[] { to, locate, overwrite })
            Add(option);
        SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
    }

    public IReadOnlyList<string> Examples { get; } =
    [
        "xdistil data convert dev-v2.0.json dev.parquet",
        "xdistil data convert rows.csv rows.jsonl.zst --number-rows --locate-answers",
        "xdistil data convert rows.parquet - --to jsonl | head",
    ];

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var path = parsed.GetValue(output)!;
        var format = Format(path, FormatNames.Parse(parsed.GetValue(to)));
        if (path != StandardOutput)
            OutputFile.Check(path, parsed.GetValue(overwrite));
        var located = parsed.GetValue(locate) ? new LocatedAnswers(terminal) : null;
        var leftOut = new SortedSet<string>(StringComparer.Ordinal);
        var report = new DataReportBuilder(input.Name(parsed));
        var items = input.Read(parsed, new() { AllowMissingStarts = located is not null, LeftOut = leftOut }, cancellation);
        var rows = report.Rows(items, DataUse.Evaluate);
        rows = located?.Fill(rows) ?? rows;

        if (path == StandardOutput)
            Print(rows, format);
        else
            QuestionFile.Write(path, format, rows);
        TellResult(report.Build(), path, leftOut);
        located?.TellSum();
        return located is { AreAllFound: false } ? ExitCode.Failure : ExitCode.Success;
    }

    private static QuestionFormat Format(string path, QuestionFormat? named)
    {
        if (path == StandardOutput)
            return named switch
            {
                null => throw new UsageException("OUT is -, which needs --to."),
                QuestionFormat.Parquet => throw new UsageException("Parquet cannot go to standard output. Name a file."),
                { } format => format,
            };
        return named
            ?? FileName.Format(path)
            ?? throw new UsageException(
                $"the name {path} tells no format. Give --to, or a name that ends in .json, .jsonl, .csv, .tsv or .parquet."
            );
    }

    // Standard output gets all or nothing, as a file does: whether the input is refused is known at its end.
    private void Print(IEnumerable<QuestionRow> rows, QuestionFormat format)
    {
        using var kept = new FileStream(
            Path.Combine(Path.GetTempPath(), $"xdistil-{Guid.NewGuid():n}.tmp"),
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.None,
            1 << 16,
            FileOptions.DeleteOnClose
        );
        QuestionFile.Write(kept, format, rows);
        kept.Position = 0;
        using var text = new StreamReader(kept);
        var block = new char[1 << 14];
        for (var count = text.Read(block); count > 0; count = text.Read(block))
            terminal.Output.Write(block, 0, count);
    }

    private void TellResult(DataReport report, string path, SortedSet<string> leftOut)
    {
        if (path != StandardOutput)
            terminal.Output.WriteLine($"{path}: {Counted.Of(report.Readable, "question")}");
        if (report.Count > 0)
            terminal.Tell($"{report.Name}: {Counted.Of(report.Count, "warning")}; 'xdistil data check' lists them.");
        if (leftOut.Count > 0)
            terminal.Tell(
                $"{report.Name}: fields that are not carried over: {string.Join(", ", leftOut.Take(20))}{(leftOut.Count > 20 ? ", ..." : "")}"
            );
    }
}
