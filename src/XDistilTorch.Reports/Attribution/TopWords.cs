using System.Globalization;
using System.Xml.Linq;
using XDistilTorch.Inspection.Attribution;

namespace XDistilTorch.Reports.Attribution;

/// <summary>The words that speak most for the target, and those that speak most against it, side by side: the heat map for who does not see its colours.</summary>
internal static class TopWords
{
    public static XElement Of(AttributionResult result, TokenAttribution attribution, int top)
    {
        (TokenUnit Unit, double Value)[] values =
        [
            .. result.Units.Select(unit => (Unit: unit, Value: unit.ValueIn(attribution))).OrderByDescending(each => Math.Abs(each.Value)),
        ];
        var largest = HeatMap.Largest(values.Select(each => each.Value));
        var all = values.Sum(each => Math.Abs(each.Value));
        XElement Side(string name, Func<double, bool> belongs)
        {
            (TokenUnit Unit, double Value)[] those = [.. values.Where(each => belongs(each.Value)).Take(top)];
            return those.Length == 0
                ? Html.Element("p", Html.Text("b", $"{name}: "), "none")
                : Html.Element("table", Html.Text("caption", name), Head(), Body(those, result, largest, all));
        }
        return Html.Element("div", Side("Most for", value => value > 0), Side("Most against", value => value < 0)).WithClass("sides");
    }

    private static XElement Head() =>
        Html.Element("thead", Html.Element("tr", new[] { "", "value", "of all", "" }.Select(head => Html.Text("th", head))));

    private static XElement Body(
        IEnumerable<(TokenUnit Unit, double Value)> values,
        AttributionResult result,
        double largest,
        double all
    ) =>
        Html.Element(
            "tbody",
            values.Select(each =>
                Html.Element(
                    "tr",
                    Html.Element("td", Name(each.Unit, result)),
                    Html.Text("td", Shade.Signed(each.Value)),
                    Html.Text("td", Html.Number(Math.Abs(each.Value) / all, "0.0 %")),
                    Html.Element("td", Bar(each.Value, largest)).WithClass("bars")
                )
            )
        );

    // A word that stands there several times is told by its neighbours.
    private static IEnumerable<object> Name(TokenUnit unit, AttributionResult result)
    {
        var (window, units) = (result.Decision.Window, result.Units);
        var (text, at) = (unit.TextIn(window), units.ToList().IndexOf(unit));
        XElement? Beside(int other) =>
            other >= 0 && other < units.Count && units[other].InContext == unit.InContext
                ? Html.Text("span", units[other].TextIn(window)).WithClass("quiet")
                : null;
        var isAlone = units.Count(other => other.InContext == unit.InContext && other.TextIn(window) == text) == 1;
        if (!isAlone && Beside(at - 1) is { } before)
            yield return new[] { before, (object)" " };
        yield return Html.Text("span", text);
        if (!isAlone && Beside(at + 1) is { } after)
            yield return new[] { (object)" ", after };
        if (!unit.InContext)
            yield return Html.Text("span", " (question)").WithClass("quiet");
    }

    private static XElement Bar(double value, double largest)
    {
        var bar = Html.Text("span", "").WithClass($"bar {(value > 0 ? "for" : "against")}");
        bar.SetAttributeValue("style", string.Create(CultureInfo.InvariantCulture, $"--v:1;width:{100 * Math.Abs(value) / largest:0.#}%"));
        return bar;
    }
}
