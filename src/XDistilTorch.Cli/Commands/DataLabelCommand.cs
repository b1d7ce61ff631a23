using System.CommandLine;
using System.Net;
using XDistilTorch.Cli.Serving;
using XDistilTorch.Data;
using XDistilTorch.Server;

namespace XDistilTorch.Cli.Commands;

/// <summary><c>xdistil data label</c>: a page in which the questions of a file are labelled.</summary>
internal sealed class DataLabelCommand : Command, IHaveExamples
{
    private readonly Terminal terminal;
    private readonly QuestionInput input;
    private readonly Option<string?> output = new("--output")
    {
        Description = "The file of labels, gone on with where it is there [default: rows.labeled.jsonl beside rows.json]",
        HelpName = "FILE",
    };
    private readonly Option<int> port = new("--port")
    {
        Description = "Port to listen on, on this machine only; 0 takes a free one",
        HelpName = "N",
        DefaultValueFactory = _ => 0,
    };
    private readonly AnsweringOptions answering = new();

    public DataLabelCommand(Terminal terminal)
        : base("label", "Label the questions of a file in the browser: the model pre-fills, the least certain come first")
    {
        this.terminal = terminal;
        input = new QuestionInput(terminal, "The file of questions");
        input.AddTo(this);
        Add(output);
        Add(port);
        answering.AddTo(this, withTopK: false);
        SetAction(RunAsync);
    }

    public IReadOnlyList<string> Examples { get; } =
    ["xdistil data label questions.json", "xdistil data label questions.csv --output labels.jsonl --port 8080"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var answers = answering.Read(parsed);
        if (parsed.GetValue(port) is (< 0 or > 65535) and var number)
            throw new UsageException($"--port is {number}, expected 0 to 65535.");
        var labels = parsed.GetValue(output) ?? Beside(parsed);
        var report = new DataReportBuilder(input.Name(parsed));
        var items = input.Read(parsed, new() { AllowMissingStarts = true }, stop);
        var book = new LabelBook(report.Rows(items, DataUse.Evaluate), labels);
        var model = ServedModels.Of([answering.Model(parsed)], terminal)[0];
        ProcessEnd.BePatient(); // a label under way is written down
        ProcessEnd.StopIsSuccess();
        await using var server = AnswerServer.Create(
            new IPEndPoint(IPAddress.Loopback, parsed.GetValue(port)),
            options =>
            {
                options.Models.Add(model);
                options.Loading = answering.Loading(parsed, terminal);
                options.Answers = answers;
            },
            book
        );
        terminal.Tell($"{labels}: {book.Labelled} of {Counted.Of(book.Count, "question")} labelled; Ctrl+C ends");
        await server.RunAsync(
            TimeSpan.FromSeconds(5),
            stop,
            address => terminal.Tell($"label in a browser: {address}/?questions=server#label")
        );
        return ExitCode.Success;
    }

    private string Beside(ParseResult parsed)
    {
        if (input.IsStandardInput(parsed))
            throw new UsageException("FILE is -, which needs --output.");
        var path = Formats.FileName.WithoutCompression(parsed.GetValue(input.File)!);
        return Path.ChangeExtension(path, ".labeled.jsonl");
    }
}
