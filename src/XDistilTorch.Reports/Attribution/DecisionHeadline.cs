using System.Xml.Linq;
using XDistilTorch.Inspection;
using XDistilTorch.Inspection.Attribution;

namespace XDistilTorch.Reports.Attribution;

/// <summary>What is explained, and how the page is to be read.</summary>
internal static class DecisionHeadline
{
    public static IEnumerable<XElement> Of(AttributionResult result, InspectedQuestion question)
    {
        var (decision, window) = (result.Decision, result.Decision.Window);
        var score = result.Methods[0].Attribution.TargetValue;
        yield return Html.Text("p", "Why this answer? Attribution of a score to words").WithClass("quiet");
        yield return Html.Text("h1", window.Question);
        yield return Card.Row(
            Card.Of("explained", new DecisionSide(decision.For).Describe(window), Whose(decision, question)),
            decision.Against is { } other ? Card.Of("over", other.Describe(window), "the score of the one minus that of the other") : null,
            Card.Of("score", Shade.Signed(score), decision.Against is null ? "start logit + end logit" : "difference of the two scores"),
            Card.Of(
                "window",
                FormattableString.Invariant($"{window.Tokens.Index + 1} of {question.Windows.Count:N0}"),
                $"{Html.Counted(window.Length, "token")}{(question.Windows.Count > 1 ? FormattableString.Invariant($", --window {window.Tokens.Index}") : "")}"
            )
        );
        if (!question.Answer.HasAnswer)
            yield return Html.Text("p", "The model's decision: no answer in this text.").WithClass("note");
        yield return Legend(decision);
    }

    private static string Whose(ExplainedDecision decision, InspectedQuestion question)
    {
        var answer = question.Answer.HasAnswer ? new TextSpan(question.Answer.StartUtf16!.Value, question.Answer.EndUtf16!.Value) : default;
        var found = question.Answer.HasAnswer ? decision.Window.Find(answer) : null;
        return found == decision.For && question.Answer.HasAnswer == decision.For is not null
            ? "the model's decision"
            : "not the model's decision, but asked for";
    }

    private static XElement Legend(ExplainedDecision decision) =>
        Html.Element(
                "p",
                Html.Text("span", "against"),
                Html.Text("span", "").WithClass("ramp"),
                Html.Text("span", "for; strongest: the largest value of the method. Point at a word for its number."),
                decision.For is null ? null : Html.Text("span", "explained").WithClass("target"),
                decision.Against?.Tokens is null ? null : Html.Text("span", "compared with").WithClass("other")
            )
            .WithClass("legend");
}
