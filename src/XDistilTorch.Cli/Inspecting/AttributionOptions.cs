using System.CommandLine;
using XDistilTorch.Cli.Commands;
using XDistilTorch.Inspection.Attribution;

namespace XDistilTorch.Cli.Inspecting;

/// <summary>What <c>xdistil inspect attribution</c> takes beside the question.</summary>
internal sealed class AttributionOptions
{
    private readonly Option<string> method = MethodOption.Create();
    private readonly Option<string?> target = Span("--target", "Explain this span, or no answer [default: the answer]");
    private readonly Option<string?> against = Span("--against", "Explain why not this one: the target's score minus its score");
    private readonly Option<int?> steps = SharedOptions.OptionalCount(
        "--steps",
        "Gauss-Legendre steps of integrated gradients [default: 30, and up to 400 while the completeness error is above 1 %]",
        1
    );
    private readonly Option<BaselineToken?> baseline = SharedOptions.Choice<BaselineToken>(
        "--baseline",
        "Where integrated gradients come from: every word [PAD] or [MASK] [default: mask]"
    );
    private readonly Option<AttributionPlace?> at = PlaceOption.Create();
    private readonly Option<TokenUnitKind?> unit = SharedOptions.Choice<TokenUnitKind>(
        "--unit",
        "What is listed, and masked by occlusion, as one [default: word]"
    );
    private readonly Option<bool> curves = new("--curves")
    {
        Description = "Insertion and deletion curves: does the answer hang on what a method puts first?",
    };
    private readonly Option<int> top = SharedOptions.Count("--top", "How many words to list", 1, 10);

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { method, target, against, at, steps, baseline, unit, curves, top })
            command.Add(option);
    }

    /// <summary>How many words are listed for people.</summary>
    public int Top(ParseResult parsed) => parsed.GetValue(top);

    /// <exception cref="UsageException">An option is given that the method does not read.</exception>
    public AttributionRequest Read(ParseResult parsed)
    {
        var methods = AttributionMethod.Of(parsed.GetValue(method)!);
        Refuse(parsed, steps, methods, AttributionMethod.IntegratedGradients);
        Refuse(parsed, baseline, methods, AttributionMethod.IntegratedGradients);
        Refuse(parsed, at, methods, AttributionMethod.IntegratedGradients, AttributionMethod.GradientXInput);
        return new AttributionRequest
        {
            Methods = methods,
            Target = parsed.GetValue(target),
            Against = parsed.GetValue(against),
            Steps = parsed.GetValue(steps),
            Baseline = parsed.GetValue(baseline) ?? BaselineToken.Mask,
            At = parsed.GetValue(at) ?? AttributionPlace.Words,
            Unit = parsed.GetValue(unit) ?? TokenUnitKind.Word,
            Curves = parsed.GetValue(curves),
        };
    }

    private static void Refuse(ParseResult parsed, Option option, IReadOnlyList<string> methods, params string[] readers)
    {
        if (parsed.GetResult(option) is not null && !methods.Intersect(readers).Any())
            throw new UsageException($"{option.Name} is of --method {string.Join(" and ", readers)}, not of {methods[0]}.");
    }

    private static Option<string?> Span(string name, string description) =>
        new(name) { Description = description, HelpName = "\"text\"|START:END|null" };
}
