using XDistilTorch.Inspection;
using XDistilTorch.Reports.Attention;

namespace XDistilTorch.Reports;

/// <summary>
/// The attention of all heads over one or several windows as one HTML page to look around in, which needs nothing else: no network, no installed font. Values are
/// rounded as the page says, so that a window of 384 tokens with 144 heads takes 7 to 12 MB; a page holds <see cref="MaxCharacters"/>.
/// </summary>
public sealed class AttentionPage
{
    /// <summary>How large the maps of a page may be in all, in characters, which are bytes: browsers open this much at once.</summary>
    public const long MaxCharacters = 48_000_000;

    internal long Limit { get; init; } = MaxCharacters;

    private readonly InspectedQuestion question;
    private readonly InspectedTarget target;
    private readonly string model;
    private readonly List<PackedWindow> windows = [];
    private long characters;

    /// <summary>Begins a page.</summary>
    /// <param name="question">The question, with its windows and the model's answer.</param>
    /// <param name="target">What is looked at; its window is the one that the page shows first.</param>
    /// <param name="model">What the model is called.</param>
    public AttentionPage(InspectedQuestion question, InspectedTarget target, string model)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(model);
        (this.question, this.target, this.model) = (question, target, model);
    }

    /// <summary>Adds a window.</summary>
    /// <param name="window">One of the question's, not added before.</param>
    /// <param name="recording">The attention over it.</param>
    /// <param name="heads">Which heads of each layer, from 0; null: all.</param>
    /// <param name="more">How many windows of this size are to follow: if they will not fit, it is told now.</param>
    /// <exception cref="ReportException">The page is full: fewer windows, layers or heads fit. Or the recording holds something that is no attention.</exception>
    /// <exception cref="InspectionException">The recording has no such head.</exception>
    public void Add(InspectedWindow window, AttentionRecording recording, IEnumerable<int>? heads = null, int more = 0)
    {
        ArgumentNullException.ThrowIfNull(window);
        ArgumentNullException.ThrowIfNull(recording);
        int[]? chosen = heads is null ? null : [.. heads.Distinct().Order()];
        (int, int)[] maps =
        [
            .. recording.Layers.SelectMany(layer =>
                (chosen ?? Enumerable.Range(0, recording.Heads(layer)))
                    .Where(head => !IsPruned(recording, layer, head))
                    .Select(head => (layer, head))
            ),
        ];
        Add(window, maps, (layer, head) => recording.Matrix(layer, head), more);
    }

    // Not here, but in another layer; a head that no layer has is the caller's mistake.
    private static bool IsPruned(AttentionRecording recording, int layer, int head) =>
        head >= recording.Heads(layer) && recording.Layers.Any(other => head < recording.Heads(other));

    internal void Add(InspectedWindow window, IReadOnlyList<(int Layer, int Head)> maps, Func<int, int, float[]> matrix, int more = 0)
    {
        var packed = PackedWindow.Of(new InspectedTarget(window, InThis(window)), maps, matrix);
        var expected = characters + (1 + more) * packed.Characters;
        if (expected > Limit)
            throw new ReportException(
                FormattableString.Invariant(
                    $"the maps of {Html.Counted(windows.Count + 1 + more, "window")} take {expected / 1e6:0.0} MB, and a page holds {Limit / 1e6:0.#} MB. Choose windows of the {question.Windows.Count} (--windows, or --window for one), or fewer layers or heads (--layers, --heads)."
                )
            );
        characters += packed.Characters;
        windows.Add(packed);
    }

    /// <summary>The page.</summary>
    /// <exception cref="InvalidOperationException">No window was added.</exception>
    public string Render()
    {
        if (windows.Count == 0)
            throw new InvalidOperationException("the page has no window; add one before it is rendered.");
        var opened = windows.FindIndex(window => window.Data.Number == target.Window.Tokens.Index);
        var data = new AttentionPageData(ScaleData.Current, [.. windows.Select(window => window.Data)], Math.Max(opened, 0));
        return PageFrame.Render(
            "Attention",
            AttentionSections.Of(question.Answer, target, model, windows, data),
            PageAssets.Css,
            AttentionSections.NoNetwork
        );
    }

    // The span that is looked at, in windows that hold all of it.
    private TokenSpan? InThis(InspectedWindow window) => target.Place is { } place ? window.Find(place) : null;
}
