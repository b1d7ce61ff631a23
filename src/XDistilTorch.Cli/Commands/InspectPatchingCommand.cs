using System.CommandLine;
using TorchSharp;
using XDistilTorch.Cli.Inspecting;
using XDistilTorch.Inspection;
using XDistilTorch.Inspection.Causality;
using XDistilTorch.Modeling;

namespace XDistilTorch.Cli.Commands;

/// <summary><c>xdistil inspect patching</c>: which values of a clean run bring the answer back into a corrupted one.</summary>
internal sealed class InspectPatchingCommand : Command, IHaveExamples
{
    private readonly Terminal terminal;
    private readonly InspectOptions inspecting;
    private readonly Option<string?> target = TargetOption.New();
    private readonly Option<string?> corruptedContext = new("--corrupted-context")
    {
        Description = "The text with something changed, of as many tokens",
        HelpName = "TEXT",
    };
    private readonly Option<string?> corruptedQuestion = new("--corrupted-question")
    {
        Description = "The question with something changed, of as many tokens",
        HelpName = "Q",
    };
    private readonly Option<int> top = SharedOptions.Count("--top", "How many cells to list; --json has all", 1, 10);

    public InspectPatchingCommand(Terminal terminal)
        : base("patching", "Put single values of a clean run into a corrupted one: what brings the answer back?")
    {
        this.terminal = terminal;
        inspecting = new InspectOptions(terminal);
        inspecting.AddTo(this);
        foreach (var option in new Option[] { target, corruptedContext, corruptedQuestion, top })
            Add(option);
        SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
    }

    public IReadOnlyList<string> Examples { get; } =
    [
        "xdistil inspect patching --question \"Who repaired the clock?\" --context \"Anna repaired the clock.\" --corrupted-question \"Who painted the clock?\"",
        "xdistil inspect patching --question \"Who ran?\" --context \"Anna ran.\" --corrupted-context \"Anna sat.\" --json",
    ];

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        if (parsed.GetValue(corruptedContext) is null && parsed.GetValue(corruptedQuestion) is null)
            throw new UsageException("give --corrupted-context or --corrupted-question: what the clean values are put into.");
        var (answerer, question) = inspecting.Load(parsed, cancellation);
        using var _ = answerer;
        var looked = InspectedTarget.Of(question, parsed.GetValue(target), inspecting.Window(parsed));
        var corrupted = InspectedQuestion.Of(
            answerer,
            parsed.GetValue(corruptedQuestion) ?? looked.Window.Question,
            parsed.GetValue(corruptedContext) ?? looked.Window.Context,
            inspecting.Answers(parsed),
            cancellation
        );
        if (corrupted.Windows.Count != question.Windows.Count)
            throw new InspectionException(
                $"the clean text has {question.Windows.Count} windows, the corrupted one {corrupted.Windows.Count}; expected as many. Exchange words for others of as many tokens."
            );
        using var scope = torch.NewDisposeScope();
        BertInput clean = looked.Window.ToInput(answerer.Device),
            other = corrupted.Windows[looked.Window.Tokens.Index].ToInput(answerer.Device);
        var score = looked.Span is { } span ? LogitTarget.Margin(span) : LogitTarget.Null;
        var grid = ActivationPatching.Run(answerer.Model, clean, other, score, cancellation);
        var slopes = AttributionPatching.Run(answerer.Model, clean, other, score);
        var record = PatchingRecord.Of(looked, corrupted.Windows[looked.Window.Tokens.Index], grid, slopes);
        if (parsed.GetValue(inspecting.Json))
            terminal.Output.WriteLine(CausalityJson.Write(record));
        else
            CausalityPrinter.Print(terminal.Pretty, record, looked, parsed.GetValue(top));
        return ExitCode.Success;
    }
}
