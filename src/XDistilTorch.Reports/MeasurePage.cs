using System.Globalization;
using System.Xml.Linq;
using XDistilTorch.Inspection;
using XDistilTorch.Inspection.OverData;

namespace XDistilTorch.Reports;

/// <summary>
/// What a measure gives over many questions as one HTML page that needs nothing else: no network, no script, no installed font. The same summary gives the same bytes, and more
/// questions no longer page.
/// </summary>
public static class MeasurePage
{
    /// <summary>The page.</summary>
    /// <param name="summary">The measure over the questions.</param>
    /// <param name="data">What the data are called.</param>
    public static string Render(MeasureSummary summary, string data)
    {
        ArgumentNullException.ThrowIfNull(summary);
        ArgumentNullException.ThrowIfNull(data);
        return PageFrame.Render($"{Title(summary)} over {data}", [.. Headline(summary, data), .. Figures(summary)]);
    }

    private static string Title(MeasureSummary summary) => Capital(summary.Description.Name);

    private static IEnumerable<XElement> Headline(MeasureSummary summary, string data)
    {
        yield return Html.Text("h1", Title(summary));
        yield return Html.Text("p", $"over {data}: {Html.Counted(summary.Questions, "question")}").WithClass("quiet");
        var errors = summary.Errors.Values.Sum();
        yield return Card.Row(
            Card.Of("measured", Html.Counted(summary.Questions, "question"), "one window each: that of the answer"),
            Card.Of("no answer", Number(summary.WithoutAnswer), "what is explained is that decision, unless a span was named"),
            Card.Of(
                "not measured",
                Number(errors),
                errors == 0 ? "" : string.Join(", ", summary.Errors.Select(e => $"{e.Key} {Number(e.Value)}"))
            )
        );
        foreach (var sentence in summary.Description.Shows)
            yield return Html.Text("p", sentence).WithClass("note");
        if (summary.Questions > Distribution.MostKept)
            yield return Html.Text(
                    "p",
                    $"Means, least and greatest values are of all questions; quantiles and histograms of a random sample of {Number(Distribution.MostKept)} of them."
                )
                .WithClass("quiet");
    }

    private static IEnumerable<XElement> Figures(MeasureSummary summary)
    {
        var extremes = summary.Extremes;
        var number = 0;
        foreach (var described in summary.Description.Figures)
        {
            var found = summary.Figures.Where(figure => figure.Key.Figure == described.Figure).ToList();
            if (found.Count == 0)
                continue;
            yield return Html.Text("h2", Capital(described.Words));
            foreach (var element in MeasureSection.Of(found, $"figure-{number++}"))
                yield return element;
            foreach (var element in MeasureExamples.Of(extremes.Where(each => each.Key.Figure == described.Figure)))
                yield return element;
        }
    }

    private static string Capital(string words) => char.ToUpperInvariant(words[0]) + words[1..];

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
