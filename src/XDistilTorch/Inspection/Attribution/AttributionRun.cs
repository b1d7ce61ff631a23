using XDistilTorch.Checkpoints;
using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Inspection.Attribution;

/// <summary>Asks the methods about one decision.</summary>
internal sealed class AttributionRun(QuestionAnswerer answerer, AttributionRequest request, CancellationToken stop)
{
    public AttributionResult Of(ExplainedDecision decision)
    {
        using var scope = NewDisposeScope();
        var input = decision.Window.ToInput(answerer.Device);
        var units = TokenUnit.Of(decision.Window, request.Unit);
        MethodResult[] results = [.. request.Methods.Select(method => Ask(method, decision, input, units))];
        var random = request.Curves ? RandomCurves(decision, input) : null;
        if (request.Curves)
            results = [.. results.Select(result => result with { Curves = CurvesOf(result, decision, input) })];
        var agreement = AttributionAgreement.OfAll([.. results.Select(result => result.Attribution)], decision.ContextPositions);
        return new AttributionResult(decision, units, results, random, agreement);
    }

    private MethodResult Ask(string method, ExplainedDecision decision, BertInput input, IReadOnlyList<TokenUnit> units)
    {
        var (model, target) = (answerer.Model, decision.Target);
        switch (method)
        {
            case AttributionMethod.GradientXInput:
                return new MethodResult(GradientXInput.Of(model, input, target, request.At), $"at {request.At}", GradientXInput.Shows);
            case AttributionMethod.IntegratedGradients:
                return AskIntegratedGradients(decision, input);
            case AttributionMethod.Occlusion:
                int[][] masked = [.. units.Select(unit => unit.Positions.ToArray())];
                return new MethodResult(
                    Occlusion.Of(model, input, target, masked, MaskId, stop),
                    $"by {request.Unit.ToString().ToLowerInvariant()}",
                    Occlusion.Shows
                );
            default:
                var terms = DirectAttribution.Of(model, input, target);
                return new MethodResult(terms.ToTokens(), "by the tokens attended to", DirectAttribution.Shows) { Terms = terms };
        }
    }

    private MethodResult AskIntegratedGradients(ExplainedDecision decision, BertInput input)
    {
        var baseline = BaselineIds.Of(decision.Window.Tokens, request.Baseline == BaselineToken.Pad ? answerer.Tokenizer.PadId : MaskId);
        var (model, target) = (answerer.Model, decision.Target);
        var (values, steps) = request.Steps is { } asked
            ? (IntegratedGradients.Of(model, input, target, baseline, request.At, QuadratureRule.GaussLegendre(asked), stop), asked)
            : IntegratedGradients.Within(model, input, target, baseline, request.At, cancellation: stop);
        var setting = $"at {request.At}, {Wording.Count(steps, "step")} from [{request.Baseline.ToString().ToUpperInvariant()}]";
        return new MethodResult(values, setting, IntegratedGradients.Shows);
    }

    private FaithfulnessCurves CurvesOf(MethodResult result, ExplainedDecision decision, BertInput input) =>
        InsertionDeletion.Of(
            answerer.Model,
            input,
            decision.CurveSpan,
            result.Attribution.Ranking(decision.PositionsOutside),
            MaskId,
            stop
        );

    private FaithfulnessCurves RandomCurves(ExplainedDecision decision, BertInput input) =>
        InsertionDeletion.Random(answerer.Model, input, decision.CurveSpan, decision.PositionsOutside, MaskId, cancellation: stop);

    private int MaskId =>
        answerer.Tokenizer.MaskId
        ?? throw new InspectionException(
            $"the vocabulary has no {answerer.Tokenizer.Options.MaskToken}, which occlusion, curves and --baseline mask need. Choose another --method."
        );
}
