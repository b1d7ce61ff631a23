using System.Globalization;
using System.Xml.Linq;
using XDistilTorch.Inspection.Attribution;

namespace XDistilTorch.Reports.Attribution;

/// <summary>Every word with what every method gives it, to be opened.</summary>
internal static class UnitTable
{
    public static XElement Of(AttributionResult result)
    {
        var window = result.Decision.Window;
        return Html.Element(
            "section",
            Html.Element(
                "details",
                Html.Text("summary", "All values"),
                Html.Element(
                        "div",
                        Html.Table(
                            result.Methods.Select(method => method.Attribution.Method).Prepend("in").Prepend(""),
                            result.Units.Select(unit =>
                                result
                                    .Methods.Select(method =>
                                        unit.ValueIn(method.Attribution).ToString("+0.0000;-0.0000;0", CultureInfo.InvariantCulture)
                                    )
                                    .Prepend(unit.InContext ? "text" : "question")
                                    .Prepend(unit.TextIn(window))
                            )
                        )
                    )
                    .WithClass("scroll")
            )
        );
    }
}
