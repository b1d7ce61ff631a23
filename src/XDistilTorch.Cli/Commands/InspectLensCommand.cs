using System.CommandLine;
using TorchSharp;
using XDistilTorch.Cli.Inspecting;
using XDistilTorch.Inspection;

namespace XDistilTorch.Cli.Commands;

/// <summary><c>xdistil inspect lens</c>: the question-answering head on every layer, to see where the answer appears.</summary>
internal sealed class InspectLensCommand : Command, IHaveExamples
{
    private readonly Terminal terminal;
    private readonly InspectOptions inspecting;
    private readonly Option<string?> target = TargetOption.New();
    private readonly Option<int> top = SharedOptions.Count("--top", "How many spans of each layer", 1, 1);

    public InspectLensCommand(Terminal terminal)
        : base("lens", "Read every layer with the final question-answering head: from which layer on is the answer there?")
    {
        this.terminal = terminal;
        inspecting = new InspectOptions(terminal);
        inspecting.AddTo(this);
        Add(target);
        Add(top);
        SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
    }

    public IReadOnlyList<string> Examples { get; } =
    [
        "xdistil inspect lens --question \"Who repaired the clock?\" --context-file clock.txt",
        "xdistil inspect lens --question \"Who?\" --target \"Marit Osei\" --top 3 --json < clock.txt",
    ];

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var (answerer, question) = inspecting.Load(parsed, cancellation);
        using var _ = answerer;
        var looked = InspectedTarget.Of(question, parsed.GetValue(target), inspecting.Window(parsed));
        using var scope = torch.NewDisposeScope();
        var layers = SpanLens.Run(answerer.Model, looked.Window.ToInput(answerer.Device));
        var record = LensRecord.Of(looked, layers, parsed.GetValue(top));
        if (parsed.GetValue(inspecting.Json))
            terminal.Output.WriteLine(CausalityJson.Write(record));
        else
            CausalityPrinter.Print(terminal.Pretty, record, looked);
        return ExitCode.Success;
    }
}
