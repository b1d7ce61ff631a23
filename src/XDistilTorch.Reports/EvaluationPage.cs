using System.Xml.Linq;
using XDistilTorch.Evaluation;

namespace XDistilTorch.Reports;

/// <summary>
/// An evaluation as one HTML page that needs nothing else: no network, no script, no installed font. The same report gives the same bytes.
/// </summary>
public static class EvaluationPage
{
    /// <summary>The page.</summary>
    /// <param name="report">The evaluation.</param>
    /// <param name="data">What the data are called.</param>
    public static string Render(EvaluationReport report, string data)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(data);
        return Html.Page(
            Html.Element(
                "html",
                new XAttribute("lang", "en"),
                Html.Element(
                    "head",
                    Html.Element("meta", new XAttribute("charset", "utf-8")),
                    Html.Element(
                        "meta",
                        new XAttribute("name", "viewport"),
                        new XAttribute("content", "width=device-width, initial-scale=1")
                    ),
                    Html.Text("title", $"Evaluation of {report.Name}"),
                    Html.Element("style", PageStyle.Css)
                ),
                Html.Element("body", Sections(report, data))
            )
        );
    }

    private static IEnumerable<XElement> Sections(EvaluationReport report, string data) =>
        [
            .. FigureSections.Headline(report, data),
            .. ComparisonSection.Of(report),
            .. PlotSections.Scores(report),
            .. PlotSections.Calibration(report.Calibration, report.Questions),
            .. PlotSections.Breakdowns(report.Breakdowns),
            .. ErrorSection.Of(report),
        ];
}
