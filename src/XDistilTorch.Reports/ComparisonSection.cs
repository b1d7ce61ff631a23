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
        yield return Html.Table(
            ["", "difference", "from", "to", "p"],
            [Row("exact", comparison.Exact, comparison.ExactPValue), Row("F1", comparison.F1, comparison.F1PValue)]
        );
        var test = comparison.McNemar;
        yield return Html.Text(
            "p",
            FormattableString.Invariant(
                $"Only these are right on {test.OnlyFirst} questions, only the others on {test.OnlySecond}; McNemar's exact test: p = {test.PValue:0.####}."
            )
        );
    }

    private static string[] Row(string name, BootstrapInterval interval, double p) =>
        [name, Html.Number(interval.Mean), Html.Number(interval.Lower), Html.Number(interval.Upper), Html.Number(p, "0.####")];
}
