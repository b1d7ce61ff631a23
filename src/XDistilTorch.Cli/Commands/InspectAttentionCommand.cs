using System.CommandLine;
using XDistilTorch.Cli.Inspecting;
using XDistilTorch.Cli.Inspecting.Measures;
using XDistilTorch.Cli.Inspecting.OverData;
using XDistilTorch.Inspection;
using XDistilTorch.Reports;

namespace XDistilTorch.Cli.Commands;

/// <summary><c>xdistil inspect attention</c>: where the answer's tokens look, and who looks at them.</summary>
internal sealed class InspectAttentionCommand : Command, IHaveExamples
{
    private readonly Terminal terminal;
    private readonly InspectOptions inspecting;
    private readonly DataOptions overData;
    private readonly Option<string?> target = TargetOption.New();
    private readonly Option<int[]?> layers = NumberList.Option("--layers", "Layers, from 0 [default: all]");
    private readonly Option<int[]?> heads = NumberList.Option("--heads", "Heads, from 0; figures are their mean [default: all]");
    private readonly Option<string?> html = new("--html")
    {
        Description = "Also one page with all maps to look around in, which needs no network",
        HelpName = "FILE.html",
    };
    private readonly Option<int[]?> windows = NumberList.Option("--windows", "Windows of that page, from 0 [default: --window, else all]");
    private readonly Option<int> top = SharedOptions.Count("--top", "How many tokens to list; --json has all", 1, 10);

    public InspectAttentionCommand(Terminal terminal)
        : base("attention", "Show layer by layer where the answer's tokens look and which tokens look at them")
    {
        this.terminal = terminal;
        inspecting = new InspectOptions(terminal);
        overData = new DataOptions(terminal, inspecting, html, windows);
        inspecting.AddTo(this);
        foreach (var option in new Option[] { target, layers, heads, top, html, windows })
            Add(option);
        overData.AddTo(this);
        SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
    }

    public IReadOnlyList<string> Examples { get; } =
    [
        "xdistil inspect attention --question \"Who repaired the clock?\" --context-file clock.txt",
        "xdistil inspect attention --question \"Who?\" --layers 8-11 --heads 5 --top 5 < clock.txt",
        "xdistil inspect attention --question \"Who?\" --target null --json < clock.txt",
        "xdistil inspect attention --question \"Who repaired the clock?\" --context-file clock.txt --html attention.html",
        "xdistil inspect attention --data questions.json --output attention.parquet --report attention.html",
    ];

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        if (overData.IsAsked(parsed))
            return overData.Run(parsed, model => Measure(parsed, model), parsed.GetValue(target), cancellation);
        if (parsed.GetValue(windows) is { Length: > 0 } && parsed.GetValue(html) is null)
            throw new UsageException("--windows needs --html: it says which windows the page has.");
        using var file = parsed.GetValue(html) is { } path ? ReportFile.Create(path, parsed.GetValue(overData.Overwrite)) : null;
        var (answerer, question) = inspecting.Load(parsed, cancellation);
        using var _ = answerer;
        var measure = Measure(parsed, answerer);
        var report = measure.Of(question, inspecting.Window(parsed), cancellation);
        if (file is not null)
            WritePage(file, parsed, answerer, question, report, cancellation);
        if (parsed.GetValue(inspecting.Json))
            terminal.Output.WriteLine(measure.Json(question, report));
        else
            new AttentionPrinter(terminal.Pretty, parsed.GetValue(top)).Print(question, report);
        return ExitCode.Success;
    }

    private AttentionMeasure Measure(ParseResult parsed, QuestionAnswerer answerer) =>
        new(answerer, parsed.GetValue(target), parsed.GetValue(layers), parsed.GetValue(heads));

    private void WritePage(
        ReportFile file,
        ParseResult parsed,
        QuestionAnswerer answerer,
        InspectedQuestion question,
        AttentionReport report,
        CancellationToken cancellation
    )
    {
        var page = new AttentionPage(question, report.Target, Path.GetFileName(Path.TrimEndingDirectorySeparator(answerer.Folder)));
        var chosen = Windows(parsed, question);
        foreach (var (place, window) in chosen.Index())
        {
            cancellation.ThrowIfCancellationRequested();
            using var recording = AttentionRecording.Of(answerer.Model, window, report.Layers.Select(layer => layer.Layer));
            page.Add(
                window,
                recording,
                report.Layers.SelectMany(layer => layer.Heads).Select(head => head.Head),
                more: chosen.Count - place - 1
            );
        }
        file.Commit(page.Render());
        terminal.Tell(
            $"{parsed.GetValue(html)}: {Counted.Of(chosen.Count, "window")}, {Counted.Of(report.Layers.Sum(layer => layer.Heads.Count), "head")} each."
        );
    }

    private IReadOnlyList<InspectedWindow> Windows(ParseResult parsed, InspectedQuestion question) =>
        parsed.GetValue(windows) is { Length: > 0 } asked ? [.. asked.Select(number => question.Choose(number))]
        : inspecting.Window(parsed) is { } one ? [question.Choose(one)]
        : question.Windows;
}
