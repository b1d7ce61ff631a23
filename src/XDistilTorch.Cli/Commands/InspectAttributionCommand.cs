using System.CommandLine;
using XDistilTorch.Cli.Inspecting;
using XDistilTorch.Inspection.Attribution;
using XDistilTorch.Reports;
using XDistilTorch.Reports.Attribution;

namespace XDistilTorch.Cli.Commands;

/// <summary><c>xdistil inspect attribution</c>: which words speak for an answer, or for none.</summary>
internal sealed class InspectAttributionCommand : Command, IHaveExamples
{
    private readonly Terminal terminal;
    private readonly InspectOptions inspected;
    private readonly AttributionOptions attribution = new();
    private readonly Option<string?> html = new("--html")
    {
        Description = "Also write one HTML page: the text as a heat map, tables, curves",
        HelpName = "FILE",
    };
    private readonly Option<bool> overwrite = SharedOptions.Overwrite();

    public InspectAttributionCommand(Terminal terminal)
        : base("attribution", "Show which words speak for an answer, for no answer, or for one answer over another")
    {
        this.terminal = terminal;
        inspected = new InspectOptions(terminal);
        attribution.AddTo(this);
        Add(html);
        Add(overwrite);
        inspected.AddTo(this);
        SetAction((parsed, stop) => Task.FromResult(Run(parsed, stop)));
    }

    public IReadOnlyList<string> Examples { get; } =
    [
        "xdistil inspect attribution --question \"Who repaired the clock?\" --context-file clock.txt",
        "xdistil inspect attribution --question \"Who?\" --context-file clock.txt --method all --curves --html why.html",
        "xdistil inspect attribution --question \"Who?\" --context-file clock.txt --target \"Osei\" --against null --json",
    ];

    private int Run(ParseResult parsed, CancellationToken stop)
    {
        var request = attribution.Read(parsed);
        if (parsed.GetValue(overwrite) && parsed.GetValue(html) is null)
            throw new UsageException("--overwrite needs --html.");
        using var page = parsed.GetValue(html) is { } path ? ReportFile.Create(path, parsed.GetValue(overwrite)) : null;
        var (answerer, question) = inspected.Load(parsed, stop);
        using var _ = answerer;
        var decision = ExplainedDecision.Of(question, request.Target, request.Against, inspected.Window(parsed));
        var result = new AttributionRun(answerer, request, stop).Of(decision);
        if (parsed.GetValue(inspected.Json))
            terminal.Output.WriteLine(AttributionJson.Of(result, question));
        else
            new AttributionPrinter(terminal.Pretty, request.Top).Print(result, question);
        page?.Commit(AttributionPage.Render(result, question, request.Top));
        return ExitCode.Success;
    }
}
