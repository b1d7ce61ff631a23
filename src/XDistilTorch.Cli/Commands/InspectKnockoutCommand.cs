using System.CommandLine;
using TorchSharp;
using XDistilTorch.Cli.Inspecting;
using XDistilTorch.Inspection;
using XDistilTorch.Inspection.Causality;

namespace XDistilTorch.Cli.Commands;

/// <summary><c>xdistil inspect knockout</c>: what becomes of the answer when some tokens may not look at some others.</summary>
internal sealed class InspectKnockoutCommand : Command, IHaveExamples
{
    private readonly Terminal terminal;
    private readonly InspectOptions inspecting;
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
        inspecting.AddTo(this);
        foreach (var option in new Option[] { target, from, to, layers, heads })
            Add(option);
        SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
    }

    public IReadOnlyList<string> Examples { get; } =
    [
        "xdistil inspect knockout --question \"Who repaired the clock?\" --context-file clock.txt",
        "xdistil inspect knockout --question \"Who?\" --from answer --to question --layers 8-11 --json < clock.txt",
    ];

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var (answerer, question) = inspecting.Load(parsed, cancellation);
        using var _ = answerer;
        var looked = InspectedTarget.Of(question, parsed.GetValue(target), inspecting.Window(parsed));
        var config = answerer.Model.Config;
        var (queries, keys) = (parsed.GetValue(from) ?? TokenGroup.Context, parsed.GetValue(to) ?? TokenGroup.Question);
        RefuseEmpty(looked, queries, "--from");
        RefuseEmpty(looked, keys, "--to");
        var chosen = NumberList.Within(parsed.GetValue(heads), config.MostHeads, "head");
        var all = NumberList.Within(parsed.GetValue(layers), config.NumHiddenLayers, "layer");
        IReadOnlyList<int>[] where = parsed.GetValue(layers) is { Length: > 0 } ? [all] : [.. all.Select(layer => (int[])[layer]), all];

        using var scope = torch.NewDisposeScope();
        using var __ = torch.no_grad();
        var input = looked.Window.ToInput(answerer.Device);
        var groups = looked.Window.Groups(looked.Span);
        var record = KnockoutRecord.Of(
            looked,
            queries,
            keys,
            answerer.Model.Forward(input),
            where.Select(those =>
            {
                cancellation.ThrowIfCancellationRequested();
                return (
                    those,
                    new AttentionKnockout(answerer.Model, those, chosen).Run(
                        input,
                        [.. groups.Select(group => group == queries)],
                        [.. groups.Select(group => group == keys)]
                    )
                );
            })
        );
        if (parsed.GetValue(inspecting.Json))
            terminal.Output.WriteLine(CausalityJson.Write(record));
        else
            CausalityPrinter.Print(terminal.Pretty, record, looked);
        return ExitCode.Success;
    }

    private static void RefuseEmpty(InspectedTarget looked, TokenGroup group, string option)
    {
        if (!looked.Window.Groups(looked.Span).Contains(group))
            throw new InspectionException(
                $"{option} {GroupNames.ForMachines(group)}: the window has no such token{(group == TokenGroup.Answer ? ", as there is no answer; name a span with --target" : "")}."
            );
    }
}
