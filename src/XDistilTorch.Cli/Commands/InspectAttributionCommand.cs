using System.CommandLine;
using XDistilTorch.Cli.Inspecting;
using XDistilTorch.Cli.Inspecting.Measures;
using XDistilTorch.Cli.Inspecting.OverData;
using XDistilTorch.Reports;
using XDistilTorch.Reports.Attribution;

namespace XDistilTorch.Cli.Commands;

/// <summary><c>xdistil inspect attribution</c>: which words speak for an answer, or for none.</summary>
internal sealed class InspectAttributionCommand : Command, IHaveExamples
{
    private readonly Terminal terminal;
    private readonly InspectOptions inspected;
    private readonly DataOptions overData;
    private readonly AttributionOptions attribution = new();
    private readonly Option<string?> html = new("--html")
    {
        Description = "Also write one HTML page: the text as a heat map, tables, curves",
        HelpName = "FILE",
    };

    public InspectAttributionCommand(Terminal terminal)
        : base("attribution", "Show which words speak for an answer, for no answer, or for one answer over another")
    {
        this.terminal = terminal;
        inspected = new InspectOptions(terminal);
        overData = new DataOptions(terminal, inspected, html);
        attribution.AddTo(this);
        Add(html);
        inspected.AddTo(this);
        overData.AddTo(this);
        SetAction((parsed, stop) => Task.FromResult(Run(parsed, stop)));
    }

    public IReadOnlyList<string> Examples { get; } =
    [
        "xdistil inspect attribution --question \"Who repaired the clock?\" --context-file clock.txt",
        "xdistil inspect attribution --question \"Who?\" --context-file clock.txt --method all --curves --html why.html",
        "xdistil inspect attribution --question \"Who?\" --context-file clock.txt --target \"Osei\" --against null --json",
        "xdistil inspect attribution --data questions.json --limit 200 --seed 1 --output attribution.jsonl --report attribution.html",
    ];

    private int Run(ParseResult parsed, CancellationToken stop)
    {
        var (request, top) = (attribution.Read(parsed), attribution.Top(parsed));
        if (overData.IsAsked(parsed))
            return overData.Run(parsed, model => new AttributionMeasure(model, request), request.Target ?? request.Against, stop);
        using var page = parsed.GetValue(html) is { } path ? ReportFile.Create(path, parsed.GetValue(overData.Overwrite)) : null;
        var (answerer, question) = inspected.Load(parsed, stop);
        using var _ = answerer;
        var measure = new AttributionMeasure(answerer, request);
        var result = measure.Of(question, inspected.Window(parsed), stop);
        if (parsed.GetValue(inspected.Json))
            terminal.Output.WriteLine(measure.Json(question, result));
        else
            new AttributionPrinter(terminal.Pretty, top).Print(result, question);
        page?.Commit(AttributionPage.Render(result, question, top));
        return ExitCode.Success;
    }
}
