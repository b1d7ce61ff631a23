using System.Xml.Linq;
using XDistilTorch.Evaluation;

namespace XDistilTorch.Reports;

/// <summary>The official figures, the first two large.</summary>
internal static class FigureSections
{
    public static IEnumerable<XElement> Headline(EvaluationReport report, string data)
    {
        yield return Html.Text("h1", report.Name);
        var version = report.Squad2 is null ? "1.1" : "2.0";
        yield return Html.Text(
                "p",
                FormattableString.Invariant($"on {data}, {report.Questions.Count:N0} questions, metric of SQuAD {version}")
            )
            .WithClass("quiet");
        yield return Card.Row(Score("exact match", report.Exact), Score("F1", report.F1));
        yield return Html.Text(
                "p",
                FormattableString.Invariant(
                    $"Below: {report.Exact.Level:0 %} bootstrap interval, {report.Resamples:N0} resamples of the questions, seed {report.Seed}."
                )
            )
            .WithClass("quiet");
        foreach (var note in report.Notes)
            yield return Html.Text("p", note).WithClass("note");
        yield return Html.Text("h2", "Official figures");
        yield return Html.Table(
            ["key", "value"],
            Rows(report).Where(row => row.Value is not null).Select(row => new[] { row.Name, row.Value! })
        );
    }

    private static XElement Score(string name, BootstrapInterval interval) =>
        Card.Of(name, Html.Number(interval.Mean), $"{Html.Number(interval.Lower)} to {Html.Number(interval.Upper)}");

    private static IEnumerable<(string Name, string? Value)> Rows(EvaluationReport report)
    {
        foreach (var (name, value) in report.OfficialFigures)
            yield return (name, Html.Number(value, name.EndsWith("total", StringComparison.Ordinal) ? "0" : "0.0000"));
        if (report.NoAnswerThreshold is { } threshold)
            yield return ("no-answer threshold applied", Html.Number(threshold, "0.####"));
    }
}
