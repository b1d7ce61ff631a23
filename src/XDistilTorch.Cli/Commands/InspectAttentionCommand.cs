using System.CommandLine;
using XDistilTorch.Cli.Inspecting;
using XDistilTorch.Inspection;

namespace XDistilTorch.Cli.Commands;

/// <summary><c>xdistil inspect attention</c>: where the answer's tokens look, and who looks at them.</summary>
internal sealed class InspectAttentionCommand : Command, IHaveExamples
{
    private readonly Terminal terminal;
    private readonly InspectOptions inspecting;
    private readonly Option<string?> target = TargetOption.New();
    private readonly Option<int[]?> layers = NumberList.Option("--layers", "Layers, from 0 [default: all]");
    private readonly Option<int[]?> heads = NumberList.Option("--heads", "Heads, from 0; figures are their mean [default: all]");
    private readonly Option<int> top = SharedOptions.Count("--top", "How many tokens to list; --json has all", 1, 10);

    public InspectAttentionCommand(Terminal terminal)
        : base("attention", "Show layer by layer where the answer's tokens look and which tokens look at them")
    {
        this.terminal = terminal;
        inspecting = new InspectOptions(terminal);
        inspecting.AddTo(this);
        foreach (var option in new Option[] { target, layers, heads, top })
            Add(option);
        SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
    }

    public IReadOnlyList<string> Examples { get; } =
    [
        "xdistil inspect attention --question \"Who repaired the clock?\" --context-file clock.txt",
        "xdistil inspect attention --question \"Who?\" --layers 8-11 --heads 5 --top 5 < clock.txt",
        "xdistil inspect attention --question \"Who?\" --target null --json < clock.txt",
    ];

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var (answerer, question) = inspecting.Load(parsed, cancellation);
        using var _ = answerer;
        var config = answerer.Model.Config;
        var report = AttentionReport.Of(
            answerer.Model,
            InspectedTarget.Of(question, parsed.GetValue(target), inspecting.Window(parsed)),
            NumberList.Within(parsed.GetValue(layers), config.NumHiddenLayers, "layer"),
            NumberList.Within(parsed.GetValue(heads), config.MostHeads, "head")
        );
        if (parsed.GetValue(inspecting.Json))
            terminal.Output.WriteLine(
                AttentionRecord.Of(question, report, Tokens.Of(report.Target.Window.Tokens, answerer.Tokenizer)).ToJson()
            );
        else
            new AttentionPrinter(terminal.Pretty, parsed.GetValue(top)).Print(question, report);
        return ExitCode.Success;
    }
}
