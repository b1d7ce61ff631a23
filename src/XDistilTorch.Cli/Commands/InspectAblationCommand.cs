using System.CommandLine;
using XDistilTorch.Cli.Inspecting;
using XDistilTorch.Cli.Inspecting.Measures;
using XDistilTorch.Cli.Inspecting.OverData;
using XDistilTorch.Data;
using XDistilTorch.Formats;
using XDistilTorch.Inspection;
using XDistilTorch.Inspection.Causality;

namespace XDistilTorch.Cli.Commands;

/// <summary><c>xdistil inspect ablation</c>: what becomes of the answer when a head or a layer is taken away.</summary>
internal sealed class InspectAblationCommand : Command, IHaveExamples
{
    private const int MostReferenceWindows = 64;

    private readonly Terminal terminal;
    private readonly InspectOptions inspecting;
    private readonly DataOptions overData;
    private readonly Option<string?> target = TargetOption.New();
    private readonly Option<AblationKind?> kind = SharedOptions.Choice<AblationKind>(
        "--kind",
        "What a part is replaced by [default: zero]"
    );
    private readonly Option<string?> reference = new("--reference")
    {
        Description = $"Questions whose windows (the first {MostReferenceWindows}) give the means, or what is resampled",
        HelpName = "FILE",
    };
    private readonly Option<int[]?> layers = NumberList.Option("--layers", "Layers, from 0 [default: all]");
    private readonly Option<int[]?> heads = NumberList.Option("--heads", "Heads, from 0 [default: all]");
    private readonly Option<int> top = SharedOptions.Count("--top", "How many heads to list; --json has all", 1, 10);

    public InspectAblationCommand(Terminal terminal)
        : base("ablation", "Take every head and every layer away in turn, and show what becomes of the answer's score")
    {
        this.terminal = terminal;
        inspecting = new InspectOptions(terminal);
        overData = new DataOptions(terminal, inspecting);
        inspecting.AddTo(this);
        foreach (var option in new Option[] { target, kind, reference, layers, heads, top })
            Add(option);
        overData.AddTo(this);
        SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
    }

    public IReadOnlyList<string> Examples { get; } =
    [
        "xdistil inspect ablation --question \"Who repaired the clock?\" --context-file clock.txt",
        "xdistil inspect ablation --question \"Who?\" --kind resample --reference questions.json --layers 6-11 --json < clock.txt",
        "xdistil inspect ablation --data questions.json --limit 100 --seed 1 --output ablation.parquet --report ablation.html",
    ];

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var chosen = parsed.GetValue(kind) ?? AblationKind.Zero;
        if (parsed.GetValue(reference) is null && chosen == AblationKind.Resample)
            throw new UsageException("--kind resample needs --reference, questions to take other values from.");
        if (parsed.GetValue(reference) is not null && chosen == AblationKind.Zero)
            throw new UsageException("--reference has no meaning for --kind zero.");
        if (parsed.GetValue(reference) is { } file)
            FileCheck.Readable(file);
        if (overData.IsAsked(parsed))
            return overData.Run(
                parsed,
                model => Measure(parsed, model, chosen, isOverData: true, cancellation),
                parsed.GetValue(target),
                cancellation
            );
        var (answerer, question) = inspecting.Load(parsed, cancellation);
        using var _ = answerer;
        using var measure = Measure(parsed, answerer, chosen, isOverData: false, cancellation);
        var report = measure.Of(question, inspecting.Window(parsed), cancellation);
        if (parsed.GetValue(inspecting.Json))
            terminal.Output.WriteLine(measure.Json(question, report));
        else
            CausalityPrinter.Print(terminal.Pretty, report, chosen, parsed.GetValue(top));
        return ExitCode.Success;
    }

    private AblationMeasure Measure(
        ParseResult parsed,
        QuestionAnswerer answerer,
        AblationKind chosen,
        bool isOverData,
        CancellationToken cancellation
    )
    {
        var others = parsed.GetValue(reference) is { } path ? Windows(answerer, path, inspecting.Answers(parsed), cancellation) : null;
        return new(answerer, parsed.GetValue(target), chosen, others, parsed.GetValue(layers), parsed.GetValue(heads))
        {
            SharesReference = isOverData,
        };
    }

    private static List<InspectedWindow> Windows(
        QuestionAnswerer answerer,
        string path,
        AnswerOptions options,
        CancellationToken cancellation
    )
    {
        var rows = QuestionFile.Load(path, DataUse.Evaluate, out var _);
        List<InspectedWindow> windows = [];
        foreach (var row in rows)
        {
            windows.AddRange(InspectedQuestion.Of(answerer, row.Question, row.Context, options, cancellation).Windows);
            if (windows.Count >= MostReferenceWindows)
                break;
        }
        return windows;
    }
}
