using System.Globalization;
using System.Xml.Linq;
using XDistilTorch.Inspection.Attribution;

namespace XDistilTorch.Reports.Attribution;

/// <summary>What one method says.</summary>
internal static class MethodSection
{
    private const double LargeError = 0.01;

    public static XElement Of(MethodResult method, AttributionResult result, int top) =>
        Html.Element(
            "section",
            Html.Text("h2", Capitalised(method.Attribution.Method)),
            Html.Text("p", $"Asked {method.Setting}. Shows {method.Shows}").WithClass("quiet"),
            HeatMap.Of(result, method.Attribution),
            TopWords.Of(result, method.Attribution, top),
            method.Terms is { } terms ? DirectTermsTable.Of(terms) : Completeness(method.Attribution)
        );

    private static IEnumerable<XElement> Completeness(TokenAttribution values)
    {
        if (values.CompletenessError is not { } error)
            yield break;
        var relative = values.RelativeCompletenessError;
        var share = relative is { } part ? string.Create(CultureInfo.InvariantCulture, $", {part * 100:0.###} %") : "";
        yield return Html.Text(
            "p",
            $"All values together {Shade.Signed(values.Sum)}; the score {Shade.Signed(values.TargetValue)} minus the baseline's {Shade.Signed(values.BaselineValue!.Value)} is {Shade.Signed(values.TargetValue - values.BaselineValue.Value)}. Completeness error: {Html.Number(Math.Abs(error), "0.0000")}{share}."
        );
        if (relative > LargeError)
            yield return Html.Text("p", "The error is above 1 %: more steps (--steps) make it smaller.").WithClass("note");
    }

    private static string Capitalised(string name) => char.ToUpperInvariant(name[0]) + name[1..];
}
