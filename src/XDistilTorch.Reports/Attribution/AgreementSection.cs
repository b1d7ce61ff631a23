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
            Html.Element("div", Ranks(pairs), Tops(pairs)).WithClass("plots")
        );
    }

    private static XElement Ranks(IReadOnlyList<AttributionAgreement> pairs) =>
        Matrix("Spearman's rank correlation, -1 to 1", pairs, pair => pair.Spearman);

    private static XElement Tops(IReadOnlyList<AttributionAgreement> pairs) =>
        Matrix("Share of the top 10 that both have, 0 to 1", pairs, pair => pair.TopOverlap);

    // The half above the diagonal: the other one says the same.
    private static XElement Matrix(string name, IReadOnlyList<AttributionAgreement> pairs, Func<AttributionAgreement, double?> figure)
    {
        string[] methods = [.. pairs.SelectMany(pair => new[] { pair.First, pair.Second }).Distinct(StringComparer.Ordinal)];
        double? Between(string one, string other) =>
            pairs.FirstOrDefault(pair => (pair.First, pair.Second) == (one, other) || (pair.Second, pair.First) == (one, other))
                is { } found
                ? figure(found)
                : null;
        return HeatTable.Of(
            name,
            "",
            methods[1..],
            [
                .. methods[..^1]
                    .Select(
                        (one, row) =>
                            (
                                one,
                                (IReadOnlyList<double?>)
                                    [.. methods[1..].Select((other, column) => column < row ? null : Between(one, other))]
                            )
                    ),
            ],
            value => Html.Number(value),
            most: 1
        );
    }
}
