using System.CommandLine;
using XDistilTorch.Cli.Inspecting;
using XDistilTorch.Inspection;
using XDistilTorch.Reports;

namespace XDistilTorch.Cli.Commands;

/// <summary><c>xdistil inspect attention</c>: where the answer's tokens look, and who looks at them.</summary>
internal sealed class InspectAttentionCommand : Command, IHaveExamples
{
    private readonly Terminal terminal;
    private readonly InspectOptions inspecting;
    private readonly Option<string?> target = TargetOption.New();
    private readonly Option<int[]?> layers = NumberList.Option("--layers", "Layers, from 0 [default: all]");
    private readonly Option<int[]?> heads = NumberList.Option("--heads", "Heads, from 0; figures are their mean [default: all]");
    private readonly Option<string?> html = new("--html")
    {
        Description = "Also one page with all maps to look around in, which needs no network",
        HelpName = "FILE.html",
    };
    private readonly Option<int[]?> windows = NumberList.Option("--windows", "Windows of that page, from 0 [default: --window, else all]");
    private readonly Option<bool> overwrite = SharedOptions.Overwrite();
    private readonly Option<int> top = SharedOptions.Count("--top", "How many tokens to list; --json has all", 1, 10);

    public InspectAttentionCommand(Terminal terminal)
        : base("attention", "Show layer by layer where the answer's tokens look and which tokens look at them")
    {
        this.terminal = terminal;
        inspecting = new InspectOptions(terminal);
        inspecting.AddTo(this);
        foreach (var option in new Option[] { target, layers, heads, top, html, windows, overwrite })
            Add(option);
        SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
    }

    public IReadOnlyList<string> Examples { get; } =
    [
        "xdistil inspect attention --question \"Who repaired the clock?\" --context-file clock.txt",
        "xdistil inspect attention --question \"Who?\" --layers 8-11 --heads 5 --top 5 < clock.txt",
        "xdistil inspect attention --question \"Who?\" --target null --json < clock.txt",
        "xdistil inspect attention --question \"Who repaired the clock?\" --context-file clock.txt --html attention.html",
    ];

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        if (parsed.GetValue(windows) is { Length: > 0 } && parsed.GetValue(html) is null)
            throw new UsageException("--windows needs --html: it says which windows the page has.");
        using var file = parsed.GetValue(html) is { } path ? ReportFile.Create(path, parsed.GetValue(overwrite)) : null;
        var (answerer, question) = inspecting.Load(parsed, cancellation);
        using var _ = answerer;
        var config = answerer.Model.Config;
        var report = AttentionReport.Of(
            answerer.Model,
            InspectedTarget.Of(question, parsed.GetValue(target), inspecting.Window(parsed)),
            NumberList.Within(parsed.GetValue(layers), config.NumHiddenLayers, "layer"),
            NumberList.Within(parsed.GetValue(heads), config.NumAttentionHeads, "head")
        );
        if (file is not null)
            WritePage(file, parsed, answerer, question, report, cancellation);
        if (parsed.GetValue(inspecting.Json))
            terminal.Output.WriteLine(
                AttentionRecord.Of(question, report, Tokens.Of(report.Target.Window.Tokens, answerer.Tokenizer)).ToJson()
            );
        else
            new AttentionPrinter(terminal.Pretty, parsed.GetValue(top)).Print(question, report);
        return ExitCode.Success;
    }

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
            page.Add(window, recording, report.Layers[0].Heads.Select(head => head.Head), more: chosen.Count - place - 1);
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
