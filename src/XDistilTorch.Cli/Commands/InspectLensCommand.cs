using System.CommandLine;
using XDistilTorch.Cli.Inspecting;
using XDistilTorch.Cli.Inspecting.Measures;
using XDistilTorch.Cli.Inspecting.OverData;

namespace XDistilTorch.Cli.Commands;

/// <summary><c>xdistil inspect lens</c>: the question-answering head on every layer, to see where the answer appears.</summary>
internal sealed class InspectLensCommand : Command, IHaveExamples
{
    private readonly Terminal terminal;
    private readonly InspectOptions inspecting;
    private readonly DataOptions overData;
    private readonly Option<string?> target = TargetOption.New();
    private readonly Option<int> top = SharedOptions.Count("--top", "How many spans of each layer", 1, 1);

    public InspectLensCommand(Terminal terminal)
        : base("lens", "Read every layer with the final question-answering head: from which layer on is the answer there?")
    {
        this.terminal = terminal;
        inspecting = new InspectOptions(terminal);
        overData = new DataOptions(terminal, inspecting);
        inspecting.AddTo(this);
        Add(target);
        Add(top);
        overData.AddTo(this);
        SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
    }

    public IReadOnlyList<string> Examples { get; } =
    [
        "xdistil inspect lens --question \"Who repaired the clock?\" --context-file clock.txt",
        "xdistil inspect lens --question \"Who?\" --target \"Marit Osei\" --top 3 --json < clock.txt",
        "xdistil inspect lens --data questions.json --output lens.parquet --report lens.html",
    ];

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        if (overData.IsAsked(parsed))
            return overData.Run(parsed, model => Measure(parsed, model), parsed.GetValue(target), cancellation);
        var (answerer, question) = inspecting.Load(parsed, cancellation);
        using var _ = answerer;
        var measure = Measure(parsed, answerer);
        var result = measure.Of(question, inspecting.Window(parsed), cancellation);
        if (parsed.GetValue(inspecting.Json))
            terminal.Output.WriteLine(measure.Json(question, result));
        else
            CausalityPrinter.Print(terminal.Pretty, result.Record, result.Target);
        return ExitCode.Success;
    }

    private LensMeasure Measure(ParseResult parsed, QuestionAnswerer answerer) =>
        new(answerer, parsed.GetValue(target), parsed.GetValue(top));
}
