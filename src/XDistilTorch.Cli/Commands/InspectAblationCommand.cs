using System.CommandLine;
using XDistilTorch.Cli.Inspecting;
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
        inspecting.AddTo(this);
        foreach (var option in new Option[] { target, kind, reference, layers, heads, top })
            Add(option);
        SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
    }

    public IReadOnlyList<string> Examples { get; } =
    [
        "xdistil inspect ablation --question \"Who repaired the clock?\" --context-file clock.txt",
        "xdistil inspect ablation --question \"Who?\" --kind resample --reference questions.json --layers 6-11 --json < clock.txt",
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
        var (answerer, question) = inspecting.Load(parsed, cancellation);
        using var _ = answerer;
        var looked = InspectedTarget.Of(question, parsed.GetValue(target), inspecting.Window(parsed));
        using var others = parsed.GetValue(reference) is { } path ? Reference(answerer, path, looked.Window.Length, cancellation) : null;
        var config = answerer.Model.Config;
        var report = AblationReport.Of(
            answerer.Model,
            looked,
            new Ablation(answerer.Model, chosen, others),
            answerer.Device,
            NumberList.Within(parsed.GetValue(layers), config.NumHiddenLayers, "layer"),
            NumberList.Within(parsed.GetValue(heads), config.MostHeads, "head"),
            cancellation
        );
        if (parsed.GetValue(inspecting.Json))
            terminal.Output.WriteLine(CausalityJson.Write(AblationRecord.Of(report, chosen)));
        else
            CausalityPrinter.Print(terminal.Pretty, report, chosen, parsed.GetValue(top));
        return ExitCode.Success;
    }

    private static AblationReference Reference(QuestionAnswerer answerer, string path, int length, CancellationToken cancellation)
    {
        var rows = QuestionFile.Load(path, DataUse.Evaluate, out var _);
        List<InspectedWindow> windows = [];
        foreach (var row in rows)
        {
            windows.AddRange(InspectedQuestion.Of(answerer, row.Question, row.Context, cancellation: cancellation).Windows);
            if (windows.Count >= MostReferenceWindows)
                break;
        }
        return new AblationReference(answerer.Model, windows, answerer.Device, length, cancellation: cancellation);
    }
}
