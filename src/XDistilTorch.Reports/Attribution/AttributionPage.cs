using System.Xml.Linq;
using XDistilTorch.Inspection;
using XDistilTorch.Inspection.Attribution;

namespace XDistilTorch.Reports.Attribution;

/// <summary>
/// What speaks for an answer, as one HTML page that needs nothing else: no network, no script, no installed font. Light or dark as the reader's system is. The same
/// result gives the same bytes.
/// </summary>
public static class AttributionPage
{
    /// <summary>The page: the texts as heat maps, method by method, with the words that count most, curves and agreement where they were asked for.</summary>
    /// <param name="result">What the methods say.</param>
    /// <param name="question">The question that it is about, answered.</param>
    /// <param name="top">How many words are listed for, and how many against.</param>
    public static string Render(AttributionResult result, InspectedQuestion question, int top = 10)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(question);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        return PageFrame.Render(
            $"Why this answer? {result.Decision.Window.Question}",
            Sections(result, question, top),
            PageStyle.Css + AttributionStyle.Css
        );
    }

    private static IEnumerable<XElement> Sections(AttributionResult result, InspectedQuestion question, int top) =>
        [
            .. DecisionHeadline.Of(result, question),
            .. result.Methods.Select(method => MethodSection.Of(method, result, top)),
            .. FaithfulnessSection.Of(result),
            .. AgreementSection.Of(result.Agreement),
            UnitTable.Of(result),
        ];
}
