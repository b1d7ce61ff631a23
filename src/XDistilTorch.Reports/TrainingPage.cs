using System.Xml.Linq;
using XDistilTorch.Training;

namespace XDistilTorch.Reports;

/// <summary>
/// A training as one HTML page that needs nothing else: no network, no script, no installed font. The same outcome gives the same bytes, and a long training no
/// longer page.
/// </summary>
public static class TrainingPage
{
    /// <summary>The page. Sections about development questions are there where there were any.</summary>
    /// <param name="outcome">The training.</param>
    public static string Render(TrainingOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        return PageFrame.Render($"Training of {outcome.Name}", Sections(outcome));
    }

    private static IEnumerable<XElement> Sections(TrainingOutcome outcome) =>
        [
            .. TrainingHeadline.Of(outcome),
            .. TrainingCurves.Of(outcome),
            .. EvaluationTable.Of(outcome),
            .. TrainingSettings.Of(outcome),
            .. ChangedSection.Of(outcome),
        ];
}
