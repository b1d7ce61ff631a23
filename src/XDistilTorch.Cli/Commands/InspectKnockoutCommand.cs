using System.CommandLine;
using XDistilTorch.Cli.Inspecting;
using XDistilTorch.Cli.Inspecting.Measures;
using XDistilTorch.Cli.Inspecting.OverData;
using XDistilTorch.Inspection;

namespace XDistilTorch.Cli.Commands;

/// <summary><c>xdistil inspect knockout</c>: what becomes of the answer when some tokens may not look at some others.</summary>
internal sealed class InspectKnockoutCommand : Command, IHaveExamples
{
    private readonly Terminal terminal;
    private readonly InspectOptions inspecting;
    private readonly DataOptions overData;
    private readonly Option<string?> target = TargetOption.New();
    private readonly Option<TokenGroup?> from = SharedOptions.Choice<TokenGroup>("--from", "Which tokens may not look [default: context]");
    private readonly Option<TokenGroup?> to = SharedOptions.Choice<TokenGroup>("--to", "At which they may not look [default: question]");
    private readonly Option<int[]?> layers = NumberList.Option(
        "--layers",
        "In which layers, from 0 [default: in each in turn, then in all]"
    );
    private readonly Option<int[]?> heads = NumberList.Option("--heads", "In which heads, from 0 [default: all]");

    public InspectKnockoutCommand(Terminal terminal)
        : base("knockout", "Forbid some tokens to look at others, and show what becomes of the answer's score")
    {
        this.terminal = terminal;
        inspecting = new InspectOptions(terminal);
        overData = new DataOptions(terminal, inspecting);
        inspecting.AddTo(this);
        foreach (var option in new Option[] { target, from, to, layers, heads })
            Add(option);
        overData.AddTo(this);
        SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
    }

    public IReadOnlyList<string> Examples { get; } =
    [
        "xdistil inspect knockout --question \"Who repaired the clock?\" --context-file clock.txt",
        "xdistil inspect knockout --question \"Who?\" --from answer --to question --layers 8-11 --json < clock.txt",
        "xdistil inspect knockout --data questions.json --output knockout.parquet --report knockout.html",
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

    private KnockoutMeasure Measure(ParseResult parsed, QuestionAnswerer answerer) =>
        new(
            answerer,
            parsed.GetValue(target),
            parsed.GetValue(from) ?? TokenGroup.Context,
            parsed.GetValue(to) ?? TokenGroup.Question,
            parsed.GetValue(layers),
            parsed.GetValue(heads)
        );
}
