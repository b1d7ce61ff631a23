using System.Xml.Linq;
using XDistilTorch.Evaluation;

namespace XDistilTorch.Reports;

/// <summary>The predictions beside others.</summary>
internal static class ComparisonSection
{
    public static IEnumerable<XElement> Of(EvaluationReport report)
    {
        if (report.Comparison is not { } comparison)
            yield break;
        yield return Html.Text("h2", $"Compared with {report.ComparedWith}");
        yield return Html.Text(
            "p",
            FormattableString.Invariant($"{comparison.Total:N0} questions; differences are the other predictions minus these.")
        );
        yield return Differences(comparison);
        yield return McNemar(comparison, "these are", "the others");
    }

    /// <summary>The differences with their intervals.</summary>
    public static XElement Differences(PairedComparison comparison) =>
        Html.Table(
            ["", "difference", "from", "to", "p"],
            [Row("exact", comparison.Exact, comparison.ExactPValue), Row("F1", comparison.F1, comparison.F1PValue)]
        );

    /// <summary>The test in a sentence.</summary>
    /// <param name="comparison">The two sets of answers.</param>
    /// <param name="first">The first set, with its verb.</param>
    /// <param name="second">The second one.</param>
    public static XElement McNemar(PairedComparison comparison, string first, string second)
    {
        var test = comparison.McNemar;
        return Html.Text(
            "p",
            FormattableString.Invariant(
                $"Only {first} right on {test.OnlyFirst} questions, only {second} on {test.OnlySecond}; McNemar's exact test: p {(IsTiny(test.PValue) ? P(test.PValue) : "= " + P(test.PValue))}."
            )
        );
    }

    private static string[] Row(string name, BootstrapInterval interval, double p) =>
        [name, Html.Number(interval.Mean), Html.Number(interval.Lower), Html.Number(interval.Upper), P(p)];

    // Rounded to 0 it would say what no test can.
    private static string P(double value) => IsTiny(value) ? "< 0.0001" : Html.Number(value, "0.####");

    private static bool IsTiny(double p) => p < 0.0001;
}
