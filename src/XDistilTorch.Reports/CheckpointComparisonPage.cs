using System.Xml.Linq;
using XDistilTorch.Inspection.Comparison;
using XDistilTorch.Reports.Checkpoints;

namespace XDistilTorch.Reports;

/// <summary>
/// Two checkpoints side by side as one HTML page that needs nothing else: no network, no script, no installed font. The same summary gives the same bytes.
/// </summary>
public static class CheckpointComparisonPage
{
    /// <summary>The page.</summary>
    /// <param name="summary">The comparison.</param>
    /// <param name="before">The folder of the model before.</param>
    /// <param name="after">The folder of the model after.</param>
    /// <param name="data">What the questions are called.</param>
    public static string Render(ComparisonSummary summary, string before, string after, string data)
    {
        ArgumentNullException.ThrowIfNull(summary);
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        ArgumentNullException.ThrowIfNull(data);
        var (was, now) = (NameOf(before), NameOf(after));
        if (was == now && before != after)
            (was, now) = (before, after); // two folders of one name: the paths tell them apart
        return PageFrame.Render($"{was} and {now}", Sections(summary, was, now, data));
    }

    private static IEnumerable<XElement> Sections(ComparisonSummary summary, string before, string after, string data) =>
        [
            .. CheckpointHeadline.Of(summary, before, after, data),
            .. InsideSections.HiddenStates(summary),
            .. InsideSections.Attention(summary),
            .. MovementSection.Of(summary),
            .. ComparedAnswerSections.Changed(summary),
            .. ComparedAnswerSections.Extremes(summary),
        ];

    private static string NameOf(string folder) =>
        Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)) is { Length: > 0 } name ? name : folder;
}
