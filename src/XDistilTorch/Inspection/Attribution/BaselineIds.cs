using XDistilTorch.Windows;

namespace XDistilTorch.Inspection.Attribution;

/// <summary>A window that says nothing: every token of question and context replaced by one, <c>[CLS]</c> and <c>[SEP]</c> where they were.</summary>
public static class BaselineIds
{
    /// <summary>The ids, S.</summary>
    /// <param name="window">The window.</param>
    /// <param name="replacement">The id in place of every token, usually that of <c>[PAD]</c> or <c>[MASK]</c>.</param>
    public static IReadOnlyList<int> Of(TokenWindow window, int replacement)
    {
        ArgumentNullException.ThrowIfNull(window);
        return [.. window.Ids.Select((id, i) => window.SequenceIds[i] < 0 ? id : replacement)];
    }
}
