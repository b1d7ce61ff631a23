using System.Text.Json;
using System.Text.Json.Serialization;

namespace XDistilTorch.Inspection.Attribution;

/// <summary>Attributions as one JSON object: the tokens once, the values of each method beside them in the same order.</summary>
internal static class AttributionJson
{
    private static readonly AttributionJsonContext Context = new(
        new JsonSerializerOptions { Encoder = ReadableJsonEncoder.Instance, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower }
    );

    public static string Of(AttributionResult result, InspectedQuestion question)
    {
        var (decision, window) = (result.Decision, result.Decision.Window);
        var points = (Question: new CodePointIndex(window.Question), Context: new CodePointIndex(window.Context));
        var groups = window.Groups(decision.For);
        var record = new AttributionRecord(
            window.Question,
            question.Answer.Text,
            window.Tokens.Index,
            question.Windows.Count,
            Side(new DecisionSide(decision.For), window, points.Context),
            decision.Against is { } other ? Side(other, window, points.Context) : null,
            result.Methods[0].Attribution.TargetValue,
            [.. Enumerable.Range(0, window.Length).Select(i => Token(window, i, groups[i], points))],
            [.. result.Methods.Select(Method)],
            Curves(result.RandomCurves),
            [.. result.Agreement.Select(pair => new AgreementRecord(pair.First, pair.Second, pair.Spearman, pair.TopOverlap))]
        );
        return JsonSerializer.Serialize(record, Context.AttributionRecord);
    }

    private static SideRecord Side(DecisionSide side, InspectedWindow window, CodePointIndex points)
    {
        if (side.Tokens is not { } tokens)
            return new SideRecord("", null, null, null, null, null);
        var span = window.Covered(tokens);
        return new SideRecord(
            span.Of(window.Context),
            points.ToCodePoint(span.Start),
            points.ToCodePoint(span.End),
            span.Start,
            span.End,
            [tokens.First, tokens.Last]
        );
    }

    private static TokenRecord Token(
        InspectedWindow window,
        int i,
        TokenGroup group,
        (CodePointIndex Question, CodePointIndex Context) points
    )
    {
        var (sequence, span) = (window.Tokens.SequenceIds[i], window.Tokens.Offsets[i]);
        var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(group.ToString());
        if (sequence < 0)
            return new TokenRecord(window.Pieces[i], name, null, null, null, null);
        var (start, end) = (sequence == 0 ? points.Question : points.Context).ToCodePoints(span);
        return new TokenRecord(window.Pieces[i], name, start, end, span.Start, span.End);
    }

    private static MethodRecord Method(MethodResult result) =>
        new(
            result.Attribution.Method,
            result.Setting,
            result.Attribution.Values,
            result.Attribution.TargetValue,
            result.Attribution.BaselineValue,
            result.Attribution.CompletenessError,
            result.Attribution.RelativeCompletenessError,
            result.Terms is { } terms ? new TermsRecord(terms.Embeddings, terms.Heads, terms.Mlps, terms.Biases, terms.Error) : null,
            Curves(result.Curves),
            result.Shows
        );

    private static CurvesRecord? Curves(FaithfulnessCurves? curves) =>
        curves is null ? null : new CurvesRecord(curves.Insertion, curves.InsertionArea, curves.Deletion, curves.DeletionArea);
}

internal sealed record AttributionRecord(
    string Question,
    string Answer,
    int Window,
    int Windows,
    SideRecord Target,
    SideRecord? Against,
    double TargetValue,
    IReadOnlyList<TokenRecord> Tokens,
    IReadOnlyList<MethodRecord> Methods,
    CurvesRecord? RandomCurves,
    IReadOnlyList<AgreementRecord> Agreement
);

internal sealed record SideRecord(string Text, int? Start, int? End, int? StartUtf16, int? EndUtf16, int[]? Tokens);

internal sealed record TokenRecord(string Token, string Group, int? Start, int? End, int? StartUtf16, int? EndUtf16);

internal sealed record MethodRecord(
    string Method,
    string Setting,
    IReadOnlyList<double> Values,
    double TargetValue,
    double? BaselineValue,
    double? CompletenessError,
    double? RelativeCompletenessError,
    TermsRecord? Terms,
    CurvesRecord? Curves,
    string Shows
);

internal sealed record TermsRecord(
    double Embeddings,
    IReadOnlyList<IReadOnlyList<double>> Heads,
    IReadOnlyList<double> Mlps,
    double Biases,
    double Error
);

internal sealed record CurvesRecord(
    IReadOnlyList<double> Insertion,
    double InsertionArea,
    IReadOnlyList<double> Deletion,
    double DeletionArea
);

internal sealed record AgreementRecord(string First, string Second, double? Spearman, double TopOverlap);

[JsonSerializable(typeof(AttributionRecord))]
internal sealed partial class AttributionJsonContext : JsonSerializerContext;
