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
        return PageFrame.Render($"Evaluation of {report.Name}", Sections(report, data));
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
