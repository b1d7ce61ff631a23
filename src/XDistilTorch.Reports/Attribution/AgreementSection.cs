using System.Xml.Linq;
using XDistilTorch.Inspection.Attribution;

namespace XDistilTorch.Reports.Attribution;

/// <summary>How far the methods agree.</summary>
internal static class AgreementSection
{
    public static IEnumerable<XElement> Of(IReadOnlyList<AttributionAgreement> pairs)
    {
        if (pairs.Count == 0)
            yield break;
        yield return Html.Element(
            "section",
            Html.Text("h2", "Do the methods agree?"),
            Html.Text("p", $"Over the tokens of the text. Shows that {AttributionAgreement.Shows}").WithClass("quiet"),
            Html.Element("div", Ranks(pairs), Tops(pairs)).WithClass("sides")
        );
    }

    private static XElement Ranks(IReadOnlyList<AttributionAgreement> pairs) =>
        Matrix("Spearman's rank correlation, -1 to 1", pairs, pair => pair.Spearman, 1);

    private static XElement Tops(IReadOnlyList<AttributionAgreement> pairs) =>
        Matrix("Share of the top 10 that both have, 0 to 1", pairs, pair => pair.TopOverlap, 1);

    private static XElement Matrix(
        string name,
        IReadOnlyList<AttributionAgreement> pairs,
        Func<AttributionAgreement, double?> figure,
        double largest
    )
    {
        string[] methods = [.. pairs.SelectMany(pair => new[] { pair.First, pair.Second }).Distinct(StringComparer.Ordinal)];
        double? Between(string one, string other) =>
            pairs.FirstOrDefault(pair => (pair.First, pair.Second) == (one, other) || (pair.Second, pair.First) == (one, other))
                is { } found
                ? figure(found)
                : null;
        XElement Cell(string one, string other) =>
            one == other ? Html.Text("td", "")
            : Between(one, other) is { } value ? Html.Text("td", Html.Number(value)).Shaded(value, largest)
            : Html.Text("td", "-");
        return Html.Element(
            "table",
            Html.Text("caption", name),
            Html.Element("thead", Html.Element("tr", methods[1..].Prepend("").Select(method => Html.Text("th", method)))),
            Html.Element(
                "tbody",
                methods[..^1]
                    .Select(
                        (one, row) =>
                            Html.Element(
                                "tr",
                                Html.Text("th", one),
                                methods[1..].Select((other, column) => column < row ? Html.Text("td", "") : Cell(one, other))
                            )
                    )
            )
        );
    }
}
