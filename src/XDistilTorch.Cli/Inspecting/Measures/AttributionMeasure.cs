using XDistilTorch.Inspection;
using XDistilTorch.Inspection.Attribution;
using XDistilTorch.Inspection.OverData;

namespace XDistilTorch.Cli.Inspecting.Measures;

/// <summary>Which words speak for an answer, or for none.</summary>
internal sealed class AttributionMeasure(QuestionAnswerer answerer, AttributionRequest request) : IMeasure<AttributionResult>
{
    private const string Share = "share",
        TargetValue = "target_value",
        BaselineValue = "baseline_value",
        Error = "completeness_error",
        RelativeError = "relative_completeness_error",
        HeadTerm = "head_term",
        MlpTerm = "mlp_term",
        InsertionArea = "insertion_area",
        DeletionArea = "deletion_area",
        Spearman = "spearman",
        TopOverlap = "top_overlap",
        RandomOrders = "random orders";

    public MeasureDescription Description { get; } =
        new(
            "attribution",
            [
                .. request.Methods.Select(method => $"{Capital(method)} shows {AttributionMethod.Shows(method)}"),
                .. request.Curves ? [$"Insertion and deletion show {InsertionDeletion.Shows}"] : Array.Empty<string>(),
                .. request.Methods.Count > 1 ? [$"Agreement shows that {AttributionAgreement.Shows}"] : Array.Empty<string>(),
            ],
            [
                new(Share, "a group's share in the sum of the absolute values of all tokens", HasExamples: true, ExamplesOf: "question"),
                new(TargetValue, "the score that is explained", HasExamples: true),
                new(RelativeError, "size of the completeness error as a part of |f(x) - f(baseline)|", HasExamples: true),
                new(HeadTerm, "what a head adds to the score directly"),
                new(MlpTerm, "what an MLP adds to the score directly"),
                new(InsertionArea, "area under the insertion curve: the larger, the better"),
                new(DeletionArea, "area under the deletion curve: the smaller, the better"),
                new(Spearman, "rank correlation of two methods over the text's tokens"),
                new(TopOverlap, "what two methods have in common of their first 10 tokens"),
            ]
        );

    public AttributionResult Of(InspectedQuestion question, int? window, CancellationToken stop) =>
        new AttributionRun(answerer, request, stop).Of(ExplainedDecision.Of(question, request.Target, request.Against, window));

    public string Json(InspectedQuestion question, AttributionResult result) => AttributionJson.Of(result, question);

    public IEnumerable<MeasuredValue> Values(AttributionResult result)
    {
        var groups = result.Decision.Window.Groups(result.Decision.For);
        return
        [
            new MeasuredValue(TargetValue, result.Methods[0].Attribution.TargetValue),
            .. result.Methods.SelectMany(method =>
                OfTokens(method.Attribution, result.Decision.Window, groups)
                    .Concat(OfMethod(method, groups))
                    .Select(value => value with { Method = method.Attribution.Method })
            ),
            .. OfCurves(result.RandomCurves).Select(value => value with { Method = RandomOrders }),
            .. result.Agreement.SelectMany(OfPair),
        ];
    }

    private static IEnumerable<MeasuredValue> OfTokens(TokenAttribution values, InspectedWindow window, IReadOnlyList<TokenGroup> groups) =>
        values.Values.Select(
            (value, i) =>
                new MeasuredValue("value", value)
                {
                    Token = i,
                    Text = window.Pieces[i],
                    Group = GroupNames.ForMachines(groups[i]),
                }
        );

    private static IEnumerable<MeasuredValue> OfMethod(MethodResult method, IReadOnlyList<TokenGroup> groups)
    {
        var values = method.Attribution;
        if (values.Values.Sum(Math.Abs) is > 0 and var all)
            foreach (var group in groups.Distinct().Order())
                yield return new MeasuredValue(Share, values.Values.Where((_, i) => groups[i] == group).Sum(Math.Abs) / all)
                {
                    Group = GroupNames.ForMachines(group),
                };
        if (values.BaselineValue is { } baseline)
            yield return new MeasuredValue(BaselineValue, baseline);
        if (values.CompletenessError is { } error)
            yield return new MeasuredValue(Error, error);
        if (values.RelativeCompletenessError is { } relative)
            yield return new MeasuredValue(RelativeError, relative);
        foreach (var value in OfCurves(method.Curves).Concat(OfTerms(method.Terms)))
            yield return value;
    }

    private static IEnumerable<MeasuredValue> OfCurves(FaithfulnessCurves? curves) =>
        curves is null ? [] : [new(InsertionArea, curves.InsertionArea), new(DeletionArea, curves.DeletionArea)];

    private static IEnumerable<MeasuredValue> OfTerms(DirectTerms? terms) =>
        terms is null
            ? []
            : terms
                .Heads.SelectMany(
                    (heads, layer) => heads.Select((term, head) => new MeasuredValue(HeadTerm, term) { Layer = layer, Head = head })
                )
                .Concat(terms.Mlps.Select((term, layer) => new MeasuredValue(MlpTerm, term) { Layer = layer }));

    private static IEnumerable<MeasuredValue> OfPair(AttributionAgreement pair)
    {
        var method = $"{pair.First} and {pair.Second}";
        if (pair.Spearman is { } rank)
            yield return new MeasuredValue(Spearman, rank) { Method = method };
        yield return new MeasuredValue(TopOverlap, pair.TopOverlap) { Method = method };
    }

    private static string Capital(string name) => char.ToUpperInvariant(name[0]) + name[1..].Replace('-', ' ');
}
