using System.Xml.Linq;
using XDistilTorch.Inspection.Attribution;
using XDistilTorch.Reports.Plots;

namespace XDistilTorch.Reports.Attribution;

/// <summary>Insertion and deletion curves of the methods beside those of random orders.</summary>
internal static class FaithfulnessSection
{
    public static IEnumerable<XElement> Of(AttributionResult result)
    {
        if (result.RandomCurves is not { } random)
            yield break;
        (string Name, FaithfulnessCurves Curves)[] all =
        [
            .. result.Methods.Select(method => (method.Attribution.Method, method.Curves!)),
            ($"{InsertionDeletion.RandomOrders} random orders", random),
        ];
        yield return Html.Element(
            "section",
            Html.Text("h2", "Does the answer hang on these words?"),
            Html.Text("p", $"Shows {InsertionDeletion.Shows}").WithClass("quiet"),
            PlotFigure.Row([
                PlotFigure.Of(
                    FaithfulnessPlots.Of([.. all.Select(each => (each.Name, each.Curves.Deletion))], "tokens masked, the first ones first"),
                    "deletion",
                    "Deletion: the answer's probability, as a part of that in the whole text, while the tokens that a method puts first are masked. Lower is better."
                ),
                PlotFigure.Of(
                    FaithfulnessPlots.Of([.. all.Select(each => (each.Name, each.Curves.Insertion))], "tokens shown, the first ones first"),
                    "insertion",
                    "Insertion: the same while only those tokens are shown. Higher is better."
                ),
            ]),
            Areas(all)
        );
    }

    // The plots' legend too: inside of them it would hide curves.
    private static XElement Areas((string Name, FaithfulnessCurves Curves)[] all) =>
        Html.Element(
            "table",
            Html.Element(
                "thead",
                Html.Element("tr", new[] { "area under the curve", "insertion", "deletion" }.Select(head => Html.Text("th", head)))
            ),
            Html.Element(
                "tbody",
                all.Select(
                    (each, i) =>
                        Html.Element(
                            "tr",
                            Html.Element("td", Key(i, all.Length), each.Name),
                            Html.Text("td", Html.Number(each.Curves.InsertionArea, "0.000")),
                            Html.Text("td", Html.Number(each.Curves.DeletionArea, "0.000"))
                        )
                )
            )
        );

    private static XElement Key(int curve, int curves)
    {
        var (color, sign) = FaithfulnessPlots.Key(curve, curves);
        var key = Html.Text("span", sign).WithClass("key");
        key.SetAttributeValue("style", $"color:{color}");
        return key;
    }
}
